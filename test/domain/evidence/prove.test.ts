import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { createKeyPair, createSigner, createVerifier } from '../../../activities/shared/signatures.ts';
import type { EvidenceBundle } from '../../../domain/contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../../../domain/contract/evidence.ts';
import type { EvidenceLine } from '../../../domain/evidence/line.ts';
import { proveEvidence } from '../../../domain/evidence/prove.ts';
import { anImage, aPerson, aPlannedComponent, aPolicy, aRegion, aVerified } from '../builders.ts';
import {
  aBundle,
  aReleasedPlan,
  aSigned,
  chained,
  evidenceKeys,
  evidenceSigner,
  hashOf,
  kim,
  lee,
  rowsAbout,
} from '../../support/evidence.ts';

const verifier = createVerifier([evidenceKeys.publicKeyPem]);

/** What is signed again after the change is what a gateway has read from records that somebody has changed. */
async function proven(bundle: EvidenceBundle, outside: SignedChainEnds[] = []): Promise<EvidenceLine[]> {
  return proveEvidence(evidenceSigner.signEvidence(bundle), { ...verifier, hash: sha256 }, outside);
}

const inShort = (lines: readonly EvidenceLine[], state: EvidenceLine['state']) =>
  lines.filter((line) => line.state === state).map(({ what, says }) => `${what}: ${says}`);

const failures = async (bundle: EvidenceBundle) => inShort(await proven(bundle), 'fails');
const unseen = async (bundle: EvidenceBundle) => inShort(await proven(bundle), 'unseen');

const dana = aPerson('dana', 'approvers');
const other = createSigner(createKeyPair().privateKeyPem);

describe('evidence of a release', () => {
  it('holds line by line where nobody has touched anything, and says what it cannot tell', async () => {
    const lines = await proven(aBundle());
    expect(inShort(lines, 'fails')).toEqual([]);
    expect(inShort(lines, 'holds').map((line) => line.split(':')[0])).toEqual([
      ...['evidence', 'request', 'plan', 'decisions', 'approvals', 'a no', 'gates', 'images', 'end', 'audit'],
      ...['ends of the audit', 'audit', 'audit'],
    ]);
    expect(inShort(lines, 'holds')).toContain(
      'approvals: 2 of 2 that the plan asks for: kim, lee; not dana, who has asked',
    );
    expect(inShort(lines, 'unseen')).toEqual([
      expect.stringContaining('groups: whether those who have decided were in the groups'),
      'rows before and after: what else the audit of the lane has about anything',
    ]);
  });

  it('is not looked at where no key that is trusted has signed it', async () => {
    const by = { ...createVerifier([createKeyPair().publicKeyPem]), hash: sha256 };
    const lines = await proveEvidence(evidenceSigner.signEvidence(aBundle()), by);
    expect(lines.map(({ state, what }) => `${state} ${what}`)).toEqual(['fails evidence', 'unseen all that it says']);
    expect(lines[0]!.says).toContain('none of those that were given');
  });

  it.each<[string, (bundle: EvidenceBundle) => EvidenceBundle, string]>([
    [
      'a request that another key has signed',
      (b) => ({ ...b, request: other.signRequest(b.request!.taken) }),
      'request: it names the key',
    ],
    [
      'a request whose commit was changed',
      (b) => ({
        ...b,
        request: {
          ...b.request!,
          taken: { ...b.request!.taken, request: { ...b.request!.taken.request, branch: 'x' } },
        },
      }),
      'request: it was changed since',
    ],
    [
      'the request of another attempt',
      (b) => ({ ...b, release: { ...b.release, id: b.release.id.replace(/1$/, '2') } }),
      'request: it is of release/shop/production/',
    ],
    [
      'a plan that says otherwise than its hash',
      (b) => ({ ...b, plans: [{ hash: b.planHash!, plan: aReleasedPlan({ tags: ['other'] }) }] }),
      'has another hash',
    ],
    [
      'a plan of another commit',
      (b) => {
        const plan = aReleasedPlan({ commit: 'c'.repeat(40) });
        return { ...aBundle({ plan }), request: b.request! };
      },
      'is not of what was asked for',
    ],
    [
      'an end by another plan',
      (b) => ({ ...b, end: { ...b.end!, result: { ...b.end!.result!, planHash: 'c'.repeat(64) } } }),
      'plan: what was put in place was so by the plan ccc',
    ],
    [
      'a decision that was changed',
      (b) => ({
        ...b,
        decisions: b.decisions.map((one) => ({ ...one, decision: { ...one.decision, reason: 'other' } })),
      }),
      'it was changed since the key',
    ],
    [
      'a decision about another release',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', lee, { releaseId: 'release/a/b/c/1' })] }),
      'is about release/a/b/c/1',
    ],
    ['too few yeses', () => aBundle({ decided: [aSigned('approve', kim)] }), '1 of 2 that the plan asks for count'],
    [
      'two yeses of one person',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', kim)] }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'the yes of whoever has asked',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', dana)] }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'the yes of whoever made the token that it was asked with',
      () =>
        aBundle({
          request: { requestedBy: { ...aPerson('ci'), behind: 'lee' } },
          decided: [aSigned('approve', kim), aSigned('approve', lee)],
        }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'the yes of somebody in no group of the plan',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', aPerson('max', 'guests'))] }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'a yes to an earlier plan',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', lee, { planHash: 'c'.repeat(64) })] }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'a yes that the run has not taken',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', lee, {}, { refused: 'too late' })] }),
      '1 of 2 that the plan asks for count',
    ],
    [
      'a yes that came when the plan had expired',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', lee, { decidedAt: 1_800_000_000_000 })] }),
      'that the plan asks for count',
    ],
    [
      'a no before it was changed',
      () => aBundle({ decided: [aSigned('approve', kim), aSigned('approve', lee), aSigned('reject', lee)] }),
      'and it has changed something afterwards',
    ],
    [
      'a call-off that was ignored, though it was written down as void',
      () =>
        aBundle({
          decided: [aSigned('approve', kim), aSigned('approve', lee), aSigned('abort', dana, {}, { refused: 'no' })],
        }),
      'dana has said abort',
    ],
    [
      'a yes after a no',
      () => aBundle({ decided: [aSigned('reject', lee), aSigned('approve', kim), aSigned('approve', lee)] }),
      'and kim has approved it afterwards',
    ],
    [
      'an image that the plan has not',
      (b) => ({
        ...b,
        verified: [aVerified({ ...b.verified[0], image: anImage('core', '9') }), ...b.verified.slice(1)],
      }),
      'images: core in de was verified with',
    ],
    [
      'an image that the run tells otherwise',
      (b) => ({
        ...b,
        end: {
          ...b.end!,
          result: {
            ...b.end!.result!,
            regions: b.end!.result!.regions.map((region) => ({
              ...region,
              components: region.components.map((one) => ({ ...one, image: anImage('core', '9') })),
            })),
          },
        },
      }),
      'images: core in nl was verified with',
    ],
    [
      'a place that the plan has not',
      (b) => ({ ...b, verified: [...b.verified, aVerified({ ...b.verified[0], region: 'us' })] }),
      'core in us was verified, and the plan puts nothing there',
    ],
    [
      'a scan that is on record otherwise',
      (b) => ({
        ...b,
        kept: { ...b.kept!, gates: [{ gate: 'image scan', verdict: 'fail', summary: '1 HIGH' }] },
      }),
      'gates: image scan is on record as fail, and the plan says pass',
    ],
    [
      'a gate that had failed',
      () => aBundle({ plan: aReleasedPlan({ gates: [{ gate: 'image scan', verdict: 'fail', summary: 'x' }] }) }),
      'gates: image scan has failed, and it was released',
    ],
    [
      'another end than the run has told',
      (b) => ({ ...b, end: { ...b.end!, outcome: 'unproven' } }),
      'end: it is on record as unproven, and the run has told verified',
    ],
    [
      'a decision that no row tells',
      () => {
        const decided = [aSigned('approve', kim), aSigned('approve', lee)];
        return aBundle({ decided, rows: rowsAbout(decided.slice(1)) });
      },
      'audit: no row says that kim has decided: approve',
    ],
    [
      'a row that tells another decision',
      () => {
        const decided = [aSigned('approve', kim), aSigned('approve', lee)];
        const rows = rowsAbout(decided).map((row) => (row.who === 'kim' ? { ...row, who: 'max' } : row));
        return aBundle({ decided, rows });
      },
      'says otherwise than the approve of kim',
    ],
  ])('is found to be wrong by %s', async (_what, change, wanted) => {
    expect(await failures(change(aBundle()))).toContainEqual(expect.stringContaining(wanted));
  });

  it.each<[string, (bundle: EvidenceBundle) => EvidenceBundle, string]>([
    [
      'a row was edited',
      (b) => rowsOf(b, (rows) => rows.map((row) => (row.n === 43 ? { ...row, who: 'x' } : row))),
      'row 43 was edited',
    ],
    ['a row is missing', (b) => rowsOf(b, (rows) => rows.filter(({ n }) => n !== 45)), 'row 45 was removed'],
    ['the first row is missing', (b) => rowsOf(b, (rows) => rows.slice(1)), 'row 42 was removed'],
    [
      'a row was put in',
      (b) => rowsOf(b, (rows) => [rows[0]!, { ...rows[0]!, key: 'y' }, ...rows.slice(1)]),
      'row 42 was',
    ],
    [
      'all were hashed anew',
      (b) =>
        rowsOf(b, (rows) =>
          chained(
            rows.map((row) => ({ ...row, at: 5 })),
            b.audit[0]!.before,
          ),
        ),
      'hashed anew',
    ],
    [
      'the row before has another hash',
      (b) => ({ ...b, audit: b.audit.map((one) => ({ ...one, before: { ...one.before, hash: 'd'.repeat(64) } })) }),
      'row 42 does not follow what stands before it',
    ],
    [
      'it is of another lane',
      (b) => ({ ...b, audit: b.audit.map((one) => ({ ...one, chain: 'shop/staging' })) }),
      'no chain of shop/production',
    ],
    [
      'its first row is not the first about it',
      (b) => ({ ...b, audit: b.audit.map((one) => ({ ...one, first: 43 })) }),
      'row 42 is about it, and stands before',
    ],
    [
      'it begins with another beginning',
      (b) => ({ ...b, audit: b.audit.map((one) => ({ ...one, before: { n: 0, hash: 'e'.repeat(64) } })) }),
      'where every chain begins',
    ],
    [
      'the signed end is of another key',
      (b) => ({ ...b, statements: b.statements.map(({ statement }) => other.signEnds(statement)) }),
      'ends of the audit: statement 7 has a signature that does not hold',
    ],
  ])('is found to be wrong where of the audit %s', async (_what, change, wanted) => {
    expect(await failures(change(aBundle()))).toContainEqual(expect.stringContaining(wanted));
  });

  it.each<[string, (bundle: EvidenceBundle) => EvidenceBundle, string]>([
    ['the request', ({ request: _request, ...b }) => b, 'request: who has asked for it is signed by nobody in here'],
    ['the plan in force', (b) => ({ ...b, plans: [] }), 'which is not in here'],
    ['what the plan asks for', (b) => ({ ...b, plans: [] }), 'approvals: what the plan asks for is not known'],
    [
      'what was approved',
      () =>
        aBundle({
          decided: [
            aSigned('approve', kim),
            aSigned('approve', lee),
            aSigned('approve', kim, { planHash: 'c'.repeat(64) }),
          ],
        }),
      'is of the plan ccc',
    ],
    [
      'what a gate has found',
      (b) => ({ ...b, kept: { ...b.kept!, gates: [] } }),
      'gates: what image scan has found is not in here',
    ],
    [
      'a place that was verified',
      (b) => ({ ...b, verified: [], end: { ...b.end!, result: { ...b.end!.result!, regions: [] } } }),
      'images: not on record as verified, or revoked since: core in de, core in nl',
    ],
    ['the end', ({ end: _end, ...b }) => b, 'end: none is on record'],
    ['an end of the chain', (b) => ({ ...b, statements: [] }), 'no end was signed at row 48 or later'],
    ['the last rows', (b) => rowsOf(b, (rows) => rows.slice(0, 3)), 'rows 45 to 48 are not in here'],
    ['the audit', (b) => ({ ...b, audit: [], statements: [] }), 'audit: no row about it is in here'],
    [
      'how a step has ended',
      () => {
        const decided = [aSigned('approve', kim), aSigned('approve', lee)];
        return aBundle({ decided, rows: rowsAbout(decided).filter(({ key }) => key !== 'run/5/done') });
      },
      'says planRelease begun, and none how that has ended',
    ],
    [
      'who has written its end',
      () => {
        const decided = [aSigned('approve', kim), aSigned('approve', lee)];
        return aBundle({ decided, rows: rowsAbout(decided).filter(({ what }) => what !== 'recordEnd done') });
      },
      'no row says that the run has written down its end',
    ],
    ['what the gateway names', (b) => ({ ...b, missing: [{ what: 'log', why: 'it is gone' }] }), 'log: it is gone'],
  ])('says that it does not have %s', async (_what, change, wanted) => {
    const bundle = change(aBundle());
    expect(await unseen(bundle)).toContainEqual(expect.stringContaining(wanted));
  });

  it('is signed as nothing else is, and nothing else as it', () => {
    const bundle = aBundle();
    const { signature, keyId } = evidenceSigner.signEvidence(bundle);
    const seal = { signature, keyId };
    expect(verifier.verifyEvidence({ bundle, ...seal })).toBe(true);
    expect(verifier.verifyEnds({ statement: bundle as never, ...seal })).toBe(false);
    expect(verifier.verifyRequest({ taken: bundle as never, ...seal })).toBe(false);
    expect(verifier.verify({ decision: bundle as never, ...seal })).toBe(false);
    const { statement, ...ofEnds } = evidenceSigner.signEnds(bundle as never);
    expect(verifier.verifyEvidence({ bundle: statement as never, ...ofEnds })).toBe(false);
  });

  it('goes by an end from outside as by one that is in it', async () => {
    const { statements, ...bundle } = aBundle();
    const lines = await proven({ ...bundle, statements: [] }, statements);
    expect(inShort(lines, 'holds')).toContainEqual(
      expect.stringContaining('were there when row 49 was signed as its end'),
    );
    const rehashed = rowsOf({ ...bundle, statements: [] }, (rows) =>
      chained(
        rows.map((row) => ({ ...row, at: 5 })),
        bundle.audit[0]!.before,
      ),
    );
    expect(inShort(await proven(rehashed), 'fails')).toEqual([]);
    expect(inShort(await proven(rehashed, statements), 'fails')).toEqual([expect.stringContaining('hashed anew')]);
  });

  it('goes by the row of a decision, whatever others have written under its key in a chain of their own', async () => {
    const bundle = aBundle();
    const { decision } = bundle.decisions[0]!;
    const chain = 'shop/production@build';
    const rows = chained([
      { lane: chain, key: `decision/${decision.id}`, at: 1, what: 'decision reject', who: 'x', facts: {} },
    ]);
    const other = { chain, before: { n: 0, hash: '0'.repeat(64) }, first: 1, last: 1, rows };
    expect(await failures({ ...bundle, audit: [other, ...bundle.audit] })).toEqual([]);
  });

  it('goes by nothing that an end says of rows that are not in it', async () => {
    const { statements, ...bundle } = aBundle();
    const far = {
      ...statements[0]!.statement,
      ends: [{ lane: bundle.audit[0]!.chain, n: 4_000, hash: 'a'.repeat(64) }],
    };
    expect(await failures({ ...bundle, statements: [evidenceSigner.signEnds(far)] })).toEqual([]);
  });

  it.each<[string, EvidenceBundle, string]>([
    [
      'nobody who must be asked',
      aBundle({ plan: aReleasedPlan({ approval: aPolicy({ required: false, groups: [] }) }), decided: [] }),
      'the plan asks for none',
    ],
    [
      'a no, and nothing that was changed',
      {
        ...aBundle({ decided: [aSigned('reject', lee)] }),
        changed: [],
        verified: [],
        end: { outcome: 'rejected', summary: '' },
      },
      'lee has rejected it, and nothing was changed',
    ],
    [
      'nobody who has decided, and nothing that was changed',
      { ...aBundle({ decided: [] }), changed: [], verified: [], end: { outcome: 'expired', summary: '' } },
      'nothing was changed, which nobody need approve: 0 of 2',
    ],
    [
      'a no that came too late',
      aBundle({
        decided: [aSigned('approve', kim), aSigned('approve', lee), aSigned('abort', dana, {}, { afterChange: true })],
      }),
      'nobody has said one before anything was changed',
    ],
    [
      'an order that has a run of its own',
      aBundle({
        decided: [
          aSigned('approve', kim),
          aSigned('approve', lee),
          aSigned('roll-back', kim, { run: 'rollback/shop/production/x' }),
        ],
      }),
      'each decision about',
    ],
    [
      'somebody who may after a while',
      aBundle({
        plan: aReleasedPlan({
          approval: aPolicy({ quorum: 2, escalate: { afterMs: 3_600_000, groups: ['managers'] } }),
        }),
        decided: (() => {
          const planHash = hashOf(
            aReleasedPlan({ approval: aPolicy({ quorum: 2, escalate: { afterMs: 3_600_000, groups: ['managers'] } }) }),
          );
          return [
            aSigned('approve', kim, { planHash }),
            aSigned('approve', aPerson('mo', 'managers'), { planHash, decidedAt: 1_700_000_000_000 + 3_700_000 }),
          ];
        })(),
      }),
      'kim, mo',
    ],
  ])('holds with %s', async (_what, bundle, wanted) => {
    const lines = await proven(bundle);
    expect(inShort(lines, 'fails')).toEqual([]);
    expect(inShort(lines, 'holds')).toContainEqual(expect.stringContaining(wanted));
  });

  it('asks who has written it where the plan keeps them from approving', async () => {
    const plan = aReleasedPlan({ approval: aPolicy({ quorum: 1, excludeAuthors: true }) });
    const by = { ...kim, emails: ['kim@example.test'] };
    const bundle = aBundle({ plan, decided: [aSigned('approve', by, { planHash: hashOf(plan) })] });
    expect(await failures({ ...bundle, authors: ['dana@example.test'] })).toEqual([]);
    expect(await failures({ ...bundle, authors: ['kim@example.test'] })).toHaveLength(1);
    expect(await failures(bundle)).toHaveLength(1);
  });

  it('takes a component for its regions alone', async () => {
    const plan = aReleasedPlan({
      components: [aPlannedComponent('core', { regions: ['de'] })],
      regions: [aRegion('de'), aRegion('nl')],
    });
    expect(await failures(aBundle({ plan }))).toContainEqual(
      expect.stringContaining('core in nl was verified, and the plan puts nothing there'),
    );
  });
});

function rowsOf(
  bundle: EvidenceBundle,
  change: (rows: EvidenceBundle['audit'][number]['rows']) => EvidenceBundle['audit'][number]['rows'],
): EvidenceBundle {
  return { ...bundle, audit: bundle.audit.map((chain) => ({ ...chain, rows: change(chain.rows) })) };
}
