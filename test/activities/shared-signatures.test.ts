import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import { aDecision, aRequest } from '../domain/builders.ts';

/** What a verifier remembers must never let anything else through. */

const { privateKeyPem, publicKeyPem } = createKeyPair();
const signer = createSigner(privateKeyPem);

describe('a signature that has been shown to hold', () => {
  it('holds again, and for nothing else', () => {
    const verifier = createVerifier([publicKeyPem]);
    const signed = signer.sign(aDecision('approve'));
    const stranger = createSigner(createKeyPair().privateKeyPem).sign(signed.decision);
    for (let times = 0; times < 2; times += 1) {
      expect(verifier.verify(signed)).toBe(true);
      expect(verifier.verify({ ...signed, decision: aDecision('reject') })).toBe(false);
      expect(verifier.verify({ ...signed, keyId: stranger.keyId })).toBe(false);
      expect(verifier.verify(stranger)).toBe(false);
    }
  });

  it('is not lent to content of which a part is passed for the signature', () => {
    const verifier = createVerifier([publicKeyPem]);
    const taken = { releaseId: 'r', requestKey: 'k', request: aRequest() };
    const { signature, keyId } = signer.signRequest(taken);
    expect(verifier.verifyRequest({ taken, keyId, signature })).toBe(true);
    // The bytes that were signed are `slipway request\n` and this JSON.
    expect(canonicalJson(taken)).toMatch(/^\{/);
    for (const forged of [signature, `${signature}\nslipway request`, `${signature} slipway request`])
      expect(verifier.verify({ decision: taken as unknown as Decision, keyId, signature: forged })).toBe(false);
  });

  it('is still told from others after thousands more', () => {
    const verifier = createVerifier([publicKeyPem]);
    const first = signer.sign(aDecision('approve', { id: 'first' }));
    const altered: SignedDecision = { ...first, decision: { ...first.decision, id: 'other' } };
    expect(verifier.verify(first)).toBe(true);
    for (let n = 0; n < 4_200; n += 1) verifier.verify(signer.sign(aDecision('approve', { id: `${n}` })));
    expect([verifier.verify(first), verifier.verify(altered)]).toEqual([true, false]);
  });
});

describe('what is no signature', () => {
  const of = 'A'.repeat(86) + '==';
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const { keyId } = signer.sign(aDecision('approve'));

  it.each<[string, (content: unknown) => unknown]>([
    ['nothing at all', () => null],
    ['a text', () => 'approve'],
    ['one of nothing', () => ({ keyId, signature: of })],
    ['one whose key is no text', (content) => ({ content, keyId: { toString: 1 }, signature: of })],
    ['one that is no text', (content) => ({ content, keyId, signature: { length: 9e9 } })],
    ['a list of one', (content) => ({ content, keyId, signature: [of] })],
    ['one of a number that is none', () => ({ content: { n: Infinity }, keyId, signature: of })],
    ['one of what is nested without end', () => ({ content: nested(100_000), keyId, signature: of })],
  ])('does not hold, and keeps nobody from the next: %s', (_what, made) => {
    const verifier = createVerifier([publicKeyPem]);
    const signed = made({ id: 'x' }) as Record<string, unknown> | null;
    const under = (name: string) =>
      signed !== null && typeof signed === 'object' ? { ...signed, [name]: signed['content'] } : signed;
    const holds = [
      verifier.verify(under('decision') as never),
      verifier.verifyOrder(under('order') as never),
      verifier.verifyRequest(under('taken') as never),
      verifier.verifyEnds(under('statement') as never),
      verifier.verifyShipment(under('shipment') as never),
    ];
    expect(holds).toEqual([false, false, false, false, false]);
  });

  it('is not kept, however long it is', () => {
    const verifier = createVerifier([publicKeyPem]);
    const { decision } = signer.sign(aDecision('approve'));
    const long = 'A'.repeat(1_000_000);
    const before = memory();
    for (let n = 0; n < 200; n += 1) verifier.verify({ decision, keyId, signature: `${n}${long}` });
    expect(memory() - before).toBeLessThan(100_000_000);
  });
});

/** Bytes that are in use, without what nobody has any more. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
