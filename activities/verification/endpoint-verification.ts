import type { EndpointSpec } from '../../domain/contract/release.ts';
import { addressOfEndpoint, hostOfEndpoint, namedHost } from '../../domain/endpoint-hosts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { head } from '../../domain/whole-text.ts';
import type { OutwardHost } from '../shared/outward.ts';
import { redactedHead } from '../shared/redact.ts';
import { askCertificate } from './ask-certificate.ts';
import { askDns } from './ask-dns.ts';
import { askGrpc } from './ask-grpc.ts';
import { askGraphql, askHttp, urlOf } from './ask-http.ts';
import { askTcp } from './ask-tcp.ts';
import type { Asking, Means, Unanswered } from './asking.ts';
import type { Judgement } from './judgement.ts';
import type { Verification } from './port.ts';
import { isUnknownHost } from './unknown-host.ts';

export type VerificationOptions = Partial<Means>;

/**
 * Asks endpoints of every kind. A wrong answer is `fail`; no answer at all (refused, no such name, TLS, timeout) is `inconclusive`, as it
 * may be our own network; whether it lasts is for the caller to judge. Where just that is asked, it is the answer: of `tcp` a refusal, of
 * `dns` that there is no such name, of `certificate` a chain that is not valid. Waits `timeoutMs` for the whole answer. Throws SLIP-VER-2
 * (terminal) for what cannot be asked, SLIP-VER-4 (terminal) for what may not be: slipway.yaml names it, and it is asked from inside.
 */
export function createVerification(options: VerificationOptions = {}): Verification {
  const means: Means = { timeoutMs: 5_000, now: Date.now, ...options };
  return {
    async isUnknown(endpoint, hosts) {
      const hostname = hostOfEndpoint(endpoint) ?? '';
      const host = { hostname, isNamed: namedHost(hostname, hosts) === 'exactly' };
      return isUnknownHost(endpoint.kind, host, means);
    },
    async check(endpoint, signal, hosts) {
      const { what, host } = asked(endpoint, hosts);
      const answer = await ask(endpoint, { ...means, signal, host });
      if ('refused' in answer) throw failure('SLIP-VER-4', `${endpoint.name}: ${answer.refused}`);
      const { verdict, summary } = 'noAnswer' in answer ? noAnswer(endpoint, answer.noAnswer) : answer;
      return { name: endpoint.name, verdict, summary: lineKeepingBeginning(`${what} ${summary}`) };
    },
  };
}

/** Whatever the kind: nobody is asked whom the policy does not name. */
function asked(endpoint: EndpointSpec, hosts: readonly string[]): { what: string; host: OutwardHost } {
  const what = whatIsAsked(endpoint);
  const hostname = hostOfEndpoint(endpoint);
  if (hostname === undefined) throw failure('SLIP-VER-2', `the host of endpoint "${endpoint.name}"`);
  const named = namedHost(hostname, hosts);
  if (named === undefined) throw failure('SLIP-VER-4', `${endpoint.name}: the policy does not name ${hostname}`);
  return { what, host: { hostname, isNamed: named === 'exactly' } };
}

function whatIsAsked(endpoint: EndpointSpec): string {
  const address = addressOfEndpoint(endpoint);
  switch (endpoint.kind) {
    case 'http':
    case 'graphql': {
      const { origin, pathname } = urlOf(endpoint);
      return `${origin}${pathname}`; // without the query: it may carry a token
    }
    case 'dns':
      return `${endpoint.type} of ${address}`;
    case 'grpc':
      return endpoint.service === undefined ? address : `${address} ${endpoint.service}`;
    case 'tcp':
    case 'certificate':
      return address;
  }
}

function ask(endpoint: EndpointSpec, asking: Asking): Promise<Judgement | Unanswered> {
  switch (endpoint.kind) {
    case 'http':
      return askHttp(endpoint, asking);
    case 'graphql':
      return askGraphql(endpoint, asking);
    case 'tcp':
      return askTcp(endpoint, asking);
    case 'grpc':
      return askGrpc(endpoint, asking);
    case 'dns':
      return askDns(endpoint, asking);
    case 'certificate':
      return askCertificate(endpoint, asking);
  }
}

function noAnswer({ kind }: EndpointSpec, reason: string): Judgement {
  const silent = kind === 'dns' ? 'is told by no server of names' : 'does not answer';
  return { verdict: 'inconclusive', summary: `${silent}: ${reason}` };
}

function lineKeepingBeginning(text: string): string {
  const line = redactedHead(text, 2_000).replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${head(line, 500)}…` : line;
}
