/**
 * What addresses are, by where they lead; the first that holds one counts. The only list: whoever asks for somebody else, and whoever shows
 * an address to people, goes by it.
 */
const ranges = {
  /** This machine. */
  here: ['0.0.0.0/8', '127.0.0.0/8', '::/127'],
  /** Its link, and where clouds keep what their machines may know. */
  cloud: [
    ...['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'],
    ...['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::/32'],
  ],
  private: [
    ...['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '192.0.0.0/24'],
    ...['fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
  ],
  /** Benchmarks, groups, tunnels, and what is reserved. */
  nobodys: ['198.18.0.0/15', '192.88.99.0/24', '224.0.0.0/3', '100::/64', '2001::/32', 'ff00::/8'],
  /** IPv4 addresses that gateways of NAT64, 6to4 and the old compatible form take out of an IPv6 one. */
  disguised: ['64:ff9b::/96', '2002::/16', '::/96', '::ffff:0:0:0/96'],
} satisfies Record<string, string[]>;

export type AddressKind = keyof typeof ranges | 'public';

/** Also of an IPv4 address inside of an IPv6 one: `disguised` only where what is inside is public. Undefined for what is no address. */
export function addressKind(address: string): AddressKind | undefined {
  const bytes = bytesOf(plainAddress(address));
  if (!bytes) return undefined;
  const reached = [bytes, ...embeddedV4(bytes)];
  return (
    kinds.find(({ subnets }) => reached.some((one) => subnets.some((subnet) => holds(subnet, one))))?.kind ?? 'public'
  );
}

/** How near an address is: `nearest` is this machine and its link, `inside` what is private or leads to nobody in public. */
export type Nearness = 'outside' | 'inside' | 'nearest';

export function nearnessOf(address: string): Nearness {
  switch (addressKind(address)) {
    case 'here':
    case 'cloud':
    case undefined: // what is no address leads nobody knows where
      return 'nearest';
    case 'private':
    case 'nobodys':
      return 'inside';
    case 'disguised':
    case 'public':
      return 'outside';
  }
}

/** By what is written: a public name may still lead inside. Takes the host of a URL, in which addresses have one form only. */
export function isInside(hostname: string): boolean {
  if (addressKind(hostname) === undefined) return /(^|\.)localhost\.?$/.test(hostname);
  return nearnessOf(hostname) !== 'outside';
}

/**
 * Whose an address is, as far as one can tell: of IPv6 the first 64 bits, because whoever has one address has all that begin with them. IPv4
 * ones are themselves, also in an IPv6 one.
 */
export function holderOf(address: string): string {
  const bytes = bytesOf(plainAddress(address)) ?? [];
  if (bytes.length === 0) return address;
  return bytes.length === 4 ? bytes.join('.') : `${bytes.slice(0, 8).join('.')}/64`;
}

interface Subnet {
  network: number[];
  bits: number;
}

const kinds = Object.entries(ranges).map(([kind, subnets]) => ({
  kind: kind as keyof typeof ranges,
  subnets: subnets.map((subnet): Subnet => {
    const [network = '', bits] = subnet.split('/');
    return { network: bytesOf(network) ?? [], bits: Number(bits) };
  }),
}));

function holds({ network, bits }: Subnet, address: number[]): boolean {
  if (network.length !== address.length) return false;
  return network.every((byte, index) => {
    const left = Math.min(Math.max(bits - index * 8, 0), 8);
    return byte >> (8 - left) === (address[index] ?? 0) >> (8 - left);
  });
}

/** Without the brackets of a URL, and without the zone that a resolver may add. */
function plainAddress(address: string): string {
  return address.replace(/^\[|\]$/g, '').split('%', 1)[0] ?? '';
}

/** The four bytes of an IPv4 address, or the sixteen of an IPv6 one; `::ffff:…` is the IPv4 address that it holds. */
function bytesOf(address: string): number[] | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) {
    const bytes = address.split('.').map(Number);
    return bytes.every((byte) => byte < 256) ? bytes : undefined;
  }
  if (!address.includes(':') || !/^[\da-f:.]+$/i.test(address)) return undefined;
  const written = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1);
  if (written === undefined) return undefined;
  const bytes = groupsOf(written).flatMap((group) => [group >> 8, group & 255]);
  return startsWith(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]) ? bytes.slice(12) : bytes;
}

/** The eight numbers of an IPv6 address, which `URL` writes without dots. */
function groupsOf(written: string): number[] {
  const [head = '', tail] = written.split('::');
  const numbers = (text: string) => text.split(':').flatMap((part) => (part === '' ? [] : [Number.parseInt(part, 16)]));
  const [first, last] = [numbers(head), numbers(tail ?? '')];
  return tail === undefined ? first : [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** The IPv4 address that whoever is in between would send this one on to. */
function embeddedV4(bytes: number[]): number[][] {
  if (bytes.length === 4) return [];
  if (startsWith(bytes, [0x20, 0x02])) return [bytes.slice(2, 6)];
  const atTheEnd = [[0, 0x64, 0xff, 0x9b], new Array<number>(12).fill(0), [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0]];
  return atTheEnd.some((beginning) => startsWith(bytes, beginning)) ? [bytes.slice(12)] : [];
}

function startsWith(bytes: number[], beginning: number[]): boolean {
  return beginning.every((byte, index) => bytes[index] === byte);
}
