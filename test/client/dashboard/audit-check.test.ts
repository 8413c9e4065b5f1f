import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { checkChains } from '../../../client/dashboard/gateway/audit-check.ts';
import { checkedInWords, missedBy } from '../../../client/dashboard/words/checked.ts';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import { chainEntry, chainStart } from '../../../domain/audit-chain.ts';
import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import type { AuditPage } from '../../../domain/contract/gateway.ts';

/** What the page that checks the audit makes of files that somebody has picked, and of what the gateway shows. */

const keys = createKeyPair();
const signer = createSigner(keys.privateKeyPem);
const endOf = ({ lane, n, hash }: ChainedEntry) => ({ lane, n, hash });
const rowOf = (lane: string) =>
  chainEntry(chainStart, { lane, key: 'k', at: 1, what: 'freeze', who: 'kim', facts: {} }, sha256);
const [shop, gone] = [rowOf('shop/production'), rowOf('gone/production')];
const grants = [{ service: 'shop', environment: 'production', may: ['look' as const] }];

let shown: ChainedEntry[];
beforeEach(() => {
  shown = [shop];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (asked) => {
    const query = new URL(asked, 'http://gateway.test').searchParams;
    const rows = shown.filter(({ lane, n }) => lane === query.get('lane') && n > Number(query.get('after')));
    return Response.json({ rows } satisfies AuditPage);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** What was signed outside speaks of both; the database has forgotten one, its end too. */
async function found(isMissed?: (chain: string) => boolean, more = '') {
  const signed = signer.signEnds({
    ...{ n: 1, at: 1, installation: 'i', previous: '' },
    ends: [endOf(shop), endOf(gone)],
  });
  const checked = await checkChains([endOf(shop)], {
    outside: {
      ends: [new File([JSON.stringify(signed), more], 'ends.jsonl')],
      keys: [new File([keys.publicKeyPem], 'gateway.pem')],
    },
    ...(isMissed && { isMissed }),
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return { checked, words: checkedInWords(checked) };
}

describe('a chain that was removed whole', () => {
  it('is missed by whoever may look at everything, though the policy has lost its lane', async () => {
    const { words } = await found(missedBy({ all: true, grants }));
    expect([words.tone, words.says]).toEqual(['stop', expect.stringContaining('gone/production: row 1 was removed')]);
  });

  it('is missed by whoever may look at its lane alone', async () => {
    const { words } = await found(missedBy({ all: false, grants: [{ ...grants[0]!, service: 'gone' }] }));
    expect(words.tone).toBe('stop');
  });

  it('is named as not looked at to everybody else, and nothing is good then', async () => {
    const { words, checked } = await found(missedBy({ all: false, grants }));
    expect(checked.unlooked).toEqual(['gone/production']);
    expect([words.tone, words.says]).toEqual(['mute', expect.stringContaining('could not be looked at')]);
    expect(words.unseen).toEqual([expect.stringContaining('gone/production was not looked at')]);
  });

  it('is no matter of whoever checks another alone', async () => {
    const { words, checked } = await found();
    expect([words.tone, checked.unlooked]).toEqual(['good', []]);
  });
});

it('an odd line in a picked file is told, and stops nothing', async () => {
  const odd = '\n{"statement":{"n":1,"ends":[null]},"keyId":"","signature":""}\n';
  const { words, checked } = await found(undefined, odd);
  expect([words.tone, checked.unread]).toEqual(['good', 1]);
});
