import { BlockList, isIP } from 'node:net';

const insideV4 = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'];
const insideV6 = ['::/127', 'fc00::/7', 'fe80::/10'];
/** Knows IPv4 addresses that are written as IPv6 as well. */
const inside = new BlockList();
for (const subnet of [...insideV4, '192.168.0.0/16', ...insideV6]) {
  const [network = '', prefix] = subnet.split('/');
  inside.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
}

/** By what is written: a public name may still lead inside. Takes the host of a URL, in which addresses have one form only. */
export function isInside(hostname: string): boolean {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family === 0) return /(^|\.)localhost\.?$/.test(hostname);
  return inside.check(literal, family === 4 ? 'ipv4' : 'ipv6');
}
