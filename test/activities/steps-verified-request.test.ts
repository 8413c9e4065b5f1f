import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import type { Verifier } from '../../activities/shared/signatures.ts';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import { releaseId as idOfRelease } from '../../domain/contract/names.ts';
import { aDecision, aRequest } from '../domain/builders.ts';

const keys = createKeyPair();
const signer = createSigner(keys.privateKeyPem);
const verifier = createVerifier([keys.publicKeyPem]);

function anAttempt(): Attempt & { signed: NonNullable<Attempt['signed']> } {
  const request = aRequest();
  const about = { releaseId: idOfRelease(request), requestKey: 'one', request };
  return { ...about, number: 1, startedAt: 1_000, signed: signer.signRequest(about) };
}

const refused = 'SLIP-REC-6';

describe('a request on record', () => {
  it('is believed as the gateway signed it', () => {
    expect(verifiedRequest(anAttempt(), verifier)).toEqual(aRequest());
  });

  const stranger = createSigner(createKeyPair().privateKeyPem);

  it('that was signed with a key that is not known here is told as that, with both sides', () => {
    const attempt = anAttempt();
    const signed = stranger.signRequest(attempt.signed.taken);
    const look = (known: Verifier) => () => verifiedRequest({ ...attempt, signed }, known);
    const { keyId } = attempt.signed;
    expect(look(verifier)).toThrow(`SLIP-REC-9`);
    expect(look(verifier)).toThrow(`names ${signed.keyId} as the key that signed it; known here: ${keyId}`);
    expect(look(createVerifier([]))).toThrow('known here: none');
    const both = createVerifier([keys.publicKeyPem, stranger.publicKeyPem]);
    expect(look(both)()).toEqual(attempt.request);
  });

  const other = aRequest({ commit: 'e'.repeat(40) });
  it.each<[string, (honest: ReturnType<typeof anAttempt>) => Attempt]>([
    [
      'names another person as the one who asked',
      (a) => ({ ...a, request: { ...a.request, requestedBy: { id: 'nobody', via: 'token', groups: [] } } }),
    ],
    ['names another repository', (a) => ({ ...a, request: { ...a.request, repository: 'https://evil.test/shop' } })],
    [
      'has been given images',
      (a) => ({ ...a, request: { ...a.request, images: { core: 'registry.test/evil@sha256:1' } } }),
    ],
    ['stands under another id', (a) => ({ ...a, releaseId: idOfRelease(other) })],
    ['stands under another key', (a) => ({ ...a, requestKey: 'two' })],
    [
      'was changed together with what was signed',
      (a) => ({
        ...a,
        request: other,
        releaseId: idOfRelease(other),
        signed: { ...a.signed, taken: { releaseId: idOfRelease(other), requestKey: 'one', request: other } },
      }),
    ],
    [
      'was signed for a release with another id',
      (a) => ({
        ...a,
        releaseId: 'release/x',
        signed: signer.signRequest({ releaseId: 'release/x', requestKey: 'one', request: a.request }),
      }),
    ],
    ['names a key that is none', (a) => ({ ...a, signed: { ...a.signed, keyId: 'a key\n'.repeat(1_000) } })],
    [
      'was signed with another key, and names one that is known',
      (a) => ({
        ...a,
        signed: { ...stranger.signRequest(a.signed.taken), keyId: a.signed.keyId },
      }),
    ],
    ['has a signature that is none', (a) => ({ ...a, signed: { ...a.signed, signature: 'none' } })],
    ['has lost its signature', ({ signed: _, ...a }) => a],
  ])('that %s is refused', (_, change) => {
    expect(() => verifiedRequest(change(anAttempt()), verifier)).toThrow(refused);
  });

  it.each([
    ['earlier', true, 'believed'],
    ['earlier', false, 'refused'],
    ['accept', false, 'believed'],
    ['refuse', true, 'refused'],
  ] as const)(
    'without a signature, where "%s" is said, and none before it has one: %s, is %s',
    (said, isEarlier, end) => {
      const { signed: _, ...attempt } = anAttempt();
      const unsigned: Attempt = { ...attempt, ...(isEarlier && { beforeSigning: true }) };
      const look = () => verifiedRequest(unsigned, createVerifier([keys.publicKeyPem], { unsignedRequests: said }));
      if (end === 'believed') expect(look()).toEqual(attempt.request);
      else expect(look).toThrow(refused);
    },
  );
});

describe('a signature', () => {
  it('under a request never stands under a decision with the same content, nor the other way round', () => {
    const { signed } = anAttempt();
    expect(verifier.verify({ ...signed, decision: signed.taken as unknown as Decision })).toBe(false);
    const decision = signer.sign(aDecision('approve'));
    expect(verifier.verifyRequest({ ...decision, taken: decision.decision as never })).toBe(false);
  });
});
