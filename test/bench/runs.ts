import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { LaneHolder } from '../../domain/contract/lane.ts';
import { laneId, workflowTypes } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import { shop } from '../../lab/shop/pipeline-file.ts';
import { total } from './calls.ts';
import { cpuOf } from './processes.ts';
import { minimalQueue } from './same-steps.ts';
import type { PlainRelease } from './same-steps.ts';
import type { FromScript, ToScript } from './script.ts';
import type { BenchWorld } from './world.ts';

/** One release, measured. */
export interface Sample {
  /** From the request to its end. */
  ms: number;
  /** From the plan being put before people to the approval being taken. Part of `ms`. */
  approvalMs: number;
  /** Of the process that does the work, its git children included. */
  cpuMs: number;
  events: number;
  historyBytes: number;
  externalCalls: number;
}

export interface Runners {
  world: BenchWorld;
  script: ChildProcess;
  minimal: ChildProcess;
}

export type Way = 'script' | 'minimal' | 'engine';

/** What a run leaves to do after its end (its lane, its worker's bookkeeping) is its own cost, and not the next one's. */
const afterMs = 400;
let count = 0;

/** Releases the other set of images than the run before, with the same two migrations to do. */
export async function measure(way: Way, runners: Runners): Promise<Sample> {
  const { world } = runners;
  await forgetMigrations(world);
  const images = world.images.sets[count % 2] ?? {};
  count += 1;
  const pid =
    { script: runners.script.pid, minimal: runners.minimal.pid, engine: world.engine.supervisor.pid() }[way] ?? 0;
  const ticket = way === 'engine' ? undefined : await lastTicket(world);
  const [calls, cpu] = await Promise.all([world.calls(), cpuOf(pid)]);
  const startedAt = performance.now();
  const done = await (ticket ? runPlain(way, runners, images, ticket) : runEngine(world, images));
  const ms = performance.now() - startedAt;
  await sleep(afterMs);
  const cpuMs = (await cpuOf(pid)) - cpu;
  const externalCalls = total(await world.calls()) - total(calls);
  return { ms, approvalMs: done.approvalMs, cpuMs, externalCalls, ...(await historyOf(world, done.workflowId)) };
}

interface Done {
  approvalMs: number;
  workflowId?: string;
}

/** Through the gateway, as the CLI does it; the approver answers as soon as the engine has asked. */
async function runEngine(world: BenchWorld, images: Record<string, string>): Promise<Done & { workflowId: string }> {
  const { releaseId, planHash } = await startEngineRelease(world, images);
  const asked = performance.now();
  await approve(world, releaseId, planHash);
  const approvalMs = performance.now() - asked;
  await world.client.workflow.getHandle(releaseId).result();
  return { approvalMs, workflowId: releaseId };
}

/** Starts a release and answers once its plan waits for approval. */
export async function startEngineRelease(world: BenchWorld, images: Record<string, string>) {
  const commit = world.nextCommit();
  const about = { service: shop.service, environment: shop.environment, branch: shop.branch, commit, images };
  const planHash = world.notices.planOf(`release/${shop.service}/${shop.environment}/${commit}/1`);
  const { releaseId } = await world.requester.start({ ...about, requestKey: `bench-${commit}` });
  return { releaseId, planHash: await planHash };
}

export function approve({ approver }: BenchWorld, releaseId: string, planHash: string): Promise<unknown> {
  const decisionId = `bench-${releaseId.split('/')[3]}`;
  return approver.decide(releaseId, {
    decisionId,
    kind: 'approve',
    planHash,
    channel: 'bench',
    reason: 'a measurement',
  });
}

/** The same release by hand: recorded as the gateway would, so that the steps find what gives them the right to change anything. */
async function runPlain(
  way: Way,
  { world, script }: Runners,
  images: Record<string, string>,
  ticket: Ticket,
): Promise<Done> {
  const { request, releaseId } = await openRelease(world, images);
  const release = { releaseId, ticket };
  const { commit, requestedAt: joinedAt } = request;
  const member = { releaseId, kind: 'release', commit, queue: 'fifo', joinedAt } as const;
  await writeHolder(world, { member, ticket, since: joinedAt });
  const planHash = world.notices.planOf(releaseId);
  const begun = way === 'script' ? beginScript(script, release) : await beginMinimal(world, release);
  const plan = await Promise.race([planHash, begun.end.then(() => '')]);
  const asked = performance.now();
  const decisionId = await storeApproval(world, releaseId, plan);
  await begun.approve(decisionId);
  const approvalMs = performance.now() - asked;
  await begun.end;
  await writeHolder(world, undefined);
  return { approvalMs, ...(way === 'minimal' && { workflowId: releaseId }) };
}

/**
 * The steps change nothing for whom the records do not name as the lane's holder. Written past the lane, which counts its own writes and
 * takes none of a stranger for its own.
 */
async function writeHolder(world: BenchWorld, holder: LaneHolder | undefined): Promise<void> {
  await askRecords(
    world,
    `insert into slipway.lanes (service, environment, holder) values ($1, $2, $3)
     on conflict (service, environment) do update set holder = excluded.holder`,
    [shop.service, shop.environment, holder ? JSON.stringify(holder) : null],
  );
}

async function askRecords({ services }: BenchWorld, question: string, values: unknown[]): Promise<unknown[]> {
  const database = new pg.Client({ connectionString: services.postgres.url('slipway') });
  await database.connect();
  try {
    return (await database.query<Record<string, unknown>>(question, values)).rows;
  } finally {
    await database.end();
  }
}

export async function openRelease(
  { records, signer, repository, nextCommit }: BenchWorld,
  images: Record<string, string>,
) {
  const commit = nextCommit();
  const { service, environment, branch } = shop;
  const requestedBy = { id: 'lab-developer', via: 'token', groups: ['developers'] };
  const about = {
    service,
    environment,
    repository,
    branch,
    commit,
    requestedBy,
    requestedAt: Date.now(),
    images,
    downgrade: false,
  };
  const { attempt } = await records.attempts.open(about, {
    requestKey: `bench-${commit}`,
    fresh: false,
    sign: (taken) => signer.signRequest(taken),
  });
  return { request: attempt.request, releaseId: attempt.releaseId };
}

function beginScript(script: ChildProcess, release: PlainRelease) {
  const tell = (message: ToScript) => void script.send(message);
  const end = once(script, 'message').then(([message]) => {
    const { error } = message as Exclude<FromScript, 'ready'>;
    if (error !== undefined) throw new Error(`the script failed: ${error}`);
  });
  tell({ kind: 'run', release });
  return { end, approve: async (id: string) => tell({ kind: 'approved', decisionIds: [id] }) };
}

async function beginMinimal({ client }: BenchWorld, release: PlainRelease) {
  const handle = await client.workflow.start(workflowTypes.deployRelease, {
    workflowId: release.releaseId,
    taskQueue: minimalQueue,
    args: [release],
  });
  return { end: handle.result().then(() => undefined), approve: (id: string) => handle.signal('approved', id) };
}

async function storeApproval({ records, signer }: BenchWorld, releaseId: string, planHash: string): Promise<string> {
  const id = `bench-${releaseId.split('/')[3]}`;
  const by = { id: 'lab-approver', via: 'token', groups: ['approvers'] };
  const decision = {
    id,
    kind: 'approve',
    releaseId,
    planHash,
    by,
    channel: 'bench',
    decidedAt: Date.now(),
    reason: 'a measurement',
  } as const;
  await records.decisions.store(signer.sign(decision));
  return id;
}

/** What the lane gave out last: the same again may write, and the engine's next release counts on from it. */
async function lastTicket(world: BenchWorld): Promise<Ticket> {
  const [given] = await askRecords(
    world,
    'select incarnation, granted as n from slipway.lanes where (service, environment) = ($1, $2)',
    [shop.service, shop.environment],
  );
  return (given as Ticket | undefined) ?? { incarnation: 0, n: 0 };
}

async function historyOf({ client }: BenchWorld, workflowId: string | undefined) {
  if (workflowId === undefined) return { events: 0, historyBytes: 0 };
  const { historyLength, historySize } = await client.workflow.getHandle(workflowId).describe();
  return { events: historyLength, historyBytes: historySize ?? 0 };
}

/** Events that the lane has written so far, over all releases. */
export async function laneEvents({ client }: BenchWorld): Promise<number> {
  return (await client.workflow.getHandle(laneId(shop)).describe()).historyLength;
}

/** Every measured release finds the shop's database as its first one did. */
export async function forgetMigrations({ services }: BenchWorld): Promise<void> {
  const database = new pg.Client({ connectionString: services.postgres.url('shop') });
  await database.connect();
  try {
    await database.query('drop schema public cascade; create schema public');
  } finally {
    await database.end();
  }
}
