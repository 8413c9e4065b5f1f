import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type ChainedEntry, chainEntry, chainStart, followsInChain } from '../../domain/audit-chain.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entry = {
  lane: 'lane/shop/production',
  key: 'k',
  at: 1,
  what: 'deployed',
  who: 'sam',
  facts: { region: 'eu', digests: ['a'] },
};

describe('the audit chain', () => {
  it('hashes the previous hash and the row in canonical JSON', () => {
    const row = chainEntry(chainStart, entry, sha256);
    const text =
      '{"at":1,"facts":{"digests":["a"],"region":"eu"},"key":"k","lane":"lane/shop/production","n":1,"what":"deployed","who":"sam"}';
    expect(row).toEqual({ ...entry, n: 1, previous: '0'.repeat(64), hash: sha256('0'.repeat(64) + text) });
  });

  it('does not depend on the order in which facts are written', () => {
    const turned = { ...entry, facts: { digests: ['a'], region: 'eu' } };
    expect(chainEntry(chainStart, turned, sha256).hash).toBe(chainEntry(chainStart, entry, sha256).hash);
  });

  it('takes facts as they are after being stored as JSON', () => {
    const row = chainEntry(chainStart, { ...entry, facts: { when: new Date(0), gone: undefined, zero: -0 } }, sha256);
    const stored = JSON.parse(JSON.stringify(row)) as ChainedEntry;
    expect(followsInChain(chainStart, stored, sha256)).toBe(true);
  });

  it('accepts each row after its predecessor', () => {
    const first = chainEntry(chainStart, entry, sha256);
    const second = chainEntry(first, { ...entry, key: 'l' }, sha256);
    expect([followsInChain(chainStart, first, sha256), followsInChain(first, second, sha256)]).toEqual([true, true]);
    expect(followsInChain(chainStart, second, sha256)).toBe(false);
  });

  const row = chainEntry({ n: 6, hash: 'f'.repeat(64) }, entry, sha256);
  it.each<[string, Partial<ChainedEntry>]>([
    ['lane', { lane: 'lane/shop/staging' }],
    ['key', { key: 'other' }],
    ['time', { at: 2 }],
    ['action', { what: 'approved' }],
    ['person', { who: 'kim' }],
    ['facts', { facts: { region: 'us' } }],
    ['number', { n: 8 }],
    ['link', { previous: 'e'.repeat(64) }],
    ['hash', { hash: 'e'.repeat(64) }],
  ])('notices another %s', (_, change) => {
    expect(followsInChain({ n: 6, hash: 'f'.repeat(64) }, { ...row, ...change }, sha256)).toBe(false);
  });
});
