import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { addressKind } from '../../domain/addresses.ts';

/** Whether an address is one of the public network, in no disguise, and not this machine's own. */
export function isOutside(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || addressKind(address) !== 'public') return false;
  const own = new BlockList();
  for (const { address: mine, family: kind } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
    own.addAddress(mine, kind === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return !own.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
