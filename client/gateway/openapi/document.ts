import { z } from 'zod';
import { errorAnswer } from '../../answers/failures.ts';
import { versionHeader } from '../../../domain/contract/gateway.ts';
import { requestIdHeader } from '../request-id.ts';
import { errorCodes, errorsOf, statusesOfFailures } from './operation.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

export type Json = Record<string, unknown>;

const about = `What the \`slipway\` command says to the gateway, for other programs. Bodies are JSON, times milliseconds since 1970 (UTC), durations
end in \`Ms\`. \`Authorization: Bearer TOKEN\` names the person, or the session of a browser does ([logging in](login.md#with-a-browser)): then each POST comes from a page of the gateway, with \`x-slipway-csrf: 1\`. Fields are only ever added within v1: pass over those that you do not know,
and expect words that you do not know. Each answer names its request in \`${requestIdHeader}\`: as the request did, if that was up to 128 letters, digits, \`.\`, \`_\` and \`-\`. An answer to a known token says in \`${versionHeader}\` of which version the gateway is. Other methods than GET, HEAD and POST are answered with 405, \`method-not-allowed\`.`;

/** OpenAPI 3.1 of all operations: the same for every installation, so that there is nothing in it to hide. */
export function openApiDocument(): Json {
  const shared = new Shared();
  const paths: Record<string, Json> = {};
  for (const { title, operations: group } of operations)
    for (const operation of group) {
      const item = (paths[operation.path.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
      item[operation.method.toLowerCase()] = operationDocument(operation, title, shared);
    }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Slipway gateway',
      version: 'v1',
      description: about,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: operations.map(({ title }) => ({ name: title })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-slipway' },
      },
      schemas: shared.schemas(),
    },
  };
}

let text: string | undefined;

/** The same as text, made once. */
export function openApiText(): string {
  return (text ??= JSON.stringify(openApiDocument()));
}

/** Schemas with a name, each once. */
class Shared {
  readonly #named = new Map<string, unknown>();

  /** What is said of one, its named parts by reference. */
  of(schema: z.ZodType): Json {
    const { $schema: _schema, $defs = {}, ...own } = z.toJSONSchema(schema, { io: 'input' }) as Json & { $defs?: Json };
    for (const [name, part] of Object.entries($defs)) this.#named.set(name, referring(part));
    return referring(own) as Json;
  }

  schemas(): Json {
    return Object.fromEntries([...this.#named].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function referring(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(referring);
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]: [string, unknown]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : referring(inner),
    ]),
  );
}

function operationDocument(operation: Operation, tag: string, shared: Shared): Json {
  const { id, about: summary, notes, open, needs, body, answers, example } = operation;
  const right = needs === 'nothing' ? [] : [`Needs the right \`${needs}\`.`];
  const description = [...(notes === undefined ? [] : [notes]), ...right].join(' ');
  return {
    operationId: id,
    summary,
    ...(description !== '' && { description }),
    tags: [tag],
    ...(open && { security: [] }),
    ...(hasParameters(operation) && { parameters: parametersOf(operation, shared) }),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: shared.of(body), example: example.body } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { schema, when, type = 'application/json' }], nth) => [
          status,
          {
            description: when,
            ...(type !== 'nothing' && {
              content: {
                [type]: { schema: shared.of(schema), ...(nth === 0 && { example: example.answer }) },
              },
            }),
          },
        ]),
      ),
      ...errorResponses(operation, shared),
    },
  };
}

const hasParameters = ({ parameters, query }: Operation) => parameters !== undefined || query !== undefined;

function parametersOf({ parameters = {}, query }: Operation, shared: Shared): Json[] {
  const ofPath = Object.entries(parameters).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));
  const { properties = {}, required = [] } = (query ? shared.of(query) : {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const ofQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema,
  }));
  return [...ofPath, ...ofQuery];
}

function errorResponses(operation: Operation, shared: Shared): Json {
  const said = new Map<number, string[]>();
  const add = (status: number, words: string) => said.set(status, [...(said.get(status) ?? []), words]);
  for (const code of errorsOf(operation)) {
    const { statuses, says } = errorCodes[code];
    for (const status of statuses)
      if (operation.body || ![413, 415].includes(status)) add(status, `\`${code}\`: ${says}`);
  }
  if (operation.failures) for (const status of statusesOfFailures) add(status, '`SLIP-…`: see docs/errors.md');
  const schema = shared.of(errorAnswer);
  return Object.fromEntries(
    [...said].map(([status, words]) => [
      status,
      { description: `${words.join('; ')}.`, content: { 'application/json': { schema } } },
    ]),
  );
}
