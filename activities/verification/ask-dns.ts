import { Resolver } from 'node:dns/promises';
import type { DnsEndpoint, RecordType } from '../../domain/contract/release.ts';
import { inItsTime, type Ask, type Means } from './asking.ts';
import { judgeDns, type DnsRecords } from './judge-dns.ts';

/** What the servers of names say now: nothing that was said before is remembered, and nothing is connected to. */
export const askDns: Ask<DnsEndpoint> = async (endpoint, asking) => {
  const { hostname, isNamed } = asking.host;
  const records = await inItsTime(asking, (stop) => recordsOf(hostname, endpoint.type, newResolver(asking), stop));
  return Array.isArray(records) || 'none' in records ? judgeDns(endpoint, records, { isNamed }) : records;
};

/** One for each question: it reads anew which servers the machine has. */
export function newResolver({ nameServers }: Pick<Means, 'nameServers'>): Resolver {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (nameServers) resolver.setServers(nameServers);
  return resolver;
}

async function recordsOf(name: string, type: RecordType, resolver: Resolver, stop: AbortSignal): Promise<DnsRecords> {
  stop.addEventListener('abort', () => resolver.cancel());
  try {
    return await look[type](resolver, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND') return { none: 'name' };
    if (code === 'ENODATA') return { none: 'record' };
    throw error;
  }
}

const look: Record<RecordType, (resolver: Resolver, name: string) => Promise<string[]>> = {
  A: (resolver, name) => resolver.resolve4(name),
  AAAA: (resolver, name) => resolver.resolve6(name),
  CNAME: (resolver, name) => resolver.resolveCname(name),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => parts.join('')),
};
