import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../activities/delivery/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { says } from '../../activities/shared/saying.ts';
import { atBoundary } from '../../activities/steps/boundary.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createLaneSteps } from '../../activities/steps/lane-steps.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { StepName } from '../../domain/run-kinds.ts';
import { auditIn, boundaryInterceptor } from '../../workers/interceptors.ts';
import type { AuditedIn } from '../../workers/interceptors.ts';
import { aCommit, aRegion, aReleaseId } from '../domain/builders.ts';
import { together } from '../../domain/place-look.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { noSmoke } from '../support/no-smoke.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';
import { aTaskToken } from '../support/task-token.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

interface Scheduled {
  workflowId: string;
  step?: StepName;
  /** As the workflow has named it. */
  activityId?: string;
  runId?: string;
  /** As the server has numbered it. */
  event?: number;
  attempt?: number;
}

const theRun = randomUUID();
let events = 4;

/** What a worker does with a step that Temporal hands it, with the interceptors that it has. */
async function worked(
  of: AuditedIn,
  { workflowId, step = 'applyComponent', activityId = '1', runId = theRun, ...numbered }: Scheduled,
  work: () => Promise<unknown>,
  args: unknown[] = [],
): Promise<unknown> {
  const { event = (events += 6), attempt = 1 } = numbered;
  const taskToken = aTaskToken({ runId, event, attempt });
  const info = { activityType: step, activityId, attempt, taskToken, workflowExecution: { workflowId, runId } };
  const input = { args, headers: {} };
  const inside = auditIn(of)({ info } as never);
  return boundaryInterceptor.execute!(input, (same) => inside.execute!(same, work));
}

/** A step of this run, as Temporal would run it. */
function actedBy<Input>(run: ActingRun, of: Records, step: StepName, does: (input: never) => Promise<unknown>) {
  return (input: Input) =>
    run.act(() => {
      const { workflowId, runId } = activityInfo().workflowExecution!;
      return worked(of, { workflowId, runId, step }, () => does(input as never), [input]);
    }, undefined);
}

async function aLaneOnRecord() {
  const { lane, authority } = await aReleaseThatMayAct(records);
  return { lane: `${lane.service}/${lane.environment}`, workflowId: authority.releaseId, ...lane };
}

const rowsOf = async (lane: string) => (await records.audit.list(lane, 50)).reverse();
const wordsOf = async (lane: string) => (await rowsOf(lane)).map(({ what }) => what);
const done = () => Promise.resolve({});

/** Everything stands everywhere. */
const everywhere: Delivery = {
  kind: 'deployment-image',
  look: () => Promise.resolve(together([])),
  plan: ({ component, image }) => Promise.resolve(imageArtifact(component, image)),
  apply: () => Promise.resolve({ it: { inPlace: false } }),
  revert: () => Promise.resolve({ it: { inPlace: false } }),
  watch: () => Promise.resolve('it stands'),
  verify: () => Promise.resolve({ verdict: 'pass', summary: 'it stands' }),
};

describe('no effect is without its row', () => {
  it.each<[string, StepName]>([
    ['what is put in place', 'applyComponent'],
    ['a Job that migrates', 'startMigration'],
    ['a Job that looks at a database', 'planMigration'],
    ['Jobs of smoke tests, which the look at a region makes', 'verifyRegion'],
  ])('it is begun on record before it is, and ended there afterwards: %s', async (_what, step) => {
    const { lane, workflowId } = await aLaneOnRecord();
    let before: string[] = [];
    await worked(separated.environment, { workflowId, step }, async () => void (before = await wordsOf(lane)));
    expect(before).toEqual([`${step} begun`]);
    expect(await wordsOf(lane)).toEqual([`${step} begun`, `${step} done`]);
  });

  it('where no row can be written nothing is done', async () => {
    const { workflowId } = await aLaneOnRecord();
    let effects = 0;
    const away = { ...records, audit: { append: () => Promise.reject(failure('SLIP-REC-1', 'it is away')) } };
    const effect = async () => void (effects += 1);
    await expect(worked(away, { workflowId }, effect)).rejects.toMatchObject({ type: 'SLIP-REC-1' });
    expect(effects).toBe(0);
  });

  it.each([
    ['an id that no database stores', { activityId: 'a\0b' }, []],
    ['an id that is no text', { activityId: '\ud800' }, []],
    ['a second argument that nobody can write down', {}, [{}, JSON.parse('['.repeat(200_000) + ']'.repeat(200_000))]],
    ['an argument that contains itself', {}, [circular()]],
  ])('whatever its workflow chooses: %s', async (_, chosen, args) => {
    const { lane, workflowId } = await aLaneOnRecord();
    await worked(separated.environment, { workflowId, ...chosen }, done, args);
    expect(await wordsOf(lane)).toEqual(['applyComponent begun', 'applyComponent done']);
  });

  it('each has its own, also where a workflow calls the same again by the same id', async () => {
    const { lane, workflowId } = await aLaneOnRecord();
    const [deploy, back] = [{ purpose: 'deploy' }, { purpose: 'roll-back' }];
    for (const input of [deploy, back, deploy])
      await worked(separated.environment, { workflowId }, async () => says(input), [input]);
    const ended = (await rowsOf(lane)).filter(({ what }) => what === 'applyComponent done');
    expect(ended.map(({ facts }) => facts['purpose'])).toEqual(['deploy', 'roll-back', 'deploy']);
  });

  it('and one alone, however often it was tried', async () => {
    const { lane, workflowId } = await aLaneOnRecord();
    for (const attempt of [1, 2, 3]) await worked(separated.environment, { workflowId, event: 5, attempt }, done);
    expect(await wordsOf(lane)).toEqual(['applyComponent begun', 'applyComponent done']);
    expect(await records.audit.firstBroken(lane)).toBeUndefined();
  });

  it('nobody else can say it first: a row that a build worker has put there under its key is another', async () => {
    const { lane, workflowId } = await aLaneOnRecord();
    const guessed = { lane, at: 1, what: 'nothing to see', who: 'x', facts: {} };
    for (const how of ['begun', 'done']) await separated.build.audit.append({ ...guessed, key: `${theRun}/7/${how}` });
    await worked(separated.environment, { workflowId, event: 7 }, done);
    expect((await rowsOf(lane)).map(({ what, writer }) => [what, writer])).toEqual([
      ['nothing to see', 'test_build'],
      ['nothing to see', 'test_build'],
      ['applyComponent begun', 'test_environment'],
      ['applyComponent done', 'test_environment'],
    ]);
  });

  it('and what goes wrong with it is classed and redacted, as what goes wrong in a step', async () => {
    const { workflowId } = await aLaneOnRecord();
    const broken = { ...records, audit: { append: () => Promise.reject(new Error('password=hunter2 refused')) } };
    const said: unknown = await worked(broken, { workflowId }, done).catch((error: unknown) => error);
    expect(said).toBeInstanceOf(ApplicationFailure);
    expect(said).toMatchObject({ type: 'SLIP-REL-5', message: expect.not.stringContaining('hunter2') });
  });
});

describe('a smoke test', () => {
  it('is on record before its Job is made, though the step that runs it only looks otherwise', async () => {
    const test = { name: 'checkout', component: 'core', command: ['smoke'], env: {}, timeoutMs: 300_000 };
    const run = await aReleaseThatMayAct(records, { plan: { regions: [aRegion('de', { smoke: [test] })] } });
    const { authority, lane } = run;
    let before: string[] = [];
    const start = async () => {
      before = await wordsOf(`${lane.service}/${lane.environment}`);
      throw failure('SLIP-SMK-2', 'somebody else has made one of that name');
    };
    const steps = createVerifySteps({
      ...authorizing(separated.environment),
      deliveries: [everywhere],
      verification: { check: () => Promise.reject(new Error('no endpoint is asked here')) },
      smoke: { ...noSmoke, start },
    });
    const verify = actedBy(run, separated.environment, 'verifyRegion', atBoundary(steps).verifyRegion);
    await expect(verify({ authority, region: 'de', images: {}, purpose: 'deploy' })).rejects.toMatchObject({
      type: 'SLIP-VER-3',
    });
    expect(before).toEqual(['verifyRegion begun']);
    expect(await wordsOf(`${lane.service}/${lane.environment}`)).toEqual(['verifyRegion begun', 'verifyRegion failed']);
  });
});

describe('a row says what the step has done, and nothing that its caller has said', () => {
  const regionSteps = () =>
    atBoundary(
      createRegionSteps({ ...authorizing(separated.environment), deliveries: [everywhere], registry: {} as never }),
    );
  const forged = { holder: 'kim', decisionIds: ['approved-by-kim'], closures: [{ by: 'kim' }], database: 'main' };

  it('of a change: from the plan', async () => {
    const run = await aReleaseThatMayAct(records);
    const { authority, lane } = run;
    const { image } = run.plan.components[0]!;
    const change = { region: 'de', component: 'core', image, purpose: 'deploy' };
    const apply = actedBy(run, separated.environment, 'applyComponent', regionSteps().applyComponent);
    await apply({ authority, ...change, ...forged });
    const [begun, ended] = await rowsOf(`${lane.service}/${lane.environment}`);
    expect(begun).toMatchObject({ what: 'applyComponent begun', who: authority.releaseId, facts: { attempt: 1 } });
    expect(ended?.facts).toEqual({
      attempt: 1,
      ...change,
      planHash: authority.planHash,
      artifact: image.split('@')[1],
    });
  });

  it('of approvals: those that are on record for this plan', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = run.authority;
    const steps = createEngineSteps(authorizing(separated.engine) as unknown as EngineDependencies);
    const use = actedBy(run, separated.engine, 'consumeApproval', atBoundary(steps).consumeApproval);
    const [approval] = await records.decisions.list(releaseId);
    const decisionIds = [approval!.decision.id];
    await use({ releaseId, planHash, decisionIds: [], image: 'evil' });
    await use({ releaseId, planHash, decisionIds, region: 'fr' });
    await expect(use({ releaseId, planHash, decisionIds: ['approved-by-kim'] })).rejects.toThrow();
    const ended = (await rowsOf(`${run.lane.service}/production`)).filter(({ what }) => !what.endsWith('begun'));
    expect(ended.map(({ what, facts }) => ({ what, facts }))).toEqual([
      { what: 'consumeApproval done', facts: { attempt: 1 } },
      { what: 'consumeApproval done', facts: { attempt: 1, planHash, decisionIds } },
      { what: 'consumeApproval failed', facts: { attempt: 1, code: 'SLIP-REC-3' } },
    ]);
  });

  it('of a lane: whom it has let in, and not whom it would have', async () => {
    const { lane, service } = await aLaneOnRecord();
    const key = { service, environment: 'production' };
    const deps = { ...authorizing(separated.engine), lanes: {} as never };
    const runId = randomUUID();
    const { incarnation } = await separated.engine.lanes.begin(key, runId);
    const { recordLane } = createLaneSteps(deps);
    const member = { releaseId: aReleaseId(), kind: 'release', commit: aCommit(), queue: 'fifo', joinedAt: 1 };
    const holder = { member, ticket: { incarnation, n: 1 }, since: 1 };
    const run = await aReleaseThatMayAct(records);
    const asLane = (sequence: number) => {
      const activity = run.anActivity();
      const workflowExecution = { workflowId: `lane/${lane}`, runId };
      Object.assign(activity.context.info, { workflowExecution });
      const input = { lane: key, incarnation, sequence, holder, waiting: [], closures: [{ by: 'kim' }] };
      return activity.run(() =>
        worked(separated.engine, { ...workflowExecution, step: 'recordLane' }, () => recordLane(input as never)),
      );
    };
    expect(await asLane(1)).toEqual({ written: true });
    expect(await asLane(9)).toEqual({ written: false });
    const facts = (await rowsOf(lane)).filter(({ what }) => what.endsWith('done')).map((row) => row.facts);
    expect(facts).toEqual([{ attempt: 1, holder: member.releaseId, ticket: `${incarnation}.1` }, { attempt: 1 }]);
  });

  it('of what was refused: who, what and the code, however much was sent', async () => {
    const run = await aReleaseThatMayAct(records);
    const { authority, lane } = run;
    const image = 'x'.repeat(1_500_000);
    const apply = actedBy(run, separated.environment, 'applyComponent', regionSteps().applyComponent);
    const refused = apply({ authority, region: 'de', component: 'core', image, purpose: 'deploy', ...forged });
    await expect(refused).rejects.toMatchObject({ type: 'SLIP-REL-1' });
    const rows = await rowsOf(`${lane.service}/${lane.environment}`);
    expect(rows.map(({ what, who, facts }) => ({ what, who, facts }))).toEqual([
      { what: 'applyComponent begun', who: authority.releaseId, facts: { attempt: 1 } },
      { what: 'applyComponent failed', who: authority.releaseId, facts: { attempt: 1, code: 'SLIP-REL-1' } },
    ]);
  });

  it('of what is long: its beginning, on one line, and as many as a person reads', async () => {
    const { lane, workflowId } = await aLaneOnRecord();
    const long = { image: `a\n${'b'.repeat(5_000)}`, tags: Array.from({ length: 5_000 }, () => 'c'.repeat(5_000)) };
    await worked(separated.environment, { workflowId }, async () => says(long));
    const ended = (await rowsOf(lane)).at(-1)!;
    expect(ended.facts['image']).toMatch(/^a\\nb{400,500}$/);
    expect(JSON.stringify(ended).length).toBeLessThan(60_000);
  });
});

describe('a lane in which nobody has ever asked for a release', () => {
  it('has no chain of its own: all of them share one', async () => {
    const services = Array.from({ length: 3 }, () => `made-up-${randomUUID()}`);
    const ids = services.flatMap((service) => [
      `release/${service}/production/${aCommit()}/1`,
      `rollback/${service}/production/${randomUUID()}`,
      `lane/${service}/production`,
    ]);
    const strangers = [...ids, 'release/nul\0/production/a/1', `release/${'x'.repeat(900)}/production/a/1`, 'mine'];
    for (const workflowId of strangers)
      await worked(separated.environment, { workflowId }, () =>
        Promise.reject(failure('SLIP-REL-10', 'who is it?')),
      ).catch(() => undefined);
    const lanes = (await records.audit.ends()).map(({ lane }) => lane);
    expect(lanes.filter((lane) => /made-up|nul|xxx|mine/.test(lane))).toEqual([]);
    const rows = await rowsOf('other');
    expect(rows.filter(({ what }) => what === 'applyComponent failed')).toHaveLength(strangers.length);
    expect(Math.max(...rows.map((row) => row.who.length))).toBeLessThanOrEqual(300);
  });

  it('has one from its first release on', async () => {
    const [service, worker] = [`shop-${randomUUID()}`, auditIn(separated.environment)];
    const workflowId = `release/${service}/production/${aCommit()}/1`;
    const call = (event: number) => {
      const info = { activityType: 'applyComponent', attempt: 1, taskToken: aTaskToken({ runId: theRun, event }) };
      const known = { ...info, workflowExecution: { workflowId, runId: theRun } };
      return worker({ info: known } as never).execute!({ args: [], headers: {} }, done);
    };
    await call(90_001);
    expect(await wordsOf(`${service}/production`)).toEqual([]);
    await aReleaseThatMayAct(records, { lane: { service, environment: 'production' } });
    await call(90_002);
    expect(await wordsOf(`${service}/production`)).toEqual(['applyComponent begun', 'applyComponent done']);
  });
});

function circular(): object {
  const itself: { itself?: object } = {};
  itself.itself = itself;
  return itself;
}
