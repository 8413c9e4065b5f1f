import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isInside } from '../shared/inside-address.ts';

/** What is not inside, and yet not one machine of the public network: broadcast, reserved, and IPv4 addresses in disguise. */
const special = new BlockList();
for (const subnet of ['192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'])
  add(subnet, 'ipv4');
for (const subnet of [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2002::/16',
  'fec0::/10',
  'ff00::/8',
])
  add(subnet, 'ipv6');

function add(subnet: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix] = subnet.split('/');
  special.addSubnet(network, Number(prefix), family);
}

/** Whether an address is one of the public network, and not this machine's own. */
export function isOutside(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || isInside(address) || special.check(address, family === 4 ? 'ipv4' : 'ipv6')) return false;
  const own = new BlockList();
  for (const { address: mine, family: kind } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
    own.addAddress(mine, kind === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return !own.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
