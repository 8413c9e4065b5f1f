import { writeFile } from 'node:fs/promises';
import { openApiDocument } from '../client/gateway/openapi/document.ts';
import type { Json } from '../client/gateway/openapi/document.ts';
import { errorCodes, errorsOf } from '../client/gateway/openapi/operation.ts';
import type { Operation } from '../client/gateway/openapi/operation.ts';
import { operations } from '../client/gateway/openapi/operations.ts';
import { fenced, fieldRows, fieldsHead, namedParts, row, typeOf } from './docs/fields.ts';
import type { Schema } from './docs/fields.ts';

const document = openApiDocument();

/** The text of docs/openapi.json. */
export function openApiFile(): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The text of docs/http-api.md. */
export function httpApiDocs(): string {
  const { schemas } = document['components'] as { schemas: Record<string, Schema> };
  const lines = [
    head(),
    ...operations.flatMap(({ title, operations: group }) => [`## ${title}`, '', ...group.flatMap(operationLines)]),
    '## Parts of answers',
    '',
    'A `?` behind a name: it may be absent.',
    '',
    ...namedParts(schemas),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function head(): string {
  const { description } = document['info'] as { description: string };
  const codes = Object.entries(errorCodes).map(([code, { statuses, says }]) =>
    row(`\`${code}\``, statuses.join(', '), says),
  );
  return `# HTTP API

Made from the gateway's own schemas by \`node scripts/generate-http-api-docs.ts\`: change those, not this file. The same as OpenAPI 3.1 is
[openapi.json](openapi.json), and each gateway has it at \`GET /openapi.json\`.

${description}

In the examples \`$SLIPWAY_GATEWAY\` is the address of a gateway, and \`$SLIPWAY_TOKEN\` your token.

## Errors

\`{"error": {"code", "message", "next"?, …}}\`: see [Error](#error). The codes of failures, \`SLIP-…\`, are in [errors.md](errors.md): 409 not as
things stand, 422 a mistake in slipway.yaml or the policy, with \`problems\`, 503 away for a while. The others:

| Code | Status | What |
|---|---|---|
${codes.join('\n')}
`;
}

function operationLines(operation: Operation): string[] {
  const { about, method, path, notes, open, answers, example, parameters, failures } = operation;
  const documented = documentedAt(operation);
  const errors = errorsOf(operation).map((code) => `\`${code}\``);
  return [
    `### ${about}`,
    '',
    `\`${method} ${path}\`${open ? ', without a token' : withRight(operation)}`,
    '',
    ...(notes ? [notes, ''] : []),
    ...(parameters || operation.query ? [...parameterLines(documented), ''] : []),
    ...bodyLines(documented),
    ...fenced('sh', curl(operation)),
    '',
    ...Object.entries(answers).map(([status, { when }]) => `${status}: ${answerOf(documented, status)}${when}`),
    '',
    ...(example.answer === null
      ? []
      : typeof example.answer === 'string'
        ? [...fenced('text', example.answer.trimEnd()), '']
        : [...fenced('json', JSON.stringify(example.answer, null, 2)), '']),
    `Refused with ${[...errors, ...(failures ? ['`SLIP-…`'] : [])].join(', ')}.`,
    '',
  ];
}

function withRight({ needs }: Operation): string {
  return needs === 'nothing' ? '' : `, with the right \`${needs}\``;
}

interface Documented {
  parameters?: { name: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Json };
  responses: Record<string, { content?: Json }>;
}

function documentedAt({ path, method }: Operation): Documented {
  const paths = document['paths'] as Record<string, Record<string, Documented>>;
  return paths[path.replaceAll(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!;
}

/** Each has one form. */
const schemaIn = (content: Json): Schema => (Object.values(content)[0] as { schema: Schema }).schema;

function parameterLines({ parameters = [] }: Documented): string[] {
  const rows = parameters.map(({ name, required, description = '', schema }) =>
    row(`\`${name}${required ? '' : '?'}\``, typeOf(schema), description),
  );
  return ['| In the address | What | |', '|---|---|---|', ...rows];
}

function bodyLines({ requestBody }: Documented): string[] {
  if (!requestBody) return [];
  const rows = fieldRows(schemaIn(requestBody.content));
  return rows.length === 0 ? ['The body is `{}`.', ''] : [...fieldsHead, ...rows, ''];
}

function answerOf({ responses }: Documented, status: string): string {
  const { content } = responses[status]!;
  return content ? `${typeOf(schemaIn(content))}. ` : '';
}

/** What sends the example. */
function curl({ method, path, open, answers, example }: Operation): string {
  const { parameters = {}, query, body } = example;
  const address = path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(parameters[name]!));
  const search = query ? `?${new URLSearchParams(query).toString()}` : '';
  const isStream = Object.values(answers).some(({ type }) => type === 'text/event-stream');
  return [
    `curl ${isStream ? '--no-buffer ' : ''}${method === 'POST' ? '-X POST ' : ''}"$SLIPWAY_GATEWAY${address}${search}"`,
    ...(open ? [] : ['-H "Authorization: Bearer $SLIPWAY_TOKEN"']),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`]),
  ].join(' \\\n  ');
}

if (import.meta.main) {
  await writeFile(new URL('../docs/openapi.json', import.meta.url), openApiFile());
  await writeFile(new URL('../docs/http-api.md', import.meta.url), httpApiDocs());
}
