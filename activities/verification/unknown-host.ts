import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { inTime } from '../shared/in-time.ts';
import type { OutwardHost, Resolve } from '../shared/outward.ts';
import { isUnknownToAll } from '../shared/strangers-names.ts';

const patienceMs = 5_000;

/** Resolved as a request to it would be. Servers of names that are away, or slow, say nothing of the name. */
export async function isUnknownHost({ hostname, isNamed }: OutwardHost, resolve?: Resolve): Promise<boolean> {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
  const asked = resolve || isNamed ? isRefused(hostname, resolve ?? lookup) : isUnknownToAll(hostname);
  return inTime(asked, patienceMs, (words) => new Error(words)).catch(() => false);
}

function isRefused(hostname: string, resolve: Resolve): Promise<boolean> {
  return new Promise((done) => {
    resolve(hostname, { all: true }, (error) => done(error?.code === 'ENOTFOUND'));
  });
}
