import { createHash, randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { PipelineReader } from '../../../activities/steps/pipeline-reader.ts';
import type { GithubService } from '../../../domain/contract/github.ts';
import type { LoginOffer } from '../../../domain/contract/login.ts';
import type { AutomaticPromotion } from '../../../domain/contract/promotion.ts';
import type { KnownPeople } from '../../../domain/contract/people.ts';
import type { FastifyInstance } from 'fastify';
import type { Records } from '../../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../../activities/shared/signatures.ts';
import { signedDecision, signedOrder } from '../../../activities/steps/input-documents.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import type { DecisionAnswer, Engine, RunView } from '../../../client/engine.ts';
import { NoAnswer, NotTaken } from '../../../client/no-answer.ts';
import type { GatewayLimits, GatewayParts } from '../../../client/gateway/calls.ts';
import type { Browser } from '../../../client/gateway/browser/browser.ts';
import type { MoreDoor } from '../../../client/gateway/more-doors.ts';
import type { SlackDoor } from '../../../client/slack/door.ts';
import type { Log } from '../../../activities/shared/log.ts';
import { createMetrics } from '../../../client/gateway/metrics.ts';
import { createGateway } from '../../../client/gateway/server.ts';
import { identifyBy } from '../../../client/gateway/doors.ts';
import type { Door } from '../../../client/gateway/doors.ts';
import { serviceTokenDoor } from '../../../client/gateway/service-tokens.ts';
import { tokenDoor } from '../../../client/gateway/tokens.ts';
import type { DecisionTaken, GatewayError, ReleaseRow } from '../../../domain/contract/gateway.ts';
import type { SignedDecision } from '../../../domain/contract/decisions.ts';
import type { LaneClosure, LaneOrder } from '../../../domain/contract/lane.ts';
import { rollbackId, releaseId } from '../../../domain/contract/names.ts';
import type { ApprovalPolicy, ReleaseRequest } from '../../../domain/contract/release.ts';
import type { Access } from '../../../domain/contract/rights.ts';
import type { LaneStatus } from '../../../domain/contract/status.ts';
import type { EngineVersion, NoneCurrent } from '../../../domain/engine-versions.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { frozenBy, lifts } from '../../../domain/lane-closures.ts';
import { floorHash } from '../../../pipeline/release-floor.ts';
import { aHash, aPolicy, aSpec } from '../../domain/builders.ts';
import { requireDocumented } from './documented.ts';
import { usePostgres } from '../../support/postgres.ts';
import { openSeparated } from '../../support/postgres-roles.ts';
import type { SeparatedDatabase, SeparatedRecords } from '../../support/postgres-roles.ts';

const keys = createKeyPair();
export const signer = createSigner(keys.privateKeyPem);
export const verifier = createVerifier([keys.publicKeyPem]);
export const tokens = {
  dana: 'token-of-dana',
  kim: 'token-of-kim',
  lee: 'token-of-lee',
  ola: 'token-of-ola',
  crowd: 'token-of-crowd',
};
const people = [
  { sha256: sha256(tokens.dana), id: 'dana', groups: ['developers'] },
  { sha256: sha256(tokens.kim), id: 'kim', groups: ['approvers'], emails: ['kim@example.test'] },
  { sha256: sha256(tokens.lee), id: 'lee', groups: ['approvers'] },
  { sha256: sha256(tokens.ola), id: 'ola', groups: ['on-call'] },
  // More than readers of a decision take.
  {
    sha256: sha256(tokens.crowd),
    id: 'crowd',
    groups: ['approvers', ...Array.from({ length: 2_600 }, (_, n) => `g${n}`)],
  },
];

/** Temporal as the gateway sees it: what it was asked, and what it answers. */
export interface FakeEngine extends Engine {
  started: ReleaseRequest[];
  decided: SignedDecision[];
  rollbacks: string[];
  ordered: string[];
  lane: LaneStatus;
  /** Whether a worker answers for the lane. */
  laneAnswers: boolean;
  /** No worker takes an order in time. */
  takesNoOrder: boolean;
  /** Why whoever answers for the lane takes no order. */
  refusesOrders: string | undefined;
  /** Who is found to be away when nobody has answered. */
  isAway: Awaited<ReturnType<Engine['away']>>;
  runs: Map<string, RunView>;
  knownVersions: EngineVersion[];
  /** Queues that workers ask for steps. */
  polled: Set<string>;
  /** What every run is pinned to. */
  pinnedTo: EngineVersion | undefined;
  /** Where no version is current. */
  without: NoneCurrent | undefined;
  answer: DecisionAnswer | Error;
  /** Called before each decision is delivered. */
  onDecide: (signed: SignedDecision) => Promise<void>;
}

function aFakeEngine(): FakeEngine {
  const engine: FakeEngine = {
    started: [],
    decided: [],
    rollbacks: [],
    ordered: [],
    runs: new Map(),
    knownVersions: [],
    polled: new Set(),
    pinnedTo: undefined,
    without: undefined,
    laneAnswers: true,
    takesNoOrder: false,
    refusesOrders: undefined,
    isAway: 'workers',
    lane: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 0 } },
    answer: { kind: 'taken', message: 'taken' },
    onDecide: async () => {},
    async startRelease(request) {
      const id = releaseId(request);
      if (engine.runs.has(id)) return { releaseId: id, created: false };
      engine.started.push(request);
      engine.runs.set(id, { open: true, pending: [] });
      return { releaseId: id, created: true };
    },
    async startRollback({ lane, decision }) {
      signedDecision.parse(decision);
      const id = rollbackId(lane, decision.decision.id);
      if (!engine.rollbacks.includes(id)) engine.rollbacks.push(id);
      engine.runs.set(id, { open: true, pending: [] });
      return { releaseId: id };
    },
    async decide(_id, signed) {
      signedDecision.parse(signed);
      await engine.onDecide(signed);
      engine.decided.push(signed);
      if (engine.answer instanceof Error) throw engine.answer;
      return engine.answer;
    },
    status: async () => undefined,
    look: async (id, runId) => engine.runs.get(runId ?? id),
    versionOf: async () => engine.pinnedTo,
    versions: async () => engine.knownVersions,
    noneCurrent: async () => engine.without,
    isPolled: async (queue) => engine.polled.has(queue),
    laneStatus: async () => (engine.laneAnswers ? engine.lane : undefined),
    away: async () => engine.isAway,
    async beginLane({ service, environment }) {
      engine.runs.set(`lane/${service}/${environment}`, { firstRunId: 'begun anew', open: true, pending: [] });
    },
    async orderLane(signed) {
      // Whatever the steps do not take no lane obeys.
      signedOrder.parse(signed);
      if (!verifier.verifyOrder(signed)) throw new Error('an order came without a signature that holds');
      const { kind, by, reason } = signed.order;
      engine.ordered.push(
        [
          `${kind} by ${by}: ${reason}`,
          ...('lifts' in signed.order ? [`lifts ${signed.order.lifts}`] : []),
          ...('until' in signed.order ? [`until ${signed.order.until}`] : []),
        ].join(', '),
      );
      if (engine.takesNoOrder) throw new NoAnswer('the order');
      if (engine.refusesOrders !== undefined) throw new NotTaken(engine.refusesOrders);
      return (engine.lane = { ...engine.lane, closures: heard(engine.lane.closures, signed.order) });
    },
  };
  return engine;
}

/** As a lane takes it. */
function heard(closures: LaneClosure[], order: LaneOrder): LaneClosure[] {
  if (order.kind === 'freeze') return [...closures.filter(({ id }) => id !== order.id), frozenBy(order, order.at)];
  return closures.filter((closure) => !lifts(order, closure));
}

export interface Route {
  method: string;
  /** With the names of its parameters: `/v1/releases/:id`. */
  path: string;
}

export const parametersOf = (path: string): string[] => path.match(/:\w+/g) ?? [];

/** An address of that route. */
export const at = (path: string): string => path.replaceAll(/:\w+/g, 'x');

/** Those fields that tests read by name; the rest is compared as a whole. */
export interface AnswerBody {
  error: GatewayError;
  releaseId: string;
  releases: ReleaseRow[];
  answer?: DecisionTaken['answer'];
  message: string;
  service: string;
}

export interface Answer {
  status: number;
  body: AnswerBody;
}

export interface TestGateway {
  /** What it is made of. */
  parts: GatewayParts;
  /**
   * What is wrong with the policy file, what it says of approvals where that is not the usual, who is on call, whom it knows, and whether it has lost the service,
   * the environment, or can be read at all. `hash`: where it is another by now.
   */
  policy: {
    problem?: string;
    hash?: string;
    approval?: ApprovalPolicy;
    onCall?: string[];
    /** What slipway.yaml says of where images are promoted from. */
    from?: string;
    people?: KnownPeople;
    /** Jobs that may release. */
    github?: GithubService[];
    /** Who may do what in its lane. */
    access?: Access;
    /** Other services that it lets into production. */
    beside?: string[];
    /** Where its commits must come from. */
    repository?: string;
    /** Where it lets its services in, in this order; production alone where it is left out. */
    environments?: string[];
    channels?: string[];
    promotions?: AutomaticPromotion[];
    withoutService?: boolean;
    withoutEnvironment?: boolean;
    unreadable?: boolean;
  };
  /** Where it says that people log in. */
  login: LoginOffer;
  /** How often the ends of the audit were to be signed. */
  evidence: { asked: number; problems: string[] };
  engine: FakeEngine;
  /** Their owner's; the gateway itself has the rights of its role. */
  records: Records;
  database: SeparatedDatabase;
  /** What the gateway has asked the records, or written there, by name. */
  askedRecords: string[];
  /** The same of Temporal. */
  askedTemporal: string[];
  /** What the records fail to answer, by the same names. */
  failing: Set<string>;
  /** Whether nothing that they are asked is ever answered. */
  silence: { falls: boolean };
  /** Commits from which no other descends. */
  unrelated: Set<string>;
  /** Commits of which git was asked whether they are in the past of another. */
  askedGit: string[];
  /** When commits were made. */
  committed: Map<string, number>;
  /** Services whose files were read. */
  askedFiles: string[];
  /** What the gateway has written to its log. */
  logged: unknown[];
  /** Tokens that the file has no more. */
  removed: Set<string>;
  /** Its figures as a scrape shows them, and the seconds that go by between two of those. */
  figures: { text(): Promise<string>; secondsOn: number };
  /** Whether it is about to end. */
  ending: { draining: boolean };
  /** Whether people can be known. */
  file: { broken: boolean };
  server: FastifyInstance;
  /** All that it answers at, by its own word: one that is new is among them. */
  routes: Route[];
  service: string;
  /** Lets time go by, ms. */
  later(ms: number): void;
  get(path: string, token?: string): Promise<Answer>;
  post(path: string, body: unknown, token?: string): Promise<Answer>;
  /** A release that has been started, under its id; its plan in force is the usual one. */
  release(changes?: Record<string, unknown>): Promise<string>;
  decisionPath(id: string): string;
}

/** Doors before that of the file of tokens. */
type MoreDoors = (pipeline: Pick<PipelineReader, 'github'>) => Door[];

/** The real gateway over real records, with a signer, people's tokens in a file, and Temporal played by a fake. One service per call. */
export function useGateway(
  doors: MoreDoors = () => [],
  browser?: () => Browser,
): (limits?: GatewayLimits, more?: readonly MoreDoor[], logger?: Log) => TestGateway {
  const postgres = usePostgres();
  let records: SeparatedRecords | undefined;
  let directory = '';
  beforeAll(async () => {
    records = await openSeparated(postgres);
    directory = await mkdtemp(join(tmpdir(), 'slipway-gateway-'));
    await writeFile(join(directory, 'tokens.json'), JSON.stringify(people), { mode: 0o600 });
  });
  afterAll(async () => {
    await records?.close();
    await rm(directory, { recursive: true, force: true });
  });
  return (limits, more, logger) => {
    if (!records) throw new Error('the gateway runs inside tests only');
    return aGateway(
      records,
      join(directory, 'tokens.json'),
      { doors, more: more ?? [], browser, ...(logger && { logger }) },
      limits,
    );
  };
}

function aGateway(
  { owner: records, gateway, database }: SeparatedRecords,
  tokensFile: string,
  {
    doors,
    more,
    browser,
    logger,
  }: { doors: MoreDoors; more: readonly MoreDoor[]; browser: (() => Browser) | undefined; logger?: Log },
  limits: GatewayLimits = {},
): TestGateway {
  const engine = aFakeEngine();
  const login = { issuer: 'https://login.test', clientId: 'slipway', scopes: 'openid email' };
  const policy: TestGateway['policy'] = {};
  const evidence: TestGateway['evidence'] = { asked: 0, problems: [] };
  const service = `shop-${randomUUID().slice(0, 8)}`;
  const askedRecords: string[] = [];
  const askedTemporal: string[] = [];
  const failing = new Set<string>();
  const silence = { falls: false };
  const unrelated = new Set<string>();
  const askedGit: string[] = [];
  const committed = new Map<string, number>();
  const askedFiles: string[] = [];
  const logged: unknown[] = [];
  const removed = new Set<string>();
  const ending = { draining: false };
  const file = { broken: false };
  let clock = 1_000_000;
  const identify = identifyBy(
    [
      ...doors({ github: async () => policy.github ?? [] }),
      serviceTokenDoor({ tokens: gateway.tokens, verifier, now: () => clock }),
      tokenDoor(tokensFile),
    ],
    { people: async () => policy.people },
  );

  const slack = more.find((door): door is SlackDoor => 'problem' in door);
  const asked = listened(gateway, askedRecords, { failing, silence });
  const figures = { secondsOn: 0, text: () => measures.text() };
  const measures = createMetrics({
    ...{ records: asked, version: '1.2.3', draws: true, answerMs: 500 },
    clock: () => figures.secondsOn * 1_000,
  });
  const parts: GatewayParts = {
    engine: noting(engine, 'engine', askedTemporal),
    records: asked,
    measures,
    pipeline: {
      read: async (wanted) => {
        askedFiles.push(wanted.service);
        if (wanted.service !== service) throw failure('SLIP-CFG-3', `the policy knows no service ${wanted.service}`);
        return {
          spec: aSpec({
            service,
            environment: wanted.environment ?? 'production',
            ...(policy.from && { promotion: { environment: policy.from, regions: { core: ['de'] } } }),
          }),
          repository: policy.repository ?? 'https://git.test/shop',
        };
      },
      floorOf: async (environment) => {
        if (policy.withoutEnvironment) throw failure('SLIP-CFG-3', `the policy knows no environment ${environment}`);
        return {
          approval: policy.approval ?? aPolicy(),
          ...(policy.people && { people: policy.people }),
          ...(policy.onCall && { onCall: { [service]: policy.onCall } }),
          clusters: [],
          planMigrationsBeforeApproval: false,
          tags: [],
          services: {},
        };
      },
      people: async () => policy.people,
      github: async () => policy.github ?? [],
      promotions: async () => policy.promotions ?? [],
      lanes: async () =>
        [service, ...(policy.beside ?? [])].flatMap((name) =>
          (policy.environments ?? ['production']).map((environment) => ({
            ...{ service: name, environment },
            ...(policy.access && { access: policy.access }),
          })),
        ),
      policyOf: async () => {
        if (policy.unreadable) throw failure('SLIP-CFG-2', 'the policy file cannot be read');
        const floor = policy.withoutService ? {} : { repository: policy.repository ?? 'https://git.test/shop' };
        return { hash: policy.hash ?? (policy.withoutService ? floorHash({}) : 'd'.repeat(64)), floor };
      },
      slackChannels: async () => policy.channels ?? [],
      policyProblem: async () => policy.problem,
    },
    source: {
      descends: async ({ ancestor }) => {
        askedGit.push(ancestor);
        return !unrelated.has(ancestor);
      },
      commits: async ({ repository, commit, notIn }) => ({
        commits: [{ commit, author: repository, at: 5, subject: `not in ${notIn.join(', ')}` }],
        more: false,
      }),
      times: async ({ repository, commits }) => {
        askedGit.push(repository);
        return new Map([...committed].filter(([commit]) => commits.includes(commit)));
      },
    },
    signer,
    verifier,
    evidence: { soon: () => void (evidence.asked += 1), problems: () => evidence.problems },
    identify: async (token) => {
      if (file.broken) throw new Error('the tokens file is no JSON');
      return removed.has(token) ? undefined : identify(token);
    },
    login,
    ...(browser && { browser: browser() }),
    pages: 'http://pages.test',
    temporal: { uiUrl: 'http://temporal.test', namespace: 'default' },
    now: () => (clock += 1),
    ...(slack && { slack }),
    isDraining: () => ending.draining,
    ...(logger && { logger }),
    // Each test looks at what it has just done.
    limits: { overviewMs: 0, ...limits },
  };
  const { server, routes } = withRoutes(more, parts);
  if (!logger) server.log.error = (error: unknown) => void logged.push(error);
  const ask = async (method: 'GET' | 'POST', url: string, token: string, body?: unknown): Promise<Answer> => {
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    const answer = await server.inject({
      method,
      url,
      headers,
      ...(body !== undefined && { payload: body as object }),
    });
    const [status, told] = [answer.statusCode, answer.json<AnswerBody>()];
    requireDocumented({ method, url, sent: body, status, body: told });
    return { status, body: told };
  };
  return {
    parts,
    engine,
    records,
    database,
    askedRecords,
    askedTemporal,
    failing,
    silence,
    unrelated,
    askedGit,
    committed,
    askedFiles,
    logged,
    figures,
    removed,
    ending,
    file,
    server,
    routes,
    service,
    policy,
    login,
    evidence,
    later: (ms) => void (clock += ms),
    get: (path, token = tokens.dana) => ask('GET', path, token),
    post: (path, body, token = tokens.dana) => ask('POST', path, token, body),
    async release(changes) {
      const { body } = await ask('POST', '/v1/releases', tokens.dana, aStart(service, changes));
      await keepPlanHash(records.plans, body.releaseId, aHash());
      return body.releaseId;
    },
    decisionPath: (id) => `/v1/releases/${encodeURIComponent(id)}/decisions`,
  };
}

/** The routes are told from the moment that the server is made: a hook that is added later hears of none. */
function withRoutes(doors: readonly MoreDoor[], parts: GatewayParts): { server: FastifyInstance; routes: Route[] } {
  const routes: Route[] = [];
  const listen = (made: unknown) =>
    (made as { fastify: FastifyInstance }).fastify.addHook('onRoute', ({ method, url: path }) => {
      for (const one of [method].flat()) routes.push({ method: one, path });
    });
  subscribe('fastify.initialization', listen);
  try {
    return { server: createGateway(parts, doors), routes };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

/** The same, with each question noted; some are not answered. */
function listened(
  records: Records,
  asked: string[],
  { failing, silence }: Pick<TestGateway, 'failing' | 'silence'>,
): Records {
  const answer = (question: string) => {
    if (silence.falls) return () => new Promise(() => {});
    return failing.has(question) ? () => Promise.reject(new Error(`no answer to ${question}`)) : undefined;
  };
  const parts = Object.entries(records).map(([name, part]): [string, unknown] => [
    name,
    typeof part === 'function' ? part : noting(part as object, name, asked, answer),
  ]);
  return Object.fromEntries(parts) as unknown as Records;
}

/** `instead`: what is asked in the place of some. */
function noting<Part extends object>(
  part: Part,
  of: string,
  asked: string[],
  instead: (question: string) => unknown = () => undefined,
): Part {
  return new Proxy(part, {
    get(target, name) {
      const question = `${of}.${String(name)}`;
      asked.push(question);
      return instead(question) ?? (Reflect.get(target, name) as unknown);
    },
  });
}

export function aStart(service: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { service, branch: 'main', commit: 'a'.repeat(40), requestKey: randomUUID(), ...changes };
}

export function anOrder(kind: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { decisionId: randomUUID(), kind, channel: 'cli', reason: 'because', ...changes };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
