import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { createKeyPair, createSigner, createVerifier } from '../../../activities/shared/signatures.ts';
import type { EvidenceBundle } from '../../../domain/contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../../../domain/contract/evidence.ts';
import { noRoom } from '../../../domain/contract/evidence-bundle.ts';
import { verdictOf } from '../../../domain/evidence/line.ts';
import type { EvidenceLine, EvidenceVerdict } from '../../../domain/evidence/line.ts';
import { proveEvidence } from '../../../domain/evidence/prove.ts';
import { anImage, aPerson, aPlannedComponent, aPolicy, aRegion, aResult, aVerified } from '../builders.ts';
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
  unchanged,
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
      ...['file', 'request', 'plan', 'decisions', 'approvals', 'a no', 'gates', 'images', 'end', 'audit'],
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
    expect(lines.map(({ state, what }) => `${state} ${what}`)).toEqual(['fails file', 'unseen all that it says']);
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
    ['the end', () => goesOn(), 'end: none is on record'],
    ['an end of the chain', (b) => ({ ...b, statements: [] }), 'no end was signed at row 50 or later'],
    [
      'rows for which there was no room',
      (b) => ({ ...b, audit: b.audit.map((one) => ({ ...one, rows: one.rows.slice(0, 3), isCut: true })) }),
      'what comes after row 44 is not in here',
    ],
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
      expect.stringContaining('were there when row 51 was signed as its end'),
    );
    const rehashed = rowsOf({ ...bundle, statements: [] }, (rows) =>
      chained(
        rows.map((row) => ({ ...row, at: row.at + 1 })),
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
      at: bundle.madeAt,
      ends: [{ lane: bundle.audit[0]!.chain, n: 4_000, hash: 'a'.repeat(64) }],
    };
    const audit = bundle.audit.map(({ statement: _statement, ...one }) => one);
    expect(await failures({ ...bundle, audit, statements: [evidenceSigner.signEnds(far)] })).toEqual([]);
  });

  it.each<[string, EvidenceBundle, string]>([
    [
      'nobody who must be asked',
      aBundle({ plan: aReleasedPlan({ approval: aPolicy({ required: false, groups: [] }) }), decided: [] }),
      'the plan asks for none',
    ],
    [
      'a no, and nothing that was changed',
      unchanged([aSigned('reject', lee)], 'rejected'),
      'lee has rejected it, and nothing was changed',
    ],
    [
      'nobody who has decided, and nothing that was changed',
      unchanged([], 'expired'),
      'nothing was changed, which nobody need approve: 0 of 2',
    ],
    [
      'a no that came too late',
      aBundle({
        decided: [
          aSigned('approve', kim),
          aSigned('approve', lee),
          aSigned('abort', dana, { decidedAt: 1_700_000_300_000 }, { afterChange: true }),
        ],
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
      'each decision of the run',
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
    const bundle = aBundle({ plan, decided: [aSigned('approve', kim, { planHash: hashOf(plan) })] });
    expect(await failures({ ...bundle, wrote: ['dana'] })).toEqual([]);
    expect(await failures({ ...bundle, wrote: ['kim'] })).toHaveLength(1);
    expect(await failures({ ...bundle, wrote: 'unknown' })).toHaveLength(1);
    expect(await failures(bundle)).toHaveLength(1);
  });

  const nothing = () => unchanged([], 'halted');
  const phased = (phase: 'deployed' | 'pending', more = {}) => {
    const bundle = nothing();
    const [region] = aBundle().end!.result!.regions;
    const regions = [{ ...region!, phase, components: [], ...more }];
    return { ...bundle, end: { ...bundle.end!, result: aResult('halted', { planHash: bundle.planHash!, regions }) } };
  };

  it.each<[string, EvidenceBundle]>([
    ['what it had begun to change', { ...nothing(), changed: ['region de'] }],
    ['what was verified', { ...nothing(), verified: aBundle().verified }],
    ['what was done to databases', { ...nothing(), migrations: aBundle().migrations }],
    ['how it has ended', unchanged([], 'rolled-back')],
    ['a region', phased('deployed')],
    ['when a region was first changed', phased('pending', { begunAt: 5 })],
    ['a step in the audit', { ...aBundle({ decided: [], rows: rowsAbout([]) }), ...emptied() }],
    [
      'a step in the audit that has no end',
      { ...aBundle({ decided: [], rows: rowsAbout([]).filter(({ key }) => key !== 'run/60/done') }), ...emptied() },
    ],
  ])('is found to have changed something without a yes where %s alone tells it', async (_what, bundle) => {
    expect(await failures(bundle)).toContain(
      'approvals: it has changed something, and 0 of 2 that the plan asks for count',
    );
    expect(verdictOf(await proven(bundle))).toBe('does not hold');
  });

  it.each<[string, object, string]>([
    ['another plan', { planHash: 'c'.repeat(64) }, 'plan: what was put in place was so by the plan ccc'],
    [
      'another image',
      { purpose: 'deploy', region: 'de', component: 'core', image: anImage('core', '9') },
      'as core in de, and the plan does not',
    ],
    [
      'another place',
      { purpose: 'deploy', region: 'us', component: 'core', image: anImage('core', '1') },
      'as core in us, and the plan does not',
    ],
  ])('is found to be wrong where a step has said that it changed something by %s', async (_what, facts, wanted) => {
    const decided = [aSigned('approve', kim), aSigned('approve', lee)];
    const rows = (said: object) =>
      rowsAbout(decided).map((row) => (row.key === 'run/60/done' ? { ...row, facts: { ...said } } : row));
    expect(await failures(aBundle({ decided, rows: rows(facts) }))).toContainEqual(expect.stringContaining(wanted));
    const back = { ...facts, planHash: hashOf(aReleasedPlan()), purpose: 'roll-back' };
    expect(await failures(aBundle({ decided, rows: rows(back) }))).toEqual([]);
  });

  it('takes no step that was refused for a change', async () => {
    const rows = rowsAbout([]).map((row) =>
      row.key === 'run/60/done' ? { ...row, key: 'run/60/failed', what: 'applyComponent failed' } : row,
    );
    expect(await failures({ ...aBundle({ decided: [], rows }), ...emptied() })).toEqual([]);
  });

  const yes = aSigned('approve', kim);
  const second = aSigned('approve', lee);
  const no = aSigned('reject', lee, { decidedAt: 1_700_000_050_000 });
  const called = aSigned('abort', dana, { decidedAt: 1_700_000_050_000 });

  it.each<[string, EvidenceBundle, string]>([
    ['a no', aBundle({ decided: [yes, second], rows: rowsAbout([no, yes, second]) }), 'lee has decided: reject'],
    [
      'a call-off',
      aBundle({ decided: [yes, second], rows: rowsAbout([yes, second, called]) }),
      'dana has decided: abort',
    ],
    ['a yes', aBundle({ decided: [yes], rows: rowsAbout([yes, second]) }), 'lee has decided: approve'],
    ['all that was decided', aBundle({ decided: [], rows: rowsAbout([no, yes]) }), 'lee has decided: reject'],
  ])('misses %s that was taken from the records', async (_what, bundle, wanted) => {
    expect(await failures(bundle)).toContainEqual(expect.stringContaining(`${wanted}, and that is not in here`));
  });

  it('misses none for which there was no room', async () => {
    const bundle = aBundle({ decided: [yes, second], rows: rowsAbout([no, yes, second]) });
    const lines = await proven({ ...bundle, missing: [{ what: 'decisions: 1 of 3', why: noRoom }] });
    expect(inShort(lines, 'fails')).toEqual([]);
    expect(verdictOf(lines)).toBe('cannot be told');
    const odd = await proven({ ...bundle, missing: [{ what: 'decisions: 1 of 3', why: 'of no form' }] });
    expect(verdictOf(odd)).toBe('does not hold');
  });

  it('misses nothing that others write about it, and that was decided about another', async () => {
    const elsewhere = aSigned('reject', lee, { releaseId: 'release/shop/production/x/1' });
    const bundle = aBundle({ decided: [yes, second], rows: rowsAbout([yes, second, elsewhere]) });
    const build = 'shop/production@build';
    const rows = chained([{ ...rowsAbout([no]).find(({ who }) => who === 'lee')!, lane: build }]);
    const strange = { chain: build, before: { n: 0, hash: '0'.repeat(64) }, rows };
    expect(await failures({ ...bundle, audit: [...bundle.audit, strange] })).toEqual([]);
  });

  it('misses rows at the end of a chain, by the end that was signed', async () => {
    const bundle = aBundle();
    const cut = rowsOf(bundle, (rows) => rows.slice(0, -2));
    expect(await failures(cut)).toContain(
      'audit: shop/production: rows 50 to 51 were removed: they were there when that was signed as its end',
    );
    const { statements, ...kept } = cut;
    const audit = kept.audit.map(({ statement: _statement, ...one }) => one);
    expect(await failures({ ...kept, audit, statements: [] })).toEqual([]);
    expect(inShort(await proven({ ...kept, audit, statements: [] }, statements), 'fails')).toHaveLength(1);
  });

  it('misses a whole chain, by an end that was signed', async () => {
    const bundle = aBundle();
    const { statement } = bundle.statements[0]!;
    const ends = [...statement.ends, { lane: 'shop/production@gateway', n: 3, hash: 'a'.repeat(64) }];
    const statements = [evidenceSigner.signEnds({ ...statement, ends })];
    expect(await failures({ ...bundle, statements })).toEqual([
      'audit: shop/production@gateway: all its rows were removed: a gateway has signed where it ends',
    ]);
  });

  it('cannot tell of a no where the rows in which people decide are not there', async () => {
    const bundle = aBundle({
      plan: aReleasedPlan({ approval: aPolicy({ required: false, groups: [] }) }),
      decided: [],
    });
    const engine = 'shop/production@engine';
    const rows = chained(bundle.audit[0]!.rows.map((row) => ({ ...row, lane: engine })));
    const audit = [{ chain: engine, before: { n: 0, hash: '0'.repeat(64) }, rows }];
    const lines = await proven({ ...bundle, audit, statements: [] });
    expect(inShort(lines, 'fails')).toEqual([]);
    expect(lines).toContainEqual(
      expect.objectContaining({ isNeeded: true, says: expect.stringContaining('rows in which a gateway writes') }),
    );
  });

  it('leaves approvals and noes unseen where no row of the audit is there', async () => {
    const lines = await proven({ ...aBundle(), audit: [], statements: [] });
    expect(inShort(lines, 'fails')).toEqual([]);
    for (const what of ['approvals', 'a no'])
      expect(lines).toContainEqual(
        expect.objectContaining({ state: 'unseen', what, says: expect.stringContaining('no row of the audit') }),
      );
    expect(verdictOf(lines)).toBe('cannot be told');
  });

  it.each<[string, EvidenceBundle, EvidenceVerdict]>([
    ['of what went well', aBundle(), 'proven'],
    ['of what was refused', unchanged([aSigned('reject', lee)], 'rejected'), 'proven'],
    ['where nobody knows who has asked', (({ request: _request, ...b }) => b)(aBundle()), 'cannot be told'],
    ['where no end was signed', { ...aBundle(), statements: [] }, 'cannot be told'],
    ['where the plan is gone', { ...aBundle(), plans: [] }, 'cannot be told'],
    ['where the plan is gone, and nobody has approved it', { ...aBundle({ decided: [] }), plans: [] }, 'does not hold'],
    ['where no plan was ever made', without(aBundle(), 'planHash'), 'does not hold'],
    ['where what a gate has found is gone', without(aBundle(), 'kept'), 'cannot be told'],
    ['where a log is gone', { ...aBundle(), missing: [{ what: 'log', why: 'it is gone' }] }, 'proven'],
    ['where its end is gone', without(aBundle(), 'end'), 'does not hold'],
    ['of what goes on', goesOn(), 'proven'],
  ])('comes to one verdict %s', async (_what, bundle, wanted) => {
    const lines = await proven(bundle);
    expect([verdictOf(lines), inShort(lines, 'fails').length > 0]).toEqual([wanted, wanted === 'does not hold']);
  });

  it('counts a yes that the run has gone by, as its row says, and no other', async () => {
    const { decision } = yes;
    const consumed = (ids: string[]) => {
      const facts = { planHash: decision.planHash, decisionIds: ids };
      const row = { lane: 'shop/production', key: 'run/50/done', at: decision.decidedAt, what: 'consumeApproval done' };
      return aBundle({
        decided: [yes, second],
        rows: [...rowsAbout([yes, second]), { ...row, who: yes.decision.releaseId, facts }],
      });
    };
    expect(await failures(consumed([decision.id, second.decision.id]))).toEqual([]);
    expect(await failures(consumed([decision.id]))).toEqual([
      'approvals: it has changed something, and 1 of 2 that the plan asks for count',
    ]);
  });

  it('goes by signed times for what came after the change, and not by what the records say of it', async () => {
    const late = aSigned('approve', lee, { decidedAt: 1_700_000_600_000 });
    const rows = rowsAbout([yes, late], { changedAt: 1_700_000_300_000 });
    expect(await failures(aBundle({ decided: [yes, late], rows }))).toEqual([
      'approvals: it has changed something, and 1 of 2 that the plan asks for count',
    ]);
    const hidden = { ...no, afterChange: true };
    expect(await failures(aBundle({ decided: [yes, second, hidden] }))).toContainEqual(
      'approvals: lee has rejected it, and it has changed something',
    );
    const about = aSigned('abort', dana, { decidedAt: 1_700_000_301_000 }, { afterChange: true });
    const all = [yes, second, about];
    const lines = await proven(aBundle({ decided: all, rows: rowsAbout(all, { changedAt: 1_700_000_300_000 }) }));
    expect(verdictOf(lines)).toBe('cannot be told');
  });

  it('takes the word of the gateway for what was signed with an address, by a key that is known', async () => {
    const emails = ['kim@example.test'];
    const [signed] = [aSigned('approve', { ...kim, emails })];
    const shown = { ...signed, decision: { ...signed.decision, by: kim } };
    const by = (withAddresses: 'holds' | 'does not hold', more = {}) =>
      aBundle({ decided: [{ ...shown, withAddresses, ...more }, second] });
    expect(await failures(by('holds'))).toEqual([]);
    expect(inShort(await proven(by('holds')), 'holds')).toContainEqual(
      expect.stringContaining('of 1 that is the word of the gateway'),
    );
    expect(await failures(by('does not hold'))).toContainEqual(expect.stringContaining('the approve of kim'));
    expect(await failures(by('holds', { keyId: 'ab'.repeat(8) }))).toContainEqual(
      expect.stringContaining('none of those that were given'),
    );
    expect(await failures(aBundle({ decided: [shown, second] }))).toContainEqual(
      expect.stringContaining('it was changed since'),
    );
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

/** Of what has changed something all that says so but the audit. */
function emptied(): Pick<EvidenceBundle, 'changed' | 'verified' | 'migrations' | 'end'> {
  return { changed: [], verified: [], migrations: [], end: { outcome: 'halted', summary: '' } };
}

function goesOn(): EvidenceBundle {
  const decided = [aSigned('approve', kim), aSigned('approve', lee)];
  return without(aBundle({ decided, rows: rowsAbout(decided).filter(({ key }) => !key.startsWith('run/90/')) }), 'end');
}

function without(bundle: EvidenceBundle, name: 'planHash' | 'kept' | 'end'): EvidenceBundle {
  return Object.fromEntries(Object.entries(bundle).filter(([key]) => key !== name)) as unknown as EvidenceBundle;
}

function rowsOf(
  bundle: EvidenceBundle,
  change: (rows: EvidenceBundle['audit'][number]['rows']) => EvidenceBundle['audit'][number]['rows'],
): EvidenceBundle {
  return { ...bundle, audit: bundle.audit.map((chain) => ({ ...chain, rows: change(chain.rows) })) };
}
