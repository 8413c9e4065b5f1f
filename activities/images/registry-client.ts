import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { isLoopback, type RegistryCredentials } from '../shared/registry-login.ts';
import { redactSecrets } from '../shared/secrets.ts';
import type { ImageName } from './reference.ts';

type Method = 'HEAD' | 'GET' | 'PUT';

/** The manifests endpoint of the distribution API, with its ways to log in. */
export interface RegistryClient {
  request(
    method: Method,
    image: ImageName,
    content?: { type: string; bytes: Uint8Array<ArrayBuffer> },
  ): Promise<Response>;
  /** The whole body, at most `maxBytes`. */
  body(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const timeoutMs = 30_000;
const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

export function createRegistryClient(credentials: RegistryCredentials): RegistryClient {
  return {
    async request(method, image, content) {
      const send = (authorization?: string) => sendRequest(method, image, content, authorization);
      const first = await send();
      if (first.status !== 401) return first;
      await first.body?.cancel();
      const authorization = await authorize(
        image,
        first.headers.get('www-authenticate') ?? '',
        method === 'PUT' ? 'pull,push' : 'pull',
        credentials,
      );
      return send(authorization);
    },
    async body(answer, maxBytes) {
      const tooLarge = failure('SLIP-IMG-8', `the answer is larger than ${maxBytes} bytes`);
      if (Number(answer.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge;
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge;
        chunks.push(chunk);
      }
      return new Uint8Array(Buffer.concat(chunks));
    },
  };
}

/** The failure for an answer that is not what was hoped for, with the registry's own words. */
export async function refuse(image: ImageName, answer: Response): Promise<Failure> {
  const words = redactSecrets((await answer.text().catch(() => '')).slice(0, 1_000));
  const detail = `${image.host} answered ${answer.status} for ${image.repository}: ${words}`;
  if (answer.status === 401 || answer.status === 403) return failure('SLIP-IMG-5', detail);
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500) return failure('SLIP-IMG-2', detail);
  return failure('SLIP-IMG-8', detail);
}

async function sendRequest(
  method: Method,
  image: ImageName,
  content: { type: string; bytes: Uint8Array<ArrayBuffer> } | undefined,
  authorization: string | undefined,
) {
  const url = `${baseUrl(image.host)}/v2/${image.repository}/manifests/${image.reference}`;
  const headers = {
    accept: manifestTypes,
    ...(authorization === undefined ? {} : { authorization }),
    ...(content === undefined ? {} : { 'content-type': content.type }),
  };
  return reach(image.host, url, { method, headers, ...(content === undefined ? {} : { body: content.bytes }) });
}

async function reach(host: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const cause = (error as Error).cause;
    throw failure(
      'SLIP-IMG-2',
      `${host}: ${cause instanceof Error ? cause.message || cause.name : (error as Error).message}`,
    );
  }
}

function baseUrl(host: string): string {
  if (isLoopback(host)) return `http://${host}`;
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
}

async function authorize(
  image: ImageName,
  challenge: string,
  actions: string,
  credentials: RegistryCredentials,
): Promise<string> {
  const login = await credentials(image.host);
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  if (/^basic\b/i.test(challenge)) {
    if (!basic) throw failure('SLIP-IMG-5', `${image.host} wants a login, and none is configured for it`);
    return basic;
  }
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  const place = field('realm') ?? '';
  const realm = URL.canParse(place) ? new URL(place) : undefined;
  if (!/^bearer\b/i.test(challenge) || !realm || !isSafeRealm(realm)) {
    throw failure('SLIP-IMG-5', `${image.host} wants a login in a form that is not known`);
  }
  realm.searchParams.set('service', field('service') ?? image.host);
  realm.searchParams.set('scope', `repository:${image.repository}:${actions}`);
  return `Bearer ${await fetchToken(image, realm, basic)}`;
}

/** A login goes only where nobody can listen. */
const isSafeRealm = (realm: URL) =>
  realm.protocol === 'https:' || (realm.protocol === 'http:' && isLoopback(realm.host));

async function fetchToken(image: ImageName, realm: URL, basic: string | undefined): Promise<string> {
  const answer = await reach(realm.host, realm.href, { headers: basic === undefined ? {} : { authorization: basic } });
  if (!answer.ok) throw await refuse(image, answer);
  const parsed = tokenAnswer.safeParse(await answer.json().catch(() => undefined));
  const token = parsed.data?.token ?? parsed.data?.access_token;
  if (!token) throw failure('SLIP-IMG-5', `${realm.host} answered no token`);
  return token;
}
