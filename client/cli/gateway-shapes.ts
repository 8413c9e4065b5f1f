import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { isRow } from '../../domain/audit-statements.ts';
import type {
  DecisionHeard,
  DecisionTaken,
  EndedBefore,
  LaneView,
  Me,
  PlanCommits,
  PlanView,
  ReleaseList,
  ReleaseRow,
  ReleaseView,
  RollbackPreview,
  StartedRelease,
  VerifiedBeside,
  VerifiedPlan,
} from '../../domain/contract/gateway.ts';
import type { Insights, TargetMeasure, Trouble } from '../../domain/contract/insights.ts';
import type { LaneEnd } from '../../domain/contract/evidence.ts';
import type { LoginOffered } from '../../domain/contract/login.ts';
import type { LaneRights } from '../../domain/contract/rights.ts';
import type { NotificationList, NotificationView } from '../../domain/contract/outbox.ts';
import type { TokenCreated, TokenList, TokenView } from '../../domain/contract/tokens.ts';
import type { EngineVersion } from '../../domain/engine-versions.ts';
import type { StepQueueState } from '../../domain/task-queues.ts';
import { unexpectedAnswer } from './gateway-errors.ts';
import { safeJson } from './safe-text.ts';

/** What the gateway says of itself and of what it depends on; the names are its own. */
export type Health = { ok: boolean } & Record<string, unknown>;

/** `id` is what gets into commands that people copy: nothing in it means anything to a shell. */
type Kind = 'id' | 'string' | 'number' | 'boolean' | 'array' | 'object';
type Shape = Record<string, Kind | `${Kind}?`>;

const rowShape: Shape = {
  releaseId: 'id',
  service: 'string',
  environment: 'string',
  commit: 'string',
  branch: 'string',
  attempt: 'number',
  requestedBy: 'string',
  byItself: 'boolean?',
  startedAt: 'number',
  endedAt: 'number?',
  outcome: 'string?',
  summary: 'string?',
  number: 'number?',
  undoes: 'object?',
};
const undoesShape: Shape = {
  releaseId: 'id',
  number: 'number?',
  nth: 'number?',
  regions: 'array?',
  reason: 'string?',
};
const statusShape: Shape = {
  stage: 'string',
  doing: 'string',
  waitingFor: 'object?',
  planHash: 'id?',
  artifacts: 'array',
  migrations: 'array',
  regions: 'array',
  checks: 'array',
  timings: 'array',
  approvals: 'array',
  warnings: 'array?',
  failure: 'object?',
  log: 'array',
};
const planShape: Shape = {
  service: 'string',
  environment: 'string',
  branch: 'string',
  commit: 'string',
  components: 'array',
  regions: 'array',
  waves: 'array',
  migrations: 'array',
  gates: 'array',
  approval: 'object',
  onFailure: 'object',
  tags: 'array',
  olderThanSchema: 'array?',
};

/*
 * Each of these makes the answer safe to print and checks that it is the kind of thing that was asked for: enough to tell a gateway
 * from something else at that address. They trust no text and no more structure than they check.
 */
export function release(value: unknown): ReleaseView {
  const view = shaped<ReleaseView>(value, 'a release', {
    ...rowShape,
    open: 'boolean',
    unknown: 'string?',
    why: 'array',
    troubles: 'array?',
    status: 'object?',
    recorded: 'object?',
  });
  if (view.undoes) shaped(view.undoes, 'a release', undoesShape);
  if (view.recorded)
    shaped(view.recorded, 'a release', { planHash: 'id?', approvals: 'array', changed: 'array', decisions: 'array?' });
  if (view.status) {
    shaped(view.status, 'a release', statusShape);
    for (const region of view.status.regions)
      shaped(region, 'a release', { region: 'string', phase: 'string', components: 'array' });
    for (const entry of view.status.log) shaped(entry, 'a release', { at: 'number', line: 'string' });
    for (const timing of view.status.timings) shaped(timing, 'a release', { stage: 'string', startedAt: 'number' });
  }
  return { ...view, why: lines(view.why), ...(view.troubles && { troubles: lines(view.troubles) }) };
}

function lines(said: unknown[]): string[] {
  return said.filter((line) => typeof line === 'string');
}

export function list(value: unknown): ReleaseList {
  const what = 'a list of releases';
  const { releases, next } = shaped<ReleaseList>(value, what, { releases: 'array', next: 'id?' });
  const rows = releases.map((row) => shaped<ReleaseRow>(row, what, { ...rowShape, state: 'object?' }));
  for (const { state, undoes } of rows) {
    if (state) shaped(state, what, { stage: 'string', since: 'number', doing: 'string', waitingFor: 'object?' });
    if (undoes) shaped(undoes, what, undoesShape);
  }
  return { releases: rows, ...(next !== undefined && { next }) };
}

export function started(value: unknown): StartedRelease {
  const what = 'a started release';
  const told = shaped<StartedRelease>(value, what, {
    releaseId: 'id',
    created: 'boolean',
    pageUrl: 'string?',
    temporalUrl: 'string?',
    ended: 'object?',
  });
  if (!told.ended) return told;
  const ended = shaped<EndedBefore>(told.ended, what, {
    outcome: 'string',
    summary: 'string?',
    endedAt: 'number?',
    noMore: 'array?',
  });
  return { ...told, ended: { ...ended, ...(ended.noMore && { noMore: lines(ended.noMore) }) } };
}

/** `answer`: absent where a gateway of before says no more than the words. */
export type Accepted = Pick<DecisionTaken, 'message'> & Partial<Pick<DecisionTaken, 'answer'>>;

const heard: readonly DecisionHeard[] = ['taken', 'queued', 'unheard', 'counts'];

export function accepted(value: unknown): Accepted {
  const { message = '', ...told } = shaped<Partial<DecisionTaken>>(value, 'an accepted decision', {
    accepted: 'boolean',
    message: 'string?',
    answer: 'string?',
  });
  if (!told.accepted) throw unexpectedAnswer('an accepted decision');
  const answer = heard.find((one) => one === told.answer);
  return { message, ...(answer && { answer }) };
}

export function plan(value: unknown): PlanView {
  return shaped(value, 'a plan', planShape);
}

/** `raw` is the plan in it as the gateway gave it: what its hash is made of. */
export type VerifiedAnswer = Omit<VerifiedPlan, 'plan'> & { raw?: unknown };

export interface BesideAnswer extends Pick<VerifiedBeside, 'approvalNow' | 'policyNow'> {
  verified: VerifiedAnswer | 'nothing' | 'untold';
}

export function besidePlan(value: unknown): BesideAnswer {
  const what = 'what was verified last';
  const { approvalNow, policyNow, untold, ...beside } = shaped<VerifiedBeside>(value, what, {
    verified: 'object?',
    untold: 'boolean?',
    approvalNow: 'object?',
    policyNow: 'string?',
  });
  if (approvalNow)
    shaped(approvalNow, what, { required: 'boolean', quorum: 'number', groups: 'array', expiresMs: 'number' });
  const verified = beside.verified ? verifiedPlan(value as { verified: unknown }, what) : undefined;
  return {
    verified: verified ?? (untold ? 'untold' : 'nothing'),
    ...(approvalNow && { approvalNow }),
    ...(policyNow && { policyNow }),
  };
}

function verifiedPlan({ verified }: { verified: unknown }, what: string): VerifiedAnswer {
  const { planHash, releaseId, verifiedAt } = shaped<VerifiedPlan>(verified, what, {
    planHash: 'id',
    releaseId: 'id',
    verifiedAt: 'number',
    plan: 'object?',
  });
  const { plan: raw } = verified as { plan?: unknown };
  return { planHash, releaseId, verifiedAt, ...(raw !== undefined && raw !== null && { raw }) };
}

export function planCommits(value: unknown): PlanCommits {
  const what = 'the commits of a plan';
  const told = shaped<PlanCommits>(value, what, { commits: 'array', more: 'boolean', untold: 'boolean?' });
  const line: Shape = { commit: 'id', author: 'string', at: 'number', subject: 'string' };
  for (const one of told.commits) shaped(one, what, line);
  return told;
}

export function rollbackPreview(value: unknown): RollbackPreview {
  const what = 'what a rollback would do';
  const preview = shaped<RollbackPreview>(value, what, { releaseId: 'id', regions: 'array', refused: 'string?' });
  for (const region of preview.regions) {
    if (region.kind === 'refused') shaped(region, what, { region: 'id', why: 'string', next: 'string' });
    else {
      shaped(region, what, { region: 'id', targets: 'array', newcomers: 'array?' });
      for (const target of region.targets)
        shaped(target, what, { component: 'string', image: 'string', releaseId: 'id', commit: 'string' });
    }
  }
  return preview;
}

export function lane(value: unknown): LaneView {
  const view = shaped<LaneView>(value, 'a lane', {
    service: 'id',
    environment: 'id',
    inventory: 'array',
    leftBehind: 'array?',
    status: 'object?',
    differs: 'array?',
    waysOut: 'array?',
    unheard: 'string?',
    untold: 'string?',
    unseen: 'object?',
    holderEnded: 'object?',
    moreClosures: 'number?',
  });
  const recorded = view.unseen?.recorded;
  if (recorded) shaped(recorded, 'a lane', { waiting: 'array', holder: 'object?', closures: 'array' });
  if (view.status) shaped(view.status, 'a lane', { queue: 'array', holder: 'object?', closures: 'array' });
  for (const closure of (view.status ?? recorded)?.closures ?? [])
    shaped(closure, 'a lane', {
      id: 'id',
      kind: 'string',
      by: 'string',
      reason: 'string',
      from: 'number',
      unprovenKey: 'string?',
    });
  for (const left of view.leftBehind ?? [])
    shaped(left, 'a lane', { region: 'string', component: 'string', image: 'string?', releaseId: 'id' });
  const row: Shape = { region: 'string', component: 'string', image: 'string', artifact: 'object', planHash: 'id' };
  for (const verified of view.inventory) shaped(verified, 'a lane', row);
  return {
    ...view,
    ...(view.differs && { differs: lines(view.differs) }),
    ...(view.waysOut && { waysOut: lines(view.waysOut) }),
  };
}

export function loginOffered(value: unknown): LoginOffered {
  const { oidc } = shaped<LoginOffered>(value, 'where people log in', {});
  if (oidc) shaped(oidc, 'where people log in', { issuer: 'string', clientId: 'string', scopes: 'string' });
  // Nobody has a browser here.
  return oidc ? { oidc } : {};
}

/** Older gateways do not say what somebody may do. */
export type MeAnswer = Omit<Me, 'grants'> & Partial<Pick<Me, 'grants'>>;

export function me(value: unknown): MeAnswer {
  const said = shaped<MeAnswer>(value, 'who you are', {
    id: 'string',
    via: 'string',
    groups: 'array',
    grants: 'array?',
  });
  for (const grant of said.grants ?? []) {
    const { may } = shaped<LaneRights>(grant, 'who you are', {
      service: 'string',
      environment: 'string',
      may: 'array',
    });
    if (lines(may).length < may.length) throw unexpectedAnswer('who you are');
  }
  return said;
}

const tokenShape: Shape = {
  name: 'id',
  person: 'string',
  rights: 'array',
  services: 'array',
  environments: 'array',
  createdBy: 'string',
  createdAt: 'number',
  expiresAt: 'number',
  state: 'string',
  revokedBy: 'string?',
};

export function tokenView(value: unknown): TokenView {
  const view = shaped<TokenView>(value, 'a token', tokenShape);
  for (const names of [view.rights, view.services, view.environments])
    if (lines([...names]).length < names.length) throw unexpectedAnswer('a token');
  return view;
}

export function tokenCreated(value: unknown): TokenCreated {
  const { secret } = shaped<TokenCreated>(value, 'a token', { secret: 'id' });
  return { ...tokenView(value), secret };
}

export function tokenList(value: unknown): TokenList {
  const { tokens } = shaped<TokenList>(value, 'a list of tokens', { tokens: 'array' });
  return { tokens: tokens.map(tokenView) };
}

const notificationShape: Shape = {
  id: 'number',
  key: 'string',
  target: 'string',
  run: 'id',
  event: 'string',
  level: 'string',
  title: 'string',
  state: 'string',
  tries: 'number',
  madeAt: 'number',
  nextAt: 'number?',
  why: 'string?',
};

export function notification(value: unknown): NotificationView {
  return shaped(value, 'a notification', notificationShape);
}

export function notificationList(value: unknown): NotificationList {
  const shape: Shape = { notifications: 'array', more: 'boolean?' };
  const { notifications, more } = shaped<NotificationList>(value, 'a list of notifications', shape);
  return { notifications: notifications.map(notification), ...(more && { more }) };
}

export function insights(value: unknown): Insights {
  const what = 'how releases went';
  const found = shaped<Insights>(value, what, {
    ...{ since: 'number', until: 'number', lookedAt: 'number', services: 'number', counted: 'string' },
    ...{ service: 'string?', environment: 'string?', targets: 'array', weeks: 'array', dora: 'object' },
    ...{ steps: 'array', approvals: 'object', troubles: 'array', moreTroubles: 'number?' },
  });
  for (const one of found.targets)
    shaped<TargetMeasure>(one, what, { name: 'string', state: 'string', limitMs: 'number', count: 'number' });
  for (const one of ['deployments', 'leadTime', 'failed', 'restore'] as const)
    shaped(found.dora[one], what, { count: 'number', weeks: 'array' });
  shaped(found.approvals, what, { count: 'number', buckets: 'array' });
  for (const one of found.steps)
    shaped(one, what, { kind: 'string', name: 'string', medianMs: 'number', mostMs: 'number' });
  for (const one of found.troubles)
    shaped<Trouble>(one, what, { releaseId: 'id', at: 'number', cause: 'string', ended: 'string', regions: 'array' });
  return found;
}

export function health(value: unknown): Health {
  return shaped(value, 'its health', { ok: 'boolean' });
}

export interface EngineView {
  versions: EngineVersion[];
  /** None from a gateway of an earlier version, which does not tell. */
  queues: StepQueueState[];
}

export function engine(value: unknown): EngineView {
  const what = 'the versions of the engine';
  const { versions, queues = [] } = shaped<{ versions: unknown[]; queues?: unknown[] }>(value, what, {
    versions: 'array',
    queues: 'array?',
  });
  const version: Shape = {
    buildId: 'id',
    current: 'boolean',
    polled: 'boolean',
    pinned: 'number',
    untried: 'boolean?',
  };
  const queue: Shape = { role: 'id', queue: 'id', polled: 'boolean' };
  return {
    versions: versions.map((one) => shaped<EngineVersion>(one, what, version)),
    queues: queues.map((one) => shaped<StepQueueState>(one, 'the queues of the engine', queue)),
  };
}

/** As they came: the names are asked for again, and printed only in one line. */
export function laneEnds(value: unknown): LaneEnd[] {
  const { lanes } = (value ?? {}) as { lanes?: unknown };
  if (!Array.isArray(lanes) || !lanes.every(isLaneEnd)) throw unexpectedAnswer('the lanes of the audit');
  return lanes;
}

function isLaneEnd(value: unknown): value is LaneEnd {
  const { lane, n } = (value ?? {}) as Partial<LaneEnd>;
  return typeof lane === 'string' && Number.isInteger(n);
}

/** As they came: a hash is made of every character, also of those that no terminal should get. */
export function auditRows(value: unknown): ChainedEntry[] {
  const { rows } = (value ?? {}) as { rows?: unknown };
  if (!Array.isArray(rows) || !rows.every(isRow)) throw unexpectedAnswer('the rows of the audit');
  return rows;
}

function shaped<T extends object>(value: unknown, what: string, shape: Shape): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpectedAnswer(what);
  const safe = safeJson(value) as Record<string, unknown>;
  for (const [name, wanted] of Object.entries(shape)) {
    if (wanted.endsWith('?') && safe[name] === undefined) continue;
    if (!isKind(safe[name], wanted.replace('?', '')))
      throw unexpectedAnswer(`${what}: \`${name}\` is missing or of another kind`);
  }
  return safe as T;
}

function isKind(value: unknown, kind: string): boolean {
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'id') return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value);
  return typeof value === kind && !Array.isArray(value);
}
