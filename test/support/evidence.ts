import { sign } from 'node:crypto';
import { sha256 } from '../../activities/shared/sha256.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { chainEntry, chainStart } from '../../domain/audit-chain.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { BundledDecision, EvidenceBundle, SignedEvidence } from '../../domain/contract/evidence-bundle.ts';
import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import { releaseId } from '../../domain/contract/names.ts';
import { labelledText } from '../../domain/signed-text.ts';
import type { Identity, ReleasePlan, ReleaseRequest } from '../../domain/contract/release.ts';
import {
  anImage,
  aPerson,
  aPlan,
  aPlannedComponent,
  aPolicy,
  aRegion,
  aRequest,
  aResult,
  aVerified,
} from '../domain/builders.ts';

/** Evidence as a gateway makes it of a release that went well: two regions, two yeses, everything on record. */

export const evidenceKeys = createKeyPair();
const signer = createSigner(evidenceKeys.privateKeyPem);

/** A gateway signs one beside its other work. */
export const evidenceSigner = {
  ...signer,
  signEvidence(bundle: EvidenceBundle): SignedEvidence {
    const signature = sign(null, Buffer.from(labelledText('evidence', bundle)), evidenceKeys.privateKeyPem);
    const { keyId } = signer.signEnds({ n: 1, at: 1, installation: '', ends: [], previous: '' });
    return { bundle, keyId, signature: signature.toString('base64') };
  },
};

const chain = 'shop/production';
const askedAt = 1_700_000_000_000;
const releasedId = releaseId(aRequest());

export const kim = aPerson('kim', 'approvers');
export const lee = aPerson('lee', 'approvers');

export const hashOf = (plan: ReleasePlan): string => sha256(canonicalJson(plan));

export function aReleasedPlan(changes: Partial<ReleasePlan> = {}): ReleasePlan {
  return aPlan({
    components: [aPlannedComponent('core')],
    regions: [aRegion('de'), aRegion('nl')],
    gates: [{ gate: 'image scan', verdict: 'pass', summary: 'nothing found' }],
    approval: aPolicy({ quorum: 2 }),
    ...changes,
  });
}

interface Told {
  plan?: ReleasePlan;
  request?: Partial<ReleaseRequest>;
  decided?: BundledDecision[];
  rows?: Omit<ChainedEntry, 'n' | 'previous' | 'hash'>[];
}

let decisions = 0;

export function aSigned(
  kind: DecisionKind,
  by: Identity,
  changes: Partial<Decision> = {},
  standing: Partial<BundledDecision> = {},
): BundledDecision {
  const decision: Decision = {
    ...{ id: `d${(decisions += 1)}`, kind, releaseId: releasedId, planHash: hashOf(aReleasedPlan()), by },
    ...{ channel: 'cli', decidedAt: askedAt + 60_000 + decisions, reason: 'looked at it', ...changes },
  };
  return { ...evidenceSigner.sign(decision), afterChange: false, ...standing };
}

/** A while after the last yes. */
function usualChange(decided: readonly BundledDecision[]): number {
  const yeses = decided.filter(({ decision: { kind } }) => kind === 'approve');
  return Math.max(askedAt + 60_000, ...yeses.map(({ decision }) => decision.decidedAt)) + 60_000;
}

/** What its steps and the people have written into the audit, in one chain. */
export function rowsAbout(
  decided: readonly BundledDecision[],
  { changedAt = usualChange(decided) }: { changedAt?: number | 'never' } = {},
): Omit<ChainedEntry, 'n' | 'previous' | 'hash'>[] {
  const row = (key: string, what: string, who = releasedId, facts = {}, at = askedAt + 90_000) => {
    return { lane: chain, key, at, what, who, facts };
  };
  const changed = [
    row('run/60/begun', 'applyComponent begun', releasedId, {}, Number(changedAt)),
    row('run/60/done', 'applyComponent done', releasedId, {}, Number(changedAt) + 10_000),
  ];
  return [
    row('run/5/begun', 'planRelease begun'),
    row('run/5/done', 'planRelease done'),
    ...decided
      .filter(({ decision }) => decision.run === undefined)
      .map(({ decision: { id, kind, by, releaseId, planHash } }) =>
        row(`decision/${id}`, `decision ${kind}`, by.id, { releaseId, planHash }),
      ),
    ...(changedAt === 'never' ? [] : changed),
    row('other/1', 'recordLane done', 'lane/shop/production'),
    row('run/90/begun', 'recordEnd begun'),
    row('run/90/done', 'recordEnd done'),
  ];
}

export function chained(
  rows: readonly Omit<ChainedEntry, 'n' | 'previous' | 'hash'>[],
  from = chainStart,
): ChainedEntry[] {
  const all: ChainedEntry[] = [];
  for (const row of rows) all.push(chainEntry(all.at(-1) ?? from, row, sha256));
  return all;
}

export function aBundle({ plan = aReleasedPlan(), request = {}, decided, rows }: Told = {}): EvidenceBundle {
  const planHash = hashOf(plan);
  const own = decided ?? [aSigned('approve', kim, { planHash }), aSigned('approve', lee, { planHash })];
  const before = { n: 41, hash: 'e'.repeat(64) };
  const chainRows = chained(rows ?? rowsAbout(own), before);
  const later = { lane: chain, key: 'x', at: askedAt + 95_000, what: 'recordLane done', who: 'lane/x', facts: {} };
  const all = [...chainRows, chainEntry(chainRows.at(-1)!, later, sha256)];
  const end = { lane: chain, n: all.at(-1)!.n, hash: all.at(-1)!.hash };
  const image = anImage('core', '1');
  const places = plan.regions.map(({ name: region }) => ({ region, component: 'core', image }));
  const taken = { releaseId: releasedId, requestKey: 'k', request: aRequest({ requestedAt: askedAt, ...request }) };
  const statement = { n: 7, at: askedAt + 100_000, installation: 'i', ends: [end], previous: 'f'.repeat(64) };
  return {
    ...{ kind: 'slipway.evidence', version: 1, madeAt: askedAt + 900_000 },
    release: { id: releasedId, number: 142, service: 'shop', environment: 'production' },
    request: evidenceSigner.signRequest(taken),
    ...{ planHash, plannedAt: askedAt + 30_000, plans: [{ hash: planHash, plan }] },
    ...{ decisions: own, orders: [], changed: ['region de', 'region nl'] },
    end: {
      ...{ outcome: 'verified', summary: 'it ended verified', endedAt: askedAt + 500_000 },
      result: aResult('verified', {
        planHash,
        regions: places.map(({ region, ...one }) => ({
          region,
          phase: 'verified',
          components: [{ ...one, phase: 'verified', note: '' }],
        })),
        timings: [{ stage: 'building', startedAt: askedAt, endedAt: askedAt + 10_000 }],
      }),
      checks: [{ name: 'images', verdict: 'pass', summary: 'nothing found' }],
      log: [{ at: askedAt, line: 'begun' }],
    },
    verified: places.map((place) => aVerified({ ...place, releaseId: releasedId, planHash, verifiedAt: askedAt })),
    migrations: [
      {
        ...{ service: 'shop', environment: 'production', database: 'shop', releaseId: releasedId },
        ...{ pending: ['0002'], contracting: [], changedAt: askedAt },
      },
    ],
    kept: {
      gates: [{ gate: 'image scan', verdict: 'pass', summary: 'nothing found', found: { findings: [], counted: 0 } }],
      tests: { passed: true, exitCode: 0, total: 3, failed: [], logs: [] },
      migrations: [{ database: 'shop', end: 'succeeded', log: { of: 'migration/shop', bytes: 3 } }],
      smoke: [{ region: 'de', test: 'checkout', verdict: 'pass', words: '3 of 3' }],
    },
    logs: [{ of: 'migration/shop', text: 'OK\n' }],
    audit: [{ chain, before, rows: all, statement: 7 }],
    statements: [evidenceSigner.signEnds(statement)],
    keyIds: [evidenceSigner.signEnds(statement).keyId],
    missing: [],
  };
}

/** One that has ended before anything was changed. */
export function unchanged(decided: BundledDecision[], outcome: string): EvidenceBundle {
  const rows = rowsAbout(decided, { changedAt: 'never' });
  return { ...aBundle({ decided, rows }), changed: [], verified: [], migrations: [], end: { outcome, summary: '' } };
}

export function anEvidence(change: (bundle: EvidenceBundle) => EvidenceBundle = (bundle) => bundle): SignedEvidence {
  return evidenceSigner.signEvidence(change(aBundle()));
}
