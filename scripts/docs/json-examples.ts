import { insightsExample } from '../../client/gateway/openapi/insights-example.ts';
import type { DocumentKind } from '../../client/cli/json-documents.ts';
import { examples } from '../../client/gateway/openapi/examples.ts';

const { releaseId, decisionId, planHash, planBefore, releaseBefore, startedAt, lane, view, notification } = examples;
const { why: _why, ...untold } = notification;

/** What a command has before it prints it: the release of the HTTP API's examples. */
export const jsonExamples: Record<DocumentKind, unknown> = {
  release: view,
  started: {
    ...{ releaseId, created: true, pageUrl: view.pageUrl, temporalUrl: view.temporalUrl },
    requestKey: examples.start.requestKey,
  },
  decision: { releaseId, decisionId, kind: 'approve', accepted: true, message: 'approved by kim' },
  releases: { releases: [examples.row], next: '142.0' },
  plan: {
    hash: planHash,
    plan: examples.plan,
    verified: { planHash: planBefore, releaseId: releaseBefore, verifiedAt: startedAt - 86_400_000 },
    commits: {
      commits: [{ commit: examples.commit, author: 'Dana', at: startedAt - 600_000, subject: 'Show the total' }],
      more: false,
    },
    secondLooks: [{ what: 'people: 1, was 2', why: 'fewer people must approve than before' }],
    lines: [{ section: 'Approval', what: 'people', before: '2', after: '1' }],
    moreLines: 31,
  },
  'rollback-preview': examples.preview,
  promotion: {
    service: 'shop',
    from: 'staging',
    to: 'production',
    branch: 'main',
    commit: view.commit,
    regions: ['de', 'nl'],
    components: [
      {
        component: 'core',
        image: view.status.artifacts[0]!.image,
        releaseId: `release/shop/staging/${view.commit}/1`,
        verifiedAt: view.startedAt,
      },
    ],
  },
  lane: examples.laneFrozen,
  logs: { releaseId, log: view.status.log, checks: view.status.checks },
  open: { releaseId, url: view.pageUrl, pageUrl: view.pageUrl, temporalUrl: view.temporalUrl },
  whoami: { id: 'kim', via: 'token', groups: ['release-managers'], gateway: 'https://slipway.example.com' },
  token: { ...examples.token, state: 'revoked', revokedBy: 'kim' },
  'token-created': { ...examples.token, secret: examples.secret },
  tokens: { tokens: [examples.token] },
  insights: insightsExample,
  notifications: { notifications: [examples.notification] },
  'notifications-again': { notifications: [{ ...untold, state: 'waiting', tries: 0, nextAt: untold.madeAt }] },
  'audit-rows': { rows: [examples.auditRow] },
  'audit-proof': {
    whole: true,
    problems: [],
    unseen: [],
    lanes: [{ lane: examples.auditRow.lane, rows: 7, findings: [], provenTo: 7 }],
  },
  doctor: { ok: true, findings: [{ check: 'git', ok: true, says: '2.47.3' }] },
  setup: {
    done: ['the records have the current schema'],
    left: [{ says: 'no version of the engine is current', next: 'slipway setup --make-current ab12cd34' }],
  },
  'setup-sql': { sql: '-- roles, database and rights\n' },
  validate: {
    ok: false,
    problems: [
      {
        file: 'slipway.yaml',
        line: 32,
        column: 12,
        endColumn: 17,
        path: 'tests.timeout',
        message: '`timeout` must be a duration such as `30s`, `10m`, `24h` or `7d`',
        hint: 'write `timeout: 15m`',
        correction: '15m',
      },
    ],
    warnings: [],
  },
  'policy-explain': {
    ok: true,
    ...lane,
    rows: [{ part: 'in force', key: 'approval.quorum', value: 1, by: 'policy.yaml:42' }],
    branch: { name: 'main', mayBeReleased: true },
    problems: [],
  },
  use: { ...lane, gateway: 'https://slipway.example.com', file: '/home/kim/.config/slipway/use.json' },
  error: {
    error: {
      code: 'conflict',
      message: `${releaseId} has ended: verified`,
      next: 'Start a new attempt.',
      exitCode: 3,
    },
    decisionId,
  },
};
