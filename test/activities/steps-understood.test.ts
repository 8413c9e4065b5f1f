import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createLookSteps } from '../../activities/steps/look-steps.ts';
import { releaseRecord } from '../../activities/steps/release-record.ts';
import type { ReadRelease } from '../../activities/steps/types.ts';
import { buildQueue, engineQueue, environmentQueue } from '../../domain/contract/names.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { canBeMended } from '../../domain/failure-course.ts';
import { aComponent, aDecision, aRegion, aSpec, anImage } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, decided, theSigner } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What a newer engine has planned, or read, met by a worker that was not rolled yet. */

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const needs = ['smoke-tests', 'canary-by-header'];
const newer = { plan: { needs }, needs };

function engine() {
  const pipeline = { floorOf: authorizing(separated.engine).floorOf, policyProblem: () => Promise.resolve(undefined) };
  const registry = { resolve: () => Promise.resolve(anImage()) };
  const deps = { ...authorizing(separated.engine), pipeline, registry };
  return createEngineSteps(deps as unknown as EngineDependencies);
}

const here = () => authorizing(separated.environment);
type Acting = (run: ActingRun) => Promise<unknown>;

const steps: [string, Acting][] = [
  ['a step that changes something', (run) => authorize(run.authority, here(), { purpose: 'deploy', regions: ['de'] })],
  ['the look at the regions', ({ authority: { releaseId } }) => createLookSteps(here()).lookAtRegions({ releaseId })],
  ['making the plan', ({ authority: { releaseId } }) => engine().planRelease({ releaseId })],
  [
    'looking again in the lane',
    ({ authority: { releaseId, planHash } }) => engine().judgePlanDrift({ releaseId, planHash }),
  ],
  [
    'choosing what to go back to',
    ({ authority: { releaseId, planHash } }) => engine().chooseRollbacks({ releaseId, planHash, regions: ['de'] }),
  ],
];

const tooOld = { details: { code: 'SLIP-REL-17', detail: expect.stringMatching(/does not know "canary-by-header"$/) } };

describe('a worker that is older than what it is to carry out', () => {
  it.each(steps)('refuses, and may be asked again: %s', async (_what, step) => {
    const run = await aReleaseThatMayAct(records, newer);
    const refused = run.act(() => step(run), undefined);
    await expect(refused).rejects.toMatchObject(tooOld);
    const { details } = (await refused.catch((error: unknown) => error)) as Failure;
    expect(details).toMatchObject({ kind: 'retryable', blame: 'operator' });
    expect(canBeMended(details)).toBe(true);
  });

  it('refuses to find a release that is to be undone, before the lane is waited for', async () => {
    const release = await aReleaseThatMayAct(records, newer);
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    const { releaseId: by, subject: releaseId } = rollback.authority;
    await expect(rollback.act(engine().findRelease, { releaseId, by })).rejects.toMatchObject(tooOld);
  });

  it.each([
    [engineQueue, 'this worker (SLIPWAY_ROLES=engine)'],
    [buildQueue, 'this worker (SLIPWAY_ROLES=build)'],
    [environmentQueue('production', 'roll-back'), 'this worker (SLIPWAY_ROLES=environment:production)'],
    ['elsewhere', 'the worker of elsewhere'],
  ])('says which worker must be newer: of %s', async (taskQueue, worker) => {
    const run = await aReleaseThatMayAct(records, newer);
    const asked = run.anActivity({ taskQueue }).run(() => steps[0]![1](run));
    await expect(asked).rejects.toMatchObject({ details: { detail: `${worker} does not know "canary-by-header"` } });
  });

  it('lets people decide all the same', async () => {
    const run = await aReleaseThatMayAct(records, newer);
    const { releaseId: subject, planHash } = run.authority;
    const signed = theSigner.sign(aDecision('abort', { releaseId: subject, planHash }));
    expect(await run.act(engine().checkDecision, { signed, subject, planHash })).toEqual({});
  });

  it('tells a run that was called off that it is, whatever its plan needs', async () => {
    const run = await aReleaseThatMayAct(records, newer);
    await decided(run, { records, kind: 'abort' });
    await expect(run.act(() => steps[0]![1](run), undefined)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-13' },
    });
  });
});

it('what a release needs is kept with what was read of it, for the steps before there is a plan', async () => {
  const run = await aReleaseThatMayAct(records);
  const keptOf = async (changes: Parameters<typeof aSpec>[0]) => {
    const { keepRead, read } = releaseRecord(authorizing(separated.engine), run.authority.releaseId);
    await keepRead({ spec: aSpec(changes), artifacts: [], toBuild: [] });
    return read();
  };
  const some = await keptOf({ components: [aComponent('core', { regions: ['de'] })] });
  expect(some.needs).toEqual(['regions-of-components']);
  expect((await keptOf({ regions: [aRegion('de')] })) satisfies ReadRelease).not.toHaveProperty('needs');
});
