import type { EvidenceBundle, SignedEvidence } from '../../../domain/contract/evidence-bundle.ts';
import { examples } from './examples.ts';

const { releaseId, planHash, plan, lane, commit, startedAt, decisionId, auditRow, evidence } = examples;
const keyId = '5f2c91d04be7a386';
const sealed = { keyId, signature: `${'Jx'.repeat(42)}JA==` };

const bundle: EvidenceBundle = {
  kind: 'slipway.evidence',
  version: 1,
  madeAt: startedAt + 900_000,
  release: { id: releaseId, number: 142, ...lane },
  request: {
    taken: {
      releaseId,
      requestKey: 'ci/1843/1',
      request: {
        ...{ ...lane, repository: 'https://git.example.com/shop', branch: 'main', commit, attempt: 1 },
        requestedBy: { id: 'dana', via: 'oidc', groups: ['developers'] },
        ...{ requestedAt: startedAt, images: {}, downgrade: false },
      },
    },
    ...sealed,
  },
  planHash,
  plannedAt: startedAt + 95_000,
  plans: [{ hash: planHash, plan }],
  decisions: [
    {
      decision: {
        ...{ id: decisionId, kind: 'approve', releaseId, planHash },
        by: { id: 'kim', via: 'oidc', groups: ['release-managers'] },
        ...{ channel: 'cli', decidedAt: startedAt + 120_000, reason: 'looked at together' },
      },
      ...sealed,
      afterChange: false,
    },
  ],
  orders: [],
  changed: ['region eu-west'],
  end: { outcome: 'verified', summary: 'verified in eu-west', endedAt: startedAt + 600_000 },
  verified: [],
  migrations: [],
  kept: evidence as NonNullable<EvidenceBundle['kept']>,
  logs: [],
  audit: [
    {
      chain: auditRow.lane,
      before: { n: auditRow.n - 1, hash: auditRow.previous },
      rows: [auditRow],
    },
  ],
  statements: [],
  keyIds: [keyId],
  missing: [{ what: 'log', why: 'the run has kept none' }],
};

export const evidenceExample: SignedEvidence = { bundle, ...sealed };
