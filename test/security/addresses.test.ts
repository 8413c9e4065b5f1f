import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDoor } from '../../activities/box/door.ts';
import { isOutside } from '../../activities/box/outside-address.ts';
import { addressKind, holderOf, isInside, nearnessOf, type AddressKind } from '../../domain/addresses.ts';
import { unusualAddress } from '../../domain/unusual-address.ts';

const table: [AddressKind, ...string[]][] = [
  ['here', '127.0.0.1', '127.255.255.254', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1', '::7f00:1', '64:ff9b::7f00:1'],
  ['cloud', '169.254.169.254', '169.254.170.2', '169.254.1.1', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ['cloud', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::', '::a9fe:a9fe', '::ffff:0:a9fe:a9fe'],
  ['cloud', '64:ff9b::a83f:8110', 'fe80::1', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255', '192.0.0.1'],
  ['private', 'fc00::1', 'fd12::1', 'fec0::1', 'feff::1', '64:ff9b:1::808:808', '::ffff:10.0.0.1', '2002:a00:1::'],
  ['nobodys', '198.18.0.1', '198.19.255.255', '192.88.99.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ['nobodys', '100::1', '2001::1', 'ff02::1', '64:ff9b::c612:1'],
  ['disguised', '64:ff9b::808:808', '2002:808:808::', '::808:808', '::ffff:0:808:808'],
  ['public', '8.8.8.8', '::ffff:8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1'],
  ['public', '168.63.129.17', '192.0.1.1', '198.17.255.255', '198.20.0.1', '223.255.255.255', '2606:4700::1111'],
];
const all = table.flatMap(([kind, ...addresses]) => addresses.map((address) => [kind, address] as const));

/** An address in an URL, as those who ask get to see it. */
const urlOf = (address: string) => `https://${address.includes(':') ? `[${address}]` : address}/`;

describe.each(all)('%s: %s', (kind, address) => {
  const isPublic = kind === 'public';
  const isReached = isPublic || kind === 'disguised';

  it('is that, also as a URL writes it', () => {
    expect(addressKind(address)).toBe(kind);
    expect(addressKind(new URL(urlOf(address)).hostname)).toBe(kind);
  });

  it('is asked from outside, or not', () => {
    expect(nearnessOf(address)).toBe(isReached ? 'outside' : ['here', 'cloud'].includes(kind) ? 'nearest' : 'inside');
    expect(isInside(new URL(urlOf(address)).hostname)).toBe(!isReached);
  });

  it('is reached from a box only where it is public', () => expect(isOutside(address)).toBe(isPublic));

  it('is shown to whoever approves unless it is public', () => {
    const unusual = unusualAddress(urlOf(address));
    if (isPublic) expect(unusual).toBeUndefined();
    else expect(unusual).toContain(kind === 'cloud' ? 'credentials' : 'inside');
  });
});

it('is refused by the door wherever a cloud tells of its machines, even where the operator named a host that leads there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-door-'));
  const clouds = all.flatMap(([kind, address]) => (kind === 'cloud' ? [address] : []));
  const names = new Map(clouds.map((address, index) => [`host-${index}.example.com`, address]));
  const said: string[] = [];
  const path = join(directory, 'door');
  const door = await openDoor(path, {
    insideHosts: [...names.keys()],
    connections: 50,
    report: (line) => said.push(line),
    resolve: async (host) => [names.get(host)!],
  });
  try {
    for (const name of names.keys()) {
      const client = connect(path);
      client.write(`CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n\r\n`);
      client.resume();
      await once(client, 'close');
    }
    expect(said).toEqual(
      [...names.keys()].map((name) => `door: ${name}:443 refused: it is where a cloud tells of its machines`),
    );
  } finally {
    await door.close();
    await rm(directory, { recursive: true });
  }
});

it.each(['', 'a.name', '127.1', '1.2.3.256', '1.2.3', ':::', '1::2::3', 'fe80::1/64', 'g::1'])(
  'is no address: %j',
  (text) => {
    expect(addressKind(text)).toBeUndefined();
    expect(isOutside(text)).toBe(false);
  },
);

describe('the holder of an address', () => {
  it.each([
    [
      'all that begin with the same 64 bits of IPv6',
      ['2001:db8:1:2::1', '2001:db8:1:2:ffff:1:2:3', '2001:0db8:0001:0002:0::'],
      1,
    ],
    ['not those of a network beside it', ['2001:db8:1:2::1', '2001:db8:1:3::1'], 2],
    ['one of IPv4 alone', ['198.51.100.1', '198.51.100.2'], 2],
    ['one of IPv4 alone, inside of an IPv6 one', ['::ffff:198.51.100.1', '::ffff:198.51.100.2'], 2],
    ['the same by either', ['::ffff:198.51.100.1', '::ffff:c633:6401', '198.51.100.1'], 1],
    ['the same on each link', ['fe80::1%eth0', 'fe80::2%eth1'], 1],
  ])('has %s', (_, addresses, holders) => {
    expect(new Set(addresses.map(holderOf)).size).toBe(holders);
  });
});
