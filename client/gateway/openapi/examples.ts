import type { Decide, StartRelease, StartRollback } from '../../../domain/contract/gateway.ts';
import type { NotificationView } from '../../../domain/contract/outbox.ts';
import type { TokenView } from '../../../domain/contract/tokens.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';

/** Values that the examples share: one release of a shop, from its request to its end. */

const startedAt = Date.UTC(2026, 10, 30, 8, 0, 12);
const commit = '4f0c2b9d7e1a68c35b0f9e2d4a7c81b6035de92f';
const before = 'b81e07a4c39d52f6e8a01c7d94b3f2065ea8d71c';
const image = `registry.example.com/shop/core@sha256:${'7a'.repeat(32)}`;
const imageBefore = `registry.example.com/shop/core@sha256:${'3c'.repeat(32)}`;
const planHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const planBefore = '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752';
const releaseId = `release/shop/production/${commit}/1`;
const releaseBefore = `release/shop/production/${before}/1`;
const lane = { service: 'shop', environment: 'production' };
const decisionId = '0b9f6f0e-6a3c-4c1e-9c53-3d7f5b1e2a90';

const token: TokenView = {
  name: 'shop-ci',
  person: 'release-robot',
  rights: ['look', 'start'],
  services: ['shop'],
  environments: ['staging', 'production'],
  createdBy: 'kim',
  createdAt: startedAt,
  expiresAt: startedAt + 90 * 86_400_000,
  state: 'good',
};
const notification: NotificationView = {
  id: 4711,
  key: `${releaseId}/approval/${planHash}`,
  target: 'shop-channel',
  run: releaseId,
  event: 'approval',
  level: 'attention',
  title: 'shop → production: approval wanted',
  state: 'dead',
  tries: 1,
  madeAt: startedAt + 300_000,
  why: 'SLIP-NTF-2 the notification was refused: chat.example.com answered 404',
};

const secret = 'slp_Zm9yIHBlb3BsZSB0byByZWFkLCBub3QgdG8gdXNlIQ';

const start: StartRelease = {
  service: 'shop',
  branch: 'main',
  commit,
  requestKey: 'ci/1843/1',
};

const row = {
  releaseId,
  number: 142,
  ...lane,
  commit,
  branch: 'main',
  attempt: 1,
  requestedBy: 'dana',
  startedAt,
};

const waitingFor = {
  what: 'approval',
  who: '1 of group release-managers',
  until: startedAt + 86_400_000,
  decisions: ['approve', 'reject', 'abort'],
};

const view = {
  ...row,
  open: true,
  status: {
    releaseId,
    stage: 'awaiting-approval',
    doing: 'waits for an approval',
    waitingFor,
    planHash,
    artifacts: [{ component: 'core', image, origin: 'built' }],
    migrations: [],
    regions: [
      { region: 'eu-west', phase: 'pending', components: [{ component: 'core', image, phase: 'pending', note: '' }] },
    ],
    checks: [{ name: 'images', verdict: 'pass', summary: 'nothing found' }],
    timings: [
      { stage: 'joining', startedAt, endedAt: startedAt + 400 },
      { stage: 'awaiting-approval', startedAt: startedAt + 95_000 },
    ],
    approvals: [],
    log: [{ at: startedAt + 500, line: 'building core' }],
  },
  recorded: { planHash, approvals: [], changed: [], decisions: [] },
  why: ['It waits for an approval: 1 of group release-managers.'],
  pageUrl: `https://slipway.example.com/runs/${releaseId}`,
  temporalUrl: `https://temporal.example.com/namespaces/default/workflows/${encodeURIComponent(releaseId)}`,
};

const events = `id: 5d41402abc4b2a76b9719d911017c592
event: release
data: ${JSON.stringify({ ...row, open: true, why: view.why })}

: alive

id: 7b8b965ad4bca0e41ab51de7b31363a1
event: release
data: ${JSON.stringify({ ...row, open: false, outcome: 'rejected', why: ['It has ended: rejected.'] })}

event: end
data: {"outcome":"rejected"}

`;

const plan: ReleasePlan = {
  version: 1,
  ...lane,
  branch: 'main',
  commit,
  configurationHash: 'c1'.repeat(32),
  policyHash: 'd2'.repeat(32),
  components: [
    { name: 'core', image, origin: 'built', needs: [], workloads: [{ deployment: 'core', containers: ['core'] }] },
  ],
  regions: [
    {
      name: 'eu-west',
      cluster: { kind: 'eks', name: 'shop', awsRegion: 'eu-west-1' },
      namespace: 'shop',
      endpoints: [],
    },
  ],
  waves: [{ regions: ['eu-west'], stages: [{ apply: true, observe: [] }] }],
  migrations: [],
  migrationSpecs: [],
  gates: [{ gate: 'images', verdict: 'pass', summary: 'nothing found' }],
  approval: {
    required: true,
    quorum: 1,
    groups: ['release-managers'],
    expiresMs: 86_400_000,
    excludeRequester: true,
  },
  onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 },
  rollout: { timeoutMs: 600_000 },
  tags: [],
};

const verified = {
  ...lane,
  region: 'eu-west',
  component: 'core',
  image: imageBefore,
  artifact: { kind: 'deployment-image', digest: `sha256:${'3c'.repeat(32)}` },
  commit: before,
  releaseId: releaseBefore,
  planHash: planBefore,
  verifiedAt: startedAt - 86_400_000,
  state: 'verified',
};

const freeze = {
  id: '5d1b2a44-0d5e-4a63-8f0f-0f2f3f8a9c11',
  kind: 'freeze',
  scope: lane,
  from: startedAt + 600_000,
  until: startedAt + 7_800_000,
  passes: [{ kind: 'rollback' }],
  by: 'kim',
  reason: 'sale until eleven',
};

const laneOpen = {
  ...lane,
  status: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 41 } },
  inventory: [verified],
};

const decide: Decide = { decisionId, kind: 'approve', planHash, channel: 'cli', reason: 'looked at together' };

const rollback: StartRollback = {
  releaseId,
  decisionId,
  regions: ['eu-west'],
  reason: 'checkout errors',
  channel: 'cli',
};

const preview = {
  releaseId,
  regions: [
    {
      kind: 'go',
      region: 'eu-west',
      targets: [
        {
          component: 'core',
          image: imageBefore,
          releaseId: releaseBefore,
          commit: before,
          from: image,
          verifiedAt: startedAt - 86_400_000,
        },
      ],
    },
  ],
};

const auditRow = {
  lane: 'shop/production',
  key: `decision/${decisionId}`,
  at: startedAt + 120_000,
  what: 'decision approve',
  who: 'kim',
  facts: { releaseId, planHash },
  n: 7,
  previous: 'a4'.repeat(32),
  hash: 'b5'.repeat(32),
};

export const examples = {
  startedAt,
  token,
  secret,
  notification,
  commit,
  releaseId,
  releaseBefore,
  planHash,
  planBefore,
  lane,
  decisionId,
  start,
  row,
  waitingFor,
  view,
  events,
  plan,
  freeze,
  laneOpen,
  laneFrozen: { ...laneOpen, status: { ...laneOpen.status, closures: [freeze] } },
  decide,
  rollback,
  rollbackId: `rollback/shop/production/${decisionId}`,
  preview,
  auditRow,
};
