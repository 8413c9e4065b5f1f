import type { EndpointSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { redact } from '../shared/redact.ts';
import { ask, type Answer } from './ask.ts';
import { judgeGraphql } from './judge-graphql.ts';
import { judgeHttp } from './judge-http.ts';
import type { Judgement } from './judgement.ts';
import type { Verification } from './port.ts';

/**
 * Asks endpoints over HTTP. A wrong answer is `fail`; no answer at all (refused, no such name, TLS, timeout) is `inconclusive`, as it
 * may be our own network; whether it lasts is for the caller to judge. Waits `timeoutMs` for the whole answer. Throws SLIP-VER-2 (terminal) for a URL that cannot be asked.
 */
export function createVerification({ timeoutMs = 5_000 }: { timeoutMs?: number } = {}): Verification {
  return {
    async check(endpoint, signal) {
      const url = endpointUrl(endpoint);
      const answer = await ask(url, request(endpoint), { signal, timeoutMs });
      const { verdict, summary } = 'noAnswer' in answer ? noAnswer(answer.noAnswer) : judge(endpoint, answer);
      // Without the query: it may carry a token.
      return { name: endpoint.name, verdict, summary: oneLine(`${url.origin}${url.pathname} ${summary}`) };
    },
  };
}

function endpointUrl(endpoint: EndpointSpec): URL {
  const url = URL.parse(endpoint.url);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw failure('SLIP-VER-2', `the URL of endpoint "${endpoint.name}"`);
  }
  return url;
}

const identity = { 'user-agent': 'slipway-verification' };

function request(endpoint: EndpointSpec) {
  if (endpoint.kind === 'http') return { method: 'GET', headers: { ...identity, accept: '*/*' } };
  const headers = { ...identity, accept: 'application/json', 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify({ query: endpoint.query }) };
}

function judge(endpoint: EndpointSpec, answer: Answer): Judgement {
  return endpoint.kind === 'http' ? judgeHttp(endpoint, answer) : judgeGraphql(endpoint, answer);
}

function noAnswer(reason: string): Judgement {
  return { verdict: 'inconclusive', summary: `does not answer: ${reason}` };
}

function oneLine(text: string): string {
  const line = redact(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
