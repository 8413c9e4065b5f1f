import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { EndpointSpec } from '../../domain/contract/release.ts';
import { inTime } from '../shared/in-time.ts';
import { withoutBrackets, type OutwardHost, type Resolve } from '../shared/outward.ts';
import { isUnknownToAll } from '../shared/strangers-names.ts';
import { newResolver } from './ask-dns.ts';
import type { Means } from './asking.ts';

const patienceMs = 5_000;

/** Resolved as a question to it would be. Servers of names that are away, or slow, say nothing of the name. */
export async function isUnknownHost(
  kind: EndpointSpec['kind'],
  { hostname, isNamed }: OutwardHost,
  { resolve, ...means }: Pick<Means, 'resolve' | 'nameServers'>,
): Promise<boolean> {
  if (isIP(withoutBrackets(hostname)) !== 0) return false;
  const unknownToAll = () => isUnknownToAll(hostname, newResolver(means));
  const asks = kind !== 'dns' && (resolve ?? (isNamed ? lookup : undefined));
  return inTime(asks ? isRefused(hostname, asks) : unknownToAll(), patienceMs, (words) => new Error(words)).catch(
    () => false,
  );
}

function isRefused(hostname: string, resolve: Resolve): Promise<boolean> {
  return new Promise((done) => {
    resolve(hostname, { all: true }, (error) => done(error?.code === 'ENOTFOUND'));
  });
}
