import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { laneId } from '../../domain/contract/names.ts';
import { readConfig } from '../../temporal.config.ts';
import { compose } from '../../workers/compose.ts';
import { startGateway } from '../../workers/gateway.ts';
import { startSilentProxy } from '../support/silent-proxy.ts';
import { endOf, verified } from '../support/world-end.ts';
import { startGatewayProcess } from '../support/world-gateway.ts';
import type { GatewayProcess } from '../support/world-gateway.ts';
import { countsOf, runningIn } from '../support/world-counts.ts';
import type { Service } from '../support/world-service.ts';
import type { Passing, Stop } from '../support/world-tap.ts';
import { patience, until } from '../support/world-until.ts';
import { clientOf, startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** Everything around the engine goes away for a while, in the middle of a release: it costs time, and nothing is done twice. */

let world: World;
let service: Service;
let images: Record<string, string>;
let n = 0;
const names = Array.from({ length: 12 }, (_, i) => `outage-${i}`);

beforeAll(async () => {
  world = await startWorld({ services: names });
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

beforeEach(async () => {
  service = await world.add({ name: names[n++]!, migration: 'create table weights (grams integer)' });
  images = await service.images();
});

/** The write in earnest to the Deployment in that region. */
function stopApply(region: 'de' | 'nl', { name } = service): Stop {
  const isWrite = ({ method, path }: Passing) =>
    method === 'PATCH' && path.startsWith(`/apis/apps/v1/namespaces/${name}/`) && !path.includes('dryRun');
  return world.regions[region].tap.stop('before', isWrite);
}

/** The release ended verified, runs everywhere, and each change of it was made once. */
async function verifiedOnce(releaseId: string): Promise<void> {
  expect(endOf(await service.ends(releaseId))).toEqual(verified);
  const digest = images['core']!.replace(/^.*@/, '');
  expect(await runningIn(world, service)).toEqual({ 'de core': [digest], 'nl core': [digest] });
  const counts = await countsOf(world, service);
  expect(counts).toMatchObject({
    images: { [`de core ${digest}`]: 1, [`nl core ${digest}`]: 1 },
    migrations: ['0001_change'],
    migrationStatements: 1,
  });
  expect(counts.applyJobs).toHaveLength(1);
}

async function approved(): Promise<string> {
  const releaseId = await service.start({ images });
  await service.approve(releaseId);
  return releaseId;
}

/** The id of a release that was held just before it changes nl, while this happened. */
async function whileHeld(happens: () => unknown): Promise<string> {
  const stop = stopApply('nl');
  const releaseId = await approved();
  await stop.reached;
  await happens();
  stop.release();
  return releaseId;
}

describe('a release goes on, and does nothing twice, when', () => {
  it('the answer to a change is lost', async () => {
    const { faults } = world.regions.de.sandbox;
    faults.loseNextReply({ verb: 'apply', kind: 'Deployment', namespace: service.name });
    faults.loseNextReply({ verb: 'create', kind: 'Job', namespace: service.name });
    await verifiedOnce(await approved());
  });

  it('the API server of a region cannot be reached for a while', async () => {
    const { faults } = world.regions.nl.sandbox;
    const releaseId = await whileHeld(() => faults.unreachable(true));
    // People are told what it waits for.
    await until('the view to say so', async () =>
      (await world.developer.release(releaseId)).why.some((line) => /cannot be reached/.test(line)),
    );
    faults.unreachable(false);
    await verifiedOnce(releaseId);
  });

  it('PostgreSQL is restarted', async () => {
    await verifiedOnce(await whileHeld(() => world.restartPostgres()));
  });

  it('its connections to PostgreSQL are forgotten by something on the way, without a word', async () => {
    await verifiedOnce(await whileHeld(() => world.forgetRecordsConnections()));
  });

  it('the Temporal server is killed and started again on its database', async () => {
    const releaseId = await whileHeld(() => world.killTemporal());
    await until('the worker to be back', () => world.engine.supervisor.ready().then(() => true));
    await verifiedOnce(releaseId);
  });

  it('the gateway is away while it waits, and another one takes the decision', async () => {
    const config = readConfig({ ...process.env, ...world.engine.environment });
    const parts = await compose(config);
    const open = () => startGateway({ ...config, gateway: { ...config.gateway, port: 0 } }, parts);
    try {
      const first = await open();
      const about = {
        service: service.name,
        branch: service.name,
        commit: service.commit,
        requestKey: randomUUID(),
        images,
      };
      const { releaseId } = await clientOf(first.url, world.engine.tokens.requester).start(about);
      await first.close();
      const { planHash = '' } = await service.reaches(releaseId, 'awaiting-approval');
      const second = await open();
      const decision = { decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: '' } as const;
      await clientOf(second.url, world.engine.tokens.approver).decide(releaseId, decision);
      await second.close();
      await verifiedOnce(releaseId);
    } finally {
      await parts.close();
    }
  });

  it('the gateway is killed when the decision is stored and not delivered: sent again, to two others at once, it is the one that was stored', async () => {
    const { environment, tokens } = world.engine;
    const temporal = await startSilentProxy(Number(world.services.temporal.address.split(':')[1]));
    const started: GatewayProcess[] = [];
    const begin = async (more: Record<string, string> = {}) => {
      const gateway = await startGatewayProcess({ ...environment, ...more });
      started.push(gateway);
      return gateway;
    };
    const records = new pg.Client({ connectionString: world.services.postgres.url('slipway') });
    await records.connect();
    try {
      const [first, second] = await Promise.all([
        begin({ SLIPWAY_TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` }),
        begin(),
      ]);
      const releaseId = await service.start({ images });
      const { planHash = '' } = await service.reaches(releaseId, 'awaiting-approval');
      const decision = { decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: '' } as const;
      const decide = (url: string) => clientOf(url, tokens.approver).decide(releaseId, decision);
      const stored = async () =>
        (await records.query('select from slipway.decisions where release_id = $1', [releaseId])).rowCount;

      // It has asked Temporal all that it asks before, and cannot say it anything behind.
      await records.query('begin; lock table slipway.decisions in exclusive mode');
      const cut = decide(first.url).catch(() => undefined);
      await until('the decision to be about to be stored', async () => {
        const waiting = "select from pg_locks where relation = 'slipway.decisions'::regclass and not granted";
        return (await records.query(waiting)).rowCount === 1;
      });
      temporal.forget();
      await records.query('commit');
      await until('the decision to be stored', async () => (await stored()) === 1);
      await first.kill();
      expect(await service.status(releaseId)).toMatchObject({ stage: 'awaiting-approval', approvals: [] });

      const answers = await Promise.all([decide(second.url), decide(world.engine.gatewayUrl)]);
      expect(answers.map(({ message }) => message)).toEqual(['the run has taken it', 'the run has taken it']);
      expect(await stored()).toBe(1);
      await verifiedOnce(releaseId);
      await cut;
    } finally {
      for (const gateway of started) await gateway.kill();
      await records.end();
      await temporal.close();
    }
  });

  it('its worker hangs when the decision is sent: it takes effect when another worker is there', async () => {
    const releaseId = await service.start({ images });
    await service.reaches(releaseId, 'awaiting-approval');
    const hanging = world.engine.supervisor.pid();
    const { planHash = '' } = await service.status(releaseId);
    process.kill(hanging, 'SIGSTOP');
    const decision = { decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: '' } as const;
    const { message } = await world.approver.decide(releaseId, decision);
    expect(message).toMatch(/takes effect when a worker is back/);
    await world.killWorker();
    await verifiedOnce(releaseId);
    // Pressed again, and once more: the decision is the one that was taken.
    await expect(world.approver.decide(releaseId, decision)).rejects.toThrow(/has ended: verified/);
  });

  it('its lane is terminated while it holds it: the next release waits for it in the new lane', async () => {
    const stop = stopApply('nl');
    const releaseId = await approved();
    await stop.reached;
    await world.temporal.workflow.getHandle(laneId(service.lane)).terminate('by mistake');
    const commit = await service.commitNothing();
    const next = await service.start({ commit, images: await service.images() });
    await service.approve(next);
    await until('the next release to hear who holds the lane', async () => {
      const { stage, doing } = await service.status(next);
      return stage === 'awaiting-lane' && doing.includes(`${releaseId} holds the lane`);
    });
    stop.release();
    expect(endOf(await service.ends(releaseId))).toEqual(verified);
    expect(endOf(await service.ends(next))).toEqual(verified);
    const counts = Object.values((await countsOf(world, service)).images);
    expect(counts).toEqual([1, 1, 1, 1]);
  });
});

describe('a request', () => {
  it('that is sent twice at once, and again by somebody else, is one run', async () => {
    const about = {
      service: service.name,
      branch: service.name,
      commit: service.commit,
      requestKey: randomUUID(),
      images,
    };
    const started = await Promise.all([
      world.developer.start(about),
      world.developer.start(about),
      world.approver.start({ ...about, requestKey: randomUUID() }),
    ]);
    expect(new Set(started.map(({ releaseId }) => releaseId)).size).toBe(1);
    expect(started.filter(({ created }) => created)).toHaveLength(1);
    const releaseId = started[0].releaseId;
    await service.approve(releaseId);
    await verifiedOnce(releaseId);
    // Asked once more after its end: the recorded outcome stands.
    expect(await world.developer.start(about)).toMatchObject({ releaseId, created: false });
    expect(await world.developer.release(releaseId)).toMatchObject({ outcome: 'verified', open: false });
  });
});

describe('a run that waits', () => {
  it('takes its next step when its worker is back, and says how soon', async () => {
    const releaseId = await service.start({ images });
    const { planHash = '' } = await service.reaches(releaseId, 'awaiting-approval');
    const decision = { decisionId: randomUUID(), kind: 'approve', planHash, channel: 'test', reason: '' } as const;
    const killedAt = Date.now();
    await world.killWorker();
    await world.engine.supervisor.ready();
    const readyAt = Date.now();
    await world.approver.decide(releaseId, decision);
    const takenAt = Date.now();
    console.info(
      `killed: the worker was back after ${readyAt - killedAt} ms, the decision was taken ${takenAt - readyAt} ms later`,
    );
    await verifiedOnce(releaseId);
  });
});
