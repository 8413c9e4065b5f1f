import type {
  Decide,
  LaneView,
  PlanCommits,
  PlanView,
  ReleaseList,
  ReleaseView,
  RollbackPreview,
  StartedRelease,
  StartRelease,
  StartRollback,
} from '../../domain/contract/gateway.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import type { Insights } from '../../domain/contract/insights.ts';
import type { LaneEnd } from '../../domain/contract/evidence.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LoginOffered } from '../../domain/contract/login.ts';
import type { NotificationList, NotificationView } from '../../domain/contract/outbox.ts';
import type { CreateToken, TokenCreated, TokenList, TokenView } from '../../domain/contract/tokens.ts';
import type { CliFailure } from './failures.ts';
import { failureOfAnswer } from './gateway-errors.ts';
import { createGatewayHttp, parseJson } from './gateway-http.ts';
import type { Bearer, EventsRequest } from './gateway-http.ts';
import {
  accepted,
  auditRows,
  besidePlan,
  engine,
  health,
  insights,
  lane,
  laneEnds,
  list,
  loginOffered,
  me,
  notification,
  notificationList,
  plan,
  planCommits,
  release,
  rollbackPreview,
  started,
  tokenCreated,
  tokenList,
  tokenView,
  type Accepted,
  type BesideAnswer,
  type EngineView,
  type Health,
  type MeAnswer,
} from './gateway-shapes.ts';
import type { Io } from './io.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

export type ListFilter = {
  limit: number;
  service?: string;
  environment?: string;
  before?: string;
  number?: number;
  commit?: string;
  since?: number;
  by?: string;
  outcome?: string;
  open?: boolean;
};

/** How a release stands, or why that cannot be seen at present. */
export type Seen = ReleaseView | CliFailure;

/** `id`: whoever has seen that need not see it again. */
export interface SeenEvent {
  seen: Seen;
  id?: string;
}

/** What is ordered of a lane, with a reason. */
export type LaneChange = 'freeze' | 'unfreeze' | 'clear-hold' | 'clear-ticket';

/**
 * The gateway's API, typed. Everything returned is safe to print, except what is called `raw`. Each call gives up after 30 s without an answer
 * (a gateway may itself wait 8 s for a worker, and machines have other work too); reads, and posts that carry a key of their own, are tried three times. Throws GatewayFailure, or the interrupted CliFailure after Ctrl-C.
 */
export interface GatewayClient {
  url: string;
  start(request: StartRelease): Promise<StartedRelease>;
  /** Releases and rollbacks, newest first. `before`: where the page before has ended. */
  list(filter: ListFilter): Promise<ReleaseList>;
  release(releaseId: string): Promise<ReleaseView>;
  /** The same as it goes on, from when it can be heard until it has ended or is called off. Tried once: whoever follows knows what they have seen. */
  events(releaseId: string, from: Omit<EventsRequest, 'path'>): AsyncGenerator<'open' | SeenEvent>;
  decide(releaseId: string, decision: Decide): Promise<Accepted>;
  /** `raw` is the plan exactly as the gateway gave it: what its hash is made of. */
  plan(hash: string): Promise<{ plan: PlanView; raw: unknown }>;
  /** What was verified last where that plan goes to, or stood there when it was made, where it is of a release that has ended. */
  verifiedBeside(hash: string, ended?: string): Promise<BesideAnswer>;
  /** What that plan brings. `ended`: as above. */
  commitsOf(hash: string, ended?: string): Promise<PlanCommits>;
  rollBack(request: StartRollback): Promise<StartedRelease>;
  previewRollback(releaseId: string, regions: string[]): Promise<RollbackPreview>;
  lane(key: LaneKey): Promise<LaneView>;
  /** How releases went. `since`: ms. */
  insights(filter: { service?: string; environment?: string; since?: number }): Promise<Insights>;
  /** `until`: when a freeze ends by itself, ms. `id`: which freeze or hold is lifted. */
  changeLane(
    key: LaneKey,
    change: LaneChange,
    reason: string,
    details?: { until?: number; id?: string; ticket?: string },
  ): Promise<LaneView>;
  /** Has the lane told what is on record and it has not heard; orders nothing. */
  tellLane(key: LaneKey): Promise<LaneView>;
  /** Where people log in: for whoever has no token. */
  login(): Promise<LoginOffered>;
  me(): Promise<MeAnswer>;
  createToken(asked: CreateToken): Promise<TokenCreated>;
  tokens(): Promise<TokenList>;
  revokeToken(name: string): Promise<TokenView>;
  /** Those that wait or are dead first; `all`: the others, too. */
  notifications(filter: { limit: number; all?: true }): Promise<NotificationList>;
  /** Has one that is dead tried again. */
  tellAgain(id: number): Promise<NotificationView>;
  /** Where each chain of the audit ends, as the records say. */
  auditEnds(): Promise<LaneEnd[]>;
  /** Rows after this number, or the newest: exactly as stored, and not yet safe to print. */
  auditRows(lane: string, after: number | 'newest'): Promise<ChainedEntry[]>;
  health(): Promise<Health>;
  /** The same with what is wrong, in words: for who has a token. */
  healthInWords(): Promise<Health>;
  /** Versions of the engine and queues of steps, as Temporal knows them. */
  engine(): Promise<EngineView>;
}

interface ClientOptions {
  url: string;
  token?: Bearer;
  io: Pick<Io, 'signal' | 'sleep'>;
  timeoutMs?: number;
  onVersion?: (said: string) => void;
}

export function createGatewayClient(options: ClientOptions): GatewayClient {
  const http = createGatewayHttp(options);
  const get = (path: string) => http.send({ method: 'GET', path, repeatable: true });
  const post = (path: string, body: unknown, repeatable: boolean) =>
    http.send({ method: 'POST', path, body, repeatable });

  return {
    url: options.url,
    start: async (request) => started(await post('/v1/releases', request, true)),
    list: async (filter) => list(await get(`/v1/releases?${query(filter)}`)),
    release: async (releaseId) => release(await get(`/v1/releases/${encode(releaseId)}`)),
    async *events(releaseId, from) {
      const path = `/v1/releases/${encode(releaseId)}/events`;
      for await (const one of http.events({ path, ...from })) {
        if (one === 'open') yield one;
        else yield* seenIn(options.url, path, one);
      }
    },
    decide: async (releaseId, decision) =>
      accepted(await post(`/v1/releases/${encode(releaseId)}/decisions`, decision, true)),
    plan: async (hash) => {
      const raw = await get(`/v1/plans/${encode(hash)}`);
      return { plan: plan(raw), raw };
    },
    verifiedBeside: async (hash, release) =>
      besidePlan(
        await get(`/v1/plans/${encode(hash)}/verified${release === undefined ? '' : `?${query({ release })}`}`),
      ),
    commitsOf: async (hash, release) =>
      planCommits(
        await get(`/v1/plans/${encode(hash)}/commits${release === undefined ? '' : `?${query({ release })}`}`),
      ),
    rollBack: async (request) => started(await post('/v1/rollbacks', request, true)),
    previewRollback: async (release, regions) => {
      const search = new URLSearchParams({ release });
      for (const region of regions) search.append('region', region);
      return rollbackPreview(await get(`/v1/rollbacks/preview?${search.toString()}`));
    },
    lane: async (key) => lane(await get(lanePath(key))),
    insights: async (filter) => insights(await get(`/v1/insights?${query(filter)}`)),
    // Carries no key of its own: sent once, so that a repeat cannot undo what somebody else decided in between.
    changeLane: async (key, change, reason, details) =>
      lane(await post(`${lanePath(key)}/${change}`, { reason, ...details }, false)),
    tellLane: async (key) => lane(await post(`${lanePath(key)}/tell`, {}, true)),
    auditEnds: async () => laneEnds(await get('/v1/audit')),
    auditRows: async (name, after) => {
      const from = after === 'newest' ? { newest: 'true', limit: 50 } : { after, limit: 500 };
      return auditRows(await get(`/v1/audit/rows?${query({ lane: name, ...from })}`));
    },
    // Not repeated: each would be another one, and of the first nobody would know.
    createToken: async (asked) => tokenCreated(await post('/v1/tokens', asked, false)),
    tokens: async () => tokenList(await get('/v1/tokens')),
    revokeToken: async (name) => tokenView(await post(`/v1/tokens/${encode(name)}/revoke`, {}, true)),
    notifications: async (filter) => notificationList(await get(`/v1/notifications?${query(filter)}`)),
    tellAgain: async (id) => notification(await post(`/v1/notifications/${id}/again`, {}, true)),
    login: async () => loginOffered(await get('/v1/login')),
    me: async () => me(await get('/v1/me')),
    engine: async () => engine(await get('/v1/engine')),
    // Gateways before /v1/health answered 503 here, with what is wrong in the body.
    health: async () =>
      health(await http.send({ method: 'GET', path: '/healthz', repeatable: false, alsoAnswers: [503] })),
    healthInWords: async () => health(await get('/v1/health')),
  };
}

const encode = encodeURIComponent;

function seenIn(url: string, path: string, { event, data, id }: ServerSentEvent): SeenEvent[] {
  const parsed = parseJson(data);
  if (event === 'release') return [{ seen: release(parsed), ...(id !== undefined && { id }) }];
  if (event !== 'trouble') return [];
  const request = { method: 'GET', path, repeatable: true } as const;
  return [{ seen: failureOfAnswer({ url, request, answer: { status: 503, body: data }, parsed }) }];
}

function lanePath({ service, environment }: LaneKey): string {
  return `/v1/lanes/${encode(service)}/${encode(environment)}`;
}

function query(filter: Record<string, string | number | boolean | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value !== undefined) search.set(key, String(value));
  return search.toString();
}
