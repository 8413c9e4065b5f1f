import { BlockList, isIP } from 'node:net';

/** This machine, its link, and where clouds keep what their machines may know. */
const clouds = ['100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32', 'fd00:ec2::/32', 'fd20:ce::/32'];
const nearestSubnets = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '::/127', 'fe80::/10', ...clouds];
const privateV4 = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '192.0.0.0/24'];
const privateV6 = ['fc00::/7', 'fec0::/10', '64:ff9b:1::/48', '2001::/32', '100::/64'];
/** Benchmarks, groups and what is reserved. */
const nobodys = ['198.18.0.0/15', '224.0.0.0/3', 'ff00::/8'];

/** Each knows IPv4 addresses that are written as IPv6 as well (`::ffff:10.0.0.1`). */
const nearest = listOf(nearestSubnets);
const inside = listOf([...privateV4, ...privateV6, ...nobodys]);

function listOf(subnets: string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** How near an address is: `nearest` is this machine and its link, `inside` what is private or leads to nobody in public. */
export type Nearness = 'outside' | 'inside' | 'nearest';

export function nearnessOf(address: string): Nearness {
  const literal = plainAddress(address);
  const type = isIP(literal) === 4 ? 'ipv4' : 'ipv6';
  if (isIP(literal) === 0) return 'nearest'; // what is no address leads nobody knows where
  const reached = type === 'ipv6' ? [literal, ...embeddedV4(literal)] : [literal];
  if (reached.some((one) => nearest.check(one, isIP(one) === 4 ? 'ipv4' : 'ipv6'))) return 'nearest';
  return reached.some((one) => inside.check(one, isIP(one) === 4 ? 'ipv4' : 'ipv6')) ? 'inside' : 'outside';
}

/** By what is written: a public name may still lead inside. Takes the host of a URL, in which addresses have one form only. */
export function isInside(hostname: string): boolean {
  if (isIP(plainAddress(hostname)) === 0) return /(^|\.)localhost\.?$/.test(hostname);
  return nearnessOf(hostname) !== 'outside';
}

/** Without the brackets of a URL, and without the zone that a resolver may add. */
const plainAddress = (address: string) => address.replace(/^\[|\]$/g, '').split('%', 1)[0] ?? '';

/** The IPv4 address that gateways of NAT64, 6to4 and the old compatible form would send this one on to. */
function embeddedV4(address: string): string[] {
  const groups = groupsOf(address);
  const at = (index: number) => {
    const [high = 0, low = 0] = [groups[index], groups[index + 1]];
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  };
  const starts = (...expected: number[]) => expected.every((group, index) => groups[index] === group);
  const found: string[] = [];
  if (starts(0x64, 0xff9b)) found.push(at(6));
  if (starts(0, 0, 0, 0, 0, 0)) found.push(at(6));
  if (starts(0, 0, 0, 0, 0xffff, 0)) found.push(at(6));
  if (starts(0x2002)) found.push(at(1));
  return found;
}

/** The eight numbers of an IPv6 address, which `URL` writes without dots. */
function groupsOf(address: string): number[] {
  const written = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? '::';
  const [head = '', tail] = written.split('::');
  const numbers = (text: string) => text.split(':').flatMap((part) => (part === '' ? [] : [Number.parseInt(part, 16)]));
  const [first, last] = [numbers(head), numbers(tail ?? '')];
  return tail === undefined ? first : [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}
