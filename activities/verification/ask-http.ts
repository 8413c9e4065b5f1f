import { fetch, type RequestInit } from 'undici';
import type { GraphqlEndpoint, HttpEndpoint } from '../../domain/contract/release.ts';
import { isInside } from '../../domain/addresses.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { outwardAgent, refusedLiteral } from '../shared/outward.ts';
import { inItsTime, type Ask, type Asking, type Unanswered } from './asking.ts';
import { judgeGraphql } from './judge-graphql.ts';
import { judgeHttp } from './judge-http.ts';

const bodyLimit = 256 * 1024;

export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  /** The first 256 KB. */
  body: string;
  /** Whether there was more. */
  cut: boolean;
  /** It may come from an address inside: what it holds is nothing to tell whoever could only write the question. */
  isInside: boolean;
}

const identity = { 'user-agent': 'slipway-verification' };

export const askHttp: Ask<HttpEndpoint> = async (endpoint, asking) => {
  const answer = await ask(urlOf(endpoint), { method: 'GET', headers: { ...identity, accept: '*/*' } }, asking);
  return 'status' in answer ? judgeHttp(endpoint, answer) : answer;
};

export const askGraphql: Ask<GraphqlEndpoint> = async (endpoint, asking) => {
  const headers = { ...identity, accept: 'application/json', 'content-type': 'application/json' };
  const body = JSON.stringify({ query: endpoint.query });
  const answer = await ask(urlOf(endpoint), { method: 'POST', headers, body }, asking);
  return 'status' in answer ? judgeGraphql(endpoint, answer) : answer;
};

/** Throws SLIP-VER-2 (terminal) for one that cannot be asked. */
export function urlOf({ name, url: text }: HttpEndpoint | GraphqlEndpoint): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw failure('SLIP-VER-2', `the URL of endpoint "${name}"`);
  }
  return url;
}

/**
 * One request on a new connection, as a new visitor would make it: a connection kept open could still lead to an old pod.
 * Redirects are not followed.
 */
async function ask(url: URL, init: RequestInit, asking: Asking): Promise<Answer | Unanswered> {
  const refused = refusedLiteral(asking.host);
  if (refused) return { refused: refused.message };
  let leadsInside = isInside(asking.host.hostname);
  const dispatcher = outwardAgent(asking.host, asking.resolve, (addresses) => {
    leadsInside ||= addresses.some(({ address }) => isInside(address));
  });
  try {
    return await inItsTime(asking, async (stop) => {
      const response = await fetch(url, { ...init, redirect: 'manual', dispatcher, signal: stop });
      const { status, headers } = response;
      return { status, headers, ...(await readLimited(response.body)), isInside: leadsInside };
    });
  } finally {
    void dispatcher.destroy();
  }
}

async function readLimited(body: AsyncIterable<Uint8Array> | null): Promise<{ body: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > bodyLimit) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'), cut: size > bodyLimit };
}
