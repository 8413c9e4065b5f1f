import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../activities/delivery/port.ts';
import type { Registry } from '../../activities/images/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { atBoundary } from '../../activities/steps/boundary.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { reportOf, resultOf } from '../../activities/steps/recorded-result.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import { createEngine } from '../../client/engine.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { stepGuard } from '../../workers/step-guard.ts';
import { anImage, aPlannedComponent, aReleaseId, aResult, aVerified } from '../domain/builders.ts';
import { together } from '../../domain/place-look.ts';
import { aReleaseThatMayAct, authorizing, goesBackTo, heldAgainst } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const before = (component = 'core') => anImage(component, '0');

/** A region whose deliveries do what they are told, and the steps that a worker of its environment offers, as they are offered. */
function anEnvironment({ tags = [] as string[] } = {}) {
  const running = new Map<string, string>();
  const written: string[] = [];
  const tagged: string[] = [];
  const put = (how: string, component: string, digest: string) => {
    running.set(component, digest);
    written.push(how);
    return Promise.resolve({ [component]: { inPlace: false } });
  };
  const delivery: Delivery = {
    kind: 'deployment-image',
    look: () => Promise.resolve(together([])),
    plan: ({ component, image }) => Promise.resolve(imageArtifact(component, image)),
    apply: ({ component, image }) => put('deploy', component.name, imageArtifact(component, image).digest),
    revert: ({ component }, to) => put('roll-back', component.name, to.digest),
    watch: () => Promise.resolve('it stands'),
    verify: ({ component }, { digest }) =>
      Promise.resolve({ verdict: running.get(component.name) === digest ? 'pass' : 'fail', summary: 'looked at' }),
  };
  const registry: Registry = {
    resolve: () => Promise.resolve(undefined),
    digestsOf: () => Promise.reject(new Error('nothing is asked here')),
    imagesIn: () => Promise.reject(new Error('nothing is asked here')),
    tag: async (_image, tag) => void tagged.push(tag),
  };
  const deps = {
    ...authorizing(separated.environment, { tags }),
    deliveries: [delivery],
    registry,
    verification: { check: () => Promise.reject(new Error('nothing is asked here')) },
  };
  const notifierFor = () => ({ notify: () => Promise.resolve() });
  const steps = atBoundary({
    ...createRegionSteps(deps),
    ...createVerifySteps(deps),
    recordEnd: createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }),
  });
  /** As a worker takes it from a workflow. */
  const send = (run: ActingRun, step: keyof typeof steps, input: unknown): Promise<unknown> =>
    run.act(() => {
      const info = { ...activityInfo(), activityType: step };
      const guard = stepGuard({ info });
      return guard.execute!({ args: [input], headers: {} }, ({ args: [read] }) => steps[step](read as never));
    }, undefined);
  return { running, written, tagged, send };
}

describe('what a step takes from a workflow of a stranger', () => {
  it('is no ticket that is nearly one: it would be written so that nobody can compare it', async () => {
    const run = await aReleaseThatMayAct(records);
    const environment = anEnvironment();
    const change = { region: 'de', component: 'core', image: anImage(), purpose: 'deploy' };
    const { incarnation, n } = run.authority.ticket;
    for (const ticket of [
      { incarnation, n: `0x${n}` },
      { incarnation, n: `${n}.0` },
      { incarnation, n: ` ${n}\n` },
      { incarnation, n: [n] },
      { incarnation: `${incarnation}`, n },
      { incarnation, n, more: true },
    ])
      await expect(
        environment.send(run, 'applyComponent', { ...change, authority: { ...run.authority, ticket } }),
      ).rejects.toMatchObject({ type: 'SLIP-REL-5', nonRetryable: true });
    expect(environment.written).toEqual([]);
    await environment.send(run, 'applyComponent', { ...change, authority: run.authority });
    expect(environment.written).toEqual(['deploy']);
  });

  it('is no third word for the tags that follow verification', async () => {
    const run = await aReleaseThatMayAct(records, { plan: { tags: ['production'] } });
    const environment = anEnvironment({ tags: ['production'] });
    const { authority } = run;
    for (const tags of ['moving', 'moving ', 'Moving', null, undefined, ['moving']])
      await expect(environment.send(run, 'tagImages', { authority, tags })).rejects.toMatchObject({
        nonRetryable: true,
      });
    expect(environment.tagged).toEqual([]);
    await environment.send(run, 'tagImages', { authority, tags: 'commit' });
    expect(environment.tagged).toEqual([run.plan.commit]);
  });

  it.each([
    ['which does not say for what it looks', undefined],
    ['which looks for what was put back', 'roll-back'],
    ['which looks for what was deployed', 'deploy'],
  ])('makes nothing back that runs the new image, by a look %s', async (_how, purpose) => {
    const components = ['core', 'web'].map((name) => aPlannedComponent(name, { image: anImage(name, '1') }));
    const run = await aReleaseThatMayAct(records, { plan: { components } });
    const { authority } = run;
    const environment = anEnvironment();
    for (const component of ['core', 'web']) {
      environment.running.set(component, imageArtifact({}, before(component)).digest);
      await records.inventory.record([
        aVerified({ ...run.lane, component, image: before(component), verifiedAt: 400 }),
      ]);
      await goesBackTo(run, { records, component, image: before(component) });
    }
    await heldAgainst(records, run.lane, authority);
    const change = { authority, region: 'de', component: 'core', image: anImage(), purpose: 'deploy' };
    await environment.send(run, 'applyComponent', change);
    const images = { web: before('web'), core: anImage() };
    const look = { authority, region: 'de', images, ...(purpose && { purpose }) };
    await expect(environment.send(run, 'verifyRegion', look)).rejects.toMatchObject({ nonRetryable: true });
    await environment.send(run, 'recordEnd', {
      releaseId: authority.releaseId,
      result: aResult('rolled-back'),
      notify: [],
    });
    expect(await resultOf(records.plans, authority.releaseId)).toMatchObject({ outcome: 'halted' });
  });
});

describe('an end on record that is none', () => {
  it.each([{ regions: [null] }, { regions: 'all' }, { timings: [null] }, { outcome: 3 }])(
    'is one all the same, and says that it cannot be read: %j',
    async (broken) => {
      const releaseId = `${aReleaseId()}/${JSON.stringify(broken)}`;
      await records.plans.keep(releaseId, 'result', { ...aResult('verified'), ...broken });
      await records.plans.keep(releaseId, 'report', { log: [null], checks: [] });
      expect(await resultOf(records.plans, releaseId)).toMatchObject({
        outcome: 'halted',
        summary: expect.stringContaining('cannot be read'),
      });
      expect(await reportOf(records.plans, releaseId)).toBeUndefined();
    },
  );
});

describe('what answers to the id of a run when it is asked how it stands', () => {
  /** Asks, as the gateway does, a workflow that answers so. */
  const ask = (said: unknown) => {
    const workflow = { getHandle: () => ({ query: () => Promise.resolve(said) }) };
    const withDeadline = <T>(_until: number, call: () => Promise<T>) => call();
    return createEngine({ client: { workflow, withDeadline } as unknown as Client }).status(aReleaseId());
  };
  const { outcome: _outcome, summary: doing, ...rest } = aResult('deploying');
  const status = { ...rest, releaseId: aReleaseId(), stage: 'deploying', doing };
  const whole = { ...status, migrations: [], checks: [], approvals: [], log: [{ at: 1, line: 'deploying de' }] };

  it('is heard where it is a status, as far as that is one', async () => {
    expect(await ask({ ...whole, more: 'of somebody' })).toEqual(whole);
  });

  it.each([
    undefined,
    null,
    'well',
    {},
    { ...whole, regions: [null] },
    { ...whole, stage: 'over' },
    { ...whole, log: [{ at: 'now', line: 1 }] },
    { ...whole, warnings: Array.from({ length: 200_000 }, () => 'x') },
  ])('says nothing where it is none (%#)', async (said) => {
    expect(await ask(said)).toBeUndefined();
  });
});
