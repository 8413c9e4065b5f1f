import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ApiError, badRequest, notImplemented } from './api-error.ts';
import { apiVersionOf, resourceTypes, type ResourceType, type Verb } from './kinds.ts';
import type { Json } from './schema.ts';

/** One call of the Kubernetes API, understood. */
export interface ApiRequest {
  verb: Verb;
  type: ResourceType;
  namespace: string;
  /** Empty for lists, watches and creations. */
  name: string;
  subresource: string;
  query: URLSearchParams;
  contentType: string;
  accept: string;
  userAgent: string;
  dryRun: boolean;
  body: Json | undefined;
}

const bodyLimit = 3 * 1024 * 1024;
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** Understands the request, or throws 501 for whatever is outside of the listed subset. */
export async function readRequest(message: IncomingMessage, url: URL): Promise<ApiRequest> {
  const target = readPath(url.pathname);
  const contentType = (message.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!target) throw notImplemented(`${message.method} ${url.pathname}`);
  const verb = readVerb(message.method ?? 'GET', target, contentType, url.searchParams);
  const verbs = target.subresource ? target.type.subresources[target.subresource]?.verbs : target.type.verbs;
  if (!verb || !verbs?.includes(verb)) throw notImplemented(`${message.method} ${url.pathname}`);
  if (verb === 'patch' && !patchTypes.includes(contentType))
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${patchTypes.join(', ')}`,
    );
  const body = await readBody(message, contentType);
  return {
    ...target,
    verb,
    query: url.searchParams,
    contentType,
    accept: message.headers.accept ?? '',
    userAgent: message.headers['user-agent'] ?? '',
    dryRun: readDryRun(url.searchParams, body),
    body,
  };
}

function readPath(pathname: string): Pick<ApiRequest, 'type' | 'namespace' | 'name' | 'subresource'> | undefined {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts.slice(3);
  const groupVersion = parts[0] === 'api' ? parts[1] : parts[0] === 'apis' ? `${parts[1]}/${parts[2]}` : undefined;
  const find = (plural: string | undefined) =>
    resourceTypes.find((type) => type.plural === plural && apiVersionOf(type) === groupVersion);
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name = '', subresource = '', ...more] = inNamespace ? rest.slice(2) : rest;
  const type = find(plural);
  const namespace = inNamespace ? (rest[1] ?? '') : '';
  if (!type || more.length > 0 || (type.namespaced && !inNamespace && name !== '') || (!type.namespaced && inNamespace))
    return undefined;
  return { type, namespace, name, subresource };
}

function readVerb(
  method: string,
  { name, subresource }: Pick<ApiRequest, 'name' | 'subresource'>,
  contentType: string,
  query: URLSearchParams,
): Verb | undefined {
  const named = name !== '';
  if (method === 'GET') return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : named ? 'get' : 'list';
  if (method === 'POST') return named && subresource === '' ? undefined : 'create';
  if (!named) return undefined; // a collection cannot be deleted at once here
  if (method === 'PATCH') return contentType === 'application/apply-patch+yaml' ? 'apply' : 'patch';
  return method === 'PUT' ? 'update' : method === 'DELETE' ? 'delete' : undefined;
}

async function readBody(message: IncomingMessage, contentType: string): Promise<Json | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new ApiError(413, 'RequestEntityTooLarge', `limit is ${bodyLimit}`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  if (contentType.includes('protobuf'))
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      'the sandbox region reads JSON and YAML, not the protobuf that some kubectl create commands send; pipe --dry-run=client -o json into kubectl create -f -',
    );
  try {
    return (contentType.includes('yaml') ? parseYaml(text) : JSON.parse(text)) as Json;
  } catch (error) {
    throw badRequest(`error decoding the body: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readDryRun(query: URLSearchParams, body: Json | undefined): boolean {
  const asked = query.getAll('dryRun').concat(optionsIn(body));
  if (asked.some((value) => value !== '' && value !== 'All'))
    throw badRequest('dryRun: Unsupported value: supported values: "All"');
  return asked.includes('All');
}

/** DeleteOptions carry their dryRun in the body. */
function optionsIn(body: Json | undefined): string[] {
  const options = body as { kind?: string; dryRun?: string[] } | null | undefined;
  return options?.kind === 'DeleteOptions' ? (options.dryRun ?? []) : [];
}
