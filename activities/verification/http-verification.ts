import type { EndpointSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { namedHost } from '../../domain/endpoint-hosts.ts';
import type { Resolve } from '../shared/outward.ts';
import { redactedHead } from '../shared/redact.ts';
import { ask, type Answer } from './ask.ts';
import { judgeGraphql } from './judge-graphql.ts';
import { judgeHttp } from './judge-http.ts';
import type { Judgement } from './judgement.ts';
import type { Verification } from './port.ts';
import { isUnknownHost } from './unknown-host.ts';
import { head } from '../../domain/whole-text.ts';

export interface VerificationOptions {
  timeoutMs?: number;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve;
}

/**
 * Asks endpoints over HTTP. A wrong answer is `fail`; no answer at all (refused, no such name, TLS, timeout) is `inconclusive`, as it
 * may be our own network; whether it lasts is for the caller to judge. Waits `timeoutMs` for the whole answer. Throws SLIP-VER-2 (terminal) for a URL that cannot be asked, SLIP-VER-4 (terminal) for one that may
 * not be: slipway.yaml names it, and it is asked from inside.
 */
export function createVerification({ timeoutMs = 5_000, resolve }: VerificationOptions = {}): Verification {
  return {
    async isUnknown({ url }, hosts) {
      const { hostname = '' } = URL.parse(url) ?? {};
      return isUnknownHost({ hostname, isNamed: namedHost(hostname, hosts) === 'exactly' }, resolve);
    },
    async check(endpoint, signal, hosts) {
      const url = endpointUrl(endpoint);
      const named = namedHost(url.hostname, hosts);
      if (named === undefined)
        throw failure('SLIP-VER-4', `${endpoint.name}: the policy does not name ${url.hostname}`);
      const host = { hostname: url.hostname, isNamed: named === 'exactly' };
      const answer = await ask(url, request(endpoint), { signal, timeoutMs, host, resolve });
      if ('refused' in answer) throw failure('SLIP-VER-4', `${endpoint.name}: ${answer.refused}`);
      const { verdict, summary } = 'noAnswer' in answer ? noAnswer(answer.noAnswer) : judge(endpoint, answer);
      // Without the query: it may carry a token.
      return { name: endpoint.name, verdict, summary: lineKeepingBeginning(`${url.origin}${url.pathname} ${summary}`) };
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

function lineKeepingBeginning(text: string): string {
  const line = redactedHead(text, 2_000).replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${head(line, 500)}…` : line;
}
