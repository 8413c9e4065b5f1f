import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

const nameServers = new Resolver({ timeout: 5_000, tries: 2 });

/** RFC 6761: so it is, whatever a server says. */
const isThisMachine = (name: string) => /(^|\.)localhost\.?$/i.test(name);

/**
 * All addresses of a name that a stranger has chosen, from the servers of names and nothing else; none where nobody has answered. The machine's own
 * way has two places for all of a process: names that are never answered would keep the worker itself from every address.
 */
export async function addressesOf(name: string, asked = nameServers): Promise<string[]> {
  if (isThisMachine(name)) return ['127.0.0.1', '::1'];
  const found = await Promise.allSettled([asked.resolve4(name), asked.resolve6(name)]);
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** Whether the servers of names say that there is no such name; false where they do not say. */
export async function isUnknownToAll(name: string, asked = nameServers): Promise<boolean> {
  if (isThisMachine(name)) return false;
  const found = await Promise.allSettled([asked.resolve4(name), asked.resolve6(name)]);
  return found.every((one) => one.status === 'rejected' && (one.reason as NodeJS.ErrnoException).code === 'ENOTFOUND');
}

/** All addresses of it, as connections ask for them. */
export function resolveStrangers(
  name: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
): void {
  void addressesOf(name).then((all) => {
    const found = all.map((address) => ({ address, family: isIP(address) }));
    callback(found.length === 0 ? new Error(`no server of names has an address of ${name}`) : null, found);
  });
}
