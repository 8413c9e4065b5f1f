import type { RequestInit, Response } from 'undici';
import type { Failure } from '../../domain/errors/failure.ts';
import type { Login } from '../shared/logins.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';
import { redactedHead } from '../shared/redact.ts';
import type { ImageName } from './reference.ts';
import { asWhom, baseUrl, refusal, refusalText } from './registry-http.ts';
import type { Reach } from './registry-reach.ts';
import { authorize } from './registry-token.ts';

type Method = 'HEAD' | 'GET' | 'PUT';

/** The manifests endpoint of the distribution API, with its ways to log in. */
export interface RegistryClient {
  request(
    method: Method,
    image: ImageName,
    content?: { type: string; bytes: Uint8Array<ArrayBuffer> },
  ): Promise<Response>;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export function createRegistryClient(credentials: RegistryCredentials, reach: Reach): RegistryClient {
  return {
    async request(method, image, content) {
      const namedBy = await reach.namerOf(image.host);
      const url = new URL(`${baseUrl(image.host)}/v2/${image.repository}/manifests/${image.reference}`);
      const send = (authorization?: string) => reach.ask(url, namedBy, initOf(method, content, authorization));
      const first = await send();
      if (first.status !== 401) return first;
      await first.body?.cancel();
      const login = await credentials(image.host);
      const challenge = first.headers.get('www-authenticate') ?? '';
      const actions = method === 'PUT' ? 'pull,push' : 'pull';
      const answer = await send(await authorize(image, { challenge, actions, login, namedBy }, reach));
      if (answer.status === 401 || answer.status === 403) throw await refuse(image, answer, { login });
      return answer;
    },
  };
}

/** The failure for an answer that is not what was hoped for, with the registry's own words, and who asked where that matters. */
export async function refuse(
  image: ImageName,
  answer: Response,
  asked?: { login: Login | undefined },
): Promise<Failure> {
  const words = redactedHead(await refusalText(answer), 1_000);
  const who = asked ? asWhom(asked.login) : '';
  return refusal(answer.status, `${image.host} answered ${answer.status} for ${image.repository}${who}: ${words}`);
}

function initOf(
  method: Method,
  content: { type: string; bytes: Uint8Array<ArrayBuffer> } | undefined,
  authorization: string | undefined,
): RequestInit {
  const headers = {
    accept: manifestTypes,
    ...(authorization === undefined ? {} : { authorization }),
    ...(content === undefined ? {} : { 'content-type': content.type }),
  };
  return { method, headers, ...(content === undefined ? {} : { body: content.bytes }) };
}
