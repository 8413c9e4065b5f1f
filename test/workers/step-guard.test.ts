import { describe, expect, it } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { rollbackId } from '../../domain/contract/names.ts';
import { laneCaller, runKinds } from '../../domain/run-kinds.ts';
import { stepGuard } from '../../workers/step-guard.ts';
import { aHash, anImage, aReleaseId } from '../domain/builders.ts';

const order = 'order-1';
const rollback = rollbackId({ service: 'shop', environment: 'production' }, order);
const authority = {
  releaseId: aReleaseId(),
  subject: aReleaseId(),
  planHash: aHash(),
  ticket: { incarnation: 1, n: 2 },
};
const migration = { authority, database: 'main' };
const component = { authority, region: 'de', component: 'core', image: anImage(), purpose: 'roll-back' };

/** Has a workflow call a step that answers with what it was given. */
async function call(
  workflowId: string,
  workflowType: string,
  activityType: string,
  ...args: unknown[]
): Promise<unknown[]> {
  const info = { workflowExecution: { workflowId, runId: 'run' }, workflowType, activityType };
  const guard = stepGuard({ info } as Context);
  return guard.execute!({ args, headers: {} }, (input) => Promise.resolve(input.args)) as Promise<unknown[]>;
}
const asRelease = (step: string, ...args: unknown[]) => call(aReleaseId(), 'deployRelease', step, ...args);

const callers = [
  ...runKinds.release.steps.map((step) => ({ id: aReleaseId(), type: 'deployRelease', step })),
  ...runKinds.rollback.steps.map((step) => ({ id: rollback, type: 'rollBackRelease', step })),
  ...laneCaller.steps.map((step) => ({ id: 'lane/shop/production', type: 'environmentLane', step })),
];

describe('the guard of steps', () => {
  it('lets a run call the steps of its kind, with what they take', async () => {
    expect(await asRelease('startMigration', migration)).toEqual([migration]);
    expect(await call(rollback, 'rollBackRelease', 'applyComponent', component)).toEqual([component]);
  });

  it.each([
    [rollback, 'rollBackRelease', 'startMigration', 'a rollback may not call startMigration'],
    [aReleaseId(), 'sideDoor', 'announce', 'is no run that may call steps'],
  ])('refuses %s of type %s to call %s, for good', async (id, type, step, reason) => {
    const error: unknown = await call(id, type, step).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'SLIP-REL-10', nonRetryable: true, message: expect.stringContaining(reason) });
    expect(error).toMatchObject({
      details: [{ code: 'SLIP-REL-10', blame: 'operator', detail: expect.stringContaining(reason) }],
    });
  });

  it.each(callers)('refuses $type to call $step with what it does not take, for good', async ({ id, type, step }) => {
    for (const args of [[], [{}], [null], [[]], [{ said: 'nothing' }], [{ releaseId: id, more: true }], ['text']])
      await expect(call(id, type, step, ...args)).rejects.toMatchObject({
        type: 'SLIP-REL-5',
        nonRetryable: true,
        message: expect.stringContaining(`${step} was called with what it does not take`),
      });
  });

  it('hears one argument, and no other beside it', async () => {
    await expect(asRelease('startMigration', migration, {})).rejects.toMatchObject({
      message: expect.stringContaining('2 arguments'),
    });
  });

  it.each(['0x2', '2', ' 2\n', '1.0', ['2'], 1.5, -1, 2 ** 53, null, true, {}])(
    'takes no ticket that is nearly one: %j',
    async (n) => {
      const forged = { ...authority, ticket: { incarnation: 1, n } };
      await expect(asRelease('startMigration', { ...migration, authority: forged })).rejects.toMatchObject({
        message: expect.stringContaining('authority.ticket.n'),
      });
    },
  );

  it.each(['moving ', 'Moving', '', null, ['moving'], 'constructor'])(
    'takes no third kind of tags: %j',
    async (tags) => {
      await expect(asRelease('tagImages', { authority, tags })).rejects.toMatchObject({
        message: expect.stringContaining('tags'),
      });
    },
  );

  it.each(['verifyRegion', 'observeRegion', 'applyComponent', 'watchRollout'])(
    'has %s say which way it goes',
    async (step) => {
      const { purpose: _unsaid, ...unsaid } = component;
      const { component: _one, image: _that, ...look } = { ...unsaid, images: {} };
      const input = step.endsWith('Region') ? look : unsaid;
      const more = {
        verifyRegion: {},
        observeRegion: { everyMs: 1, until: 2 },
        applyComponent: {},
        watchRollout: { applied: {}, timeoutMs: 1 },
      };
      await expect(asRelease(step, { ...input, ...more[step as keyof typeof more] })).rejects.toMatchObject({
        message: expect.stringContaining('purpose'),
      });
    },
  );

  it.each(['__proto__', 'Core', 'core in de', ''])('takes no component of the name %j', async (name) => {
    const images = Object.fromEntries([[name, anImage()]]);
    const look = { authority, region: 'de', images, purpose: 'deploy' };
    const read = asRelease('verifyRegion', look).then(([input]) => Object.keys((input as typeof look).images));
    expect(await read.catch(() => [])).toEqual([]);
  });

  it('reads nothing that is too much, whatever it says', async () => {
    const deep = JSON.parse('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)) as unknown;
    const wide = Array.from({ length: 1_000_000 }, () => 1);
    const long = 'x'.repeat(5_000_000);
    for (const [input, why] of [
      [deep, 'nested deeper'],
      [wide, 'parts'],
      [{ releaseId: wide }, 'parts'],
      [Object.fromEntries(wide.slice(0, 150_000).map((_, i) => [i, i])), 'parts'],
      [{ releaseId: long }, 'characters'],
    ] as const)
      await expect(asRelease('readRelease', input)).rejects.toMatchObject({ message: expect.stringContaining(why) });
  });

  it('says of what it refuses only where it was wrong', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`unheard-of-${i}`, i]));
    const error = await asRelease('readRelease', { releaseId: aReleaseId(), ...many }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message.length).toBeLessThan(1_000);
  });
});

describe('how a run says that it has ended', () => {
  const end = (result: object, report?: object) =>
    asRelease('recordEnd', {
      releaseId: aReleaseId(),
      result: { outcome: 'halted', summary: 'so', artifacts: [], regions: [], timings: [], ...result },
      notify: [],
      ...(report && { report }),
    });

  it('is cut to what is kept, and not refused for it', async () => {
    const line = { at: 1, line: 'x'.repeat(30_000), shown: 'somewhere' };
    expect(await end({ summary: 'y'.repeat(30_000), more: 1 }, { log: [line], checks: [] })).toMatchObject([
      { result: { summary: 'y'.repeat(20_000) }, report: { log: [{ at: 1, line: 'x'.repeat(20_000) }] } },
    ]);
  });

  it.each([{ regions: [null] }, { regions: {} }, { timings: [{ stage: 'over', startedAt: 1 }] }, { failure: 'bad' }])(
    'has the form of an end: %j',
    async (result) => {
      await expect(end(result)).rejects.toMatchObject({ type: 'SLIP-REL-5' });
    },
  );
});
