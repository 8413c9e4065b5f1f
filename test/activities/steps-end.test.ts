import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import type { Notification } from '../../activities/notify/port.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { keepBack } from '../../activities/steps/back-again.ts';
import { markOf } from '../../activities/steps/region-proofs.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import { migrationEnds } from '../../activities/steps/migration-ends.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { touching } from '../../activities/steps/touching.ts';
import type { EngineSteps } from '../../activities/steps/types.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { placesOf } from '../../domain/left-behind.ts';
import { aDecision, anImage, aPlan, aPlannedComponent, aRegion, aVerified, aWave } from '../domain/builders.ts';
import {
  aReleaseThatMayAct,
  aRollbackOf,
  aRollbackOfBroken,
  authorizing,
  decided,
  goesBackTo,
  hasChanged,
  theSigner,
} from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** As their owner sees them, and as the steps of an engine worker do. */
const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

type End = Parameters<EngineSteps['recordEnd']>[0];

const anEnd = ({ authority: { releaseId } }: ActingRun, outcome: string, more: Partial<End> = {}): End => ({
  releaseId,
  result: { outcome, summary: `it ended ${outcome}`, artifacts: [], regions: [], timings: [] },
  notify: [],
  ...more,
});

/** How this run ends, as an activity of its own. */
function end(run: ActingRun, input: End): ReturnType<EngineSteps['recordEnd']> {
  const notifierFor = () => ({ notify: () => Promise.reject(new Error('the chat is away')) });
  return run.act(createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }), input);
}

const changes = (run: ActingRun, what: string) =>
  run.act(() => touching({ records, now: () => 2_000 }, what), undefined);

const inventoryOf = async ({ lane }: ActingRun) => (await records.inventory.current(lane)).map((row) => row.releaseId);

describe('the end of a run', () => {
  it('is recorded with its result, whoever can be told', async () => {
    const run = await aReleaseThatMayAct(records);
    await end(run, anEnd(run, 'failed', { report: { log: [], checks: [] } }));
    expect(await records.attempts.find(run.authority.releaseId)).toMatchObject({ outcome: 'failed', endedAt: 9_000 });
    expect(await records.plans.kept(run.authority.releaseId, 'result')).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    ['verified', 'info'],
    ['unproven', 'attention'],
    ['failed', 'problem'],
    ['an outcome that nobody knows', 'problem'],
  ])('is told to people as what it is: %s, %s', async (outcome, level) => {
    const onFailure = { ...aPlan().onFailure, onInconclusive: 'go-on' } as const;
    const run = await aReleaseThatMayAct(records, { plan: { onFailure } });
    if (outcome === 'verified')
      await records.inventory.record([aVerified({ ...run.lane, releaseId: run.authority.releaseId })]);
    if (outcome === 'unproven') await hasChanged(run, records);
    const told: Notification[] = [];
    const notifierFor = () => ({ notify: async (message: Notification) => void told.push(message) });
    await run.act(
      createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }),
      anEnd(run, outcome),
    );
    expect(told.map((message) => message.level)).toEqual([level]);
    // What was changed is for whoever is to look.
    expect(told[0]?.facts).not.toHaveProperty('changed');
  });

  it.each<[string, boolean, string]>([
    ['left something half way', false, 'slipway status RUN --why names the ways on, in order'],
    [
      'put all of it back',
      true,
      'The lane is on hold: slipway lane WHERE shows each hold, slipway lane clear-hold WHERE --id HOLD --reason TEXT ends one',
    ],
  ])('is told with what is to be done next where it holds the lane and has %s', async (_what, isBack, next) => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await hasChanged(run, records);
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    if (isBack) {
      await goesBackTo(run, { records, image: anImage('core', '0'), region: 'de' });
      await looksBack(run, 'de', ['core']);
    }
    const told: Notification[] = [];
    const notifierFor = () => ({ notify: async (message: Notification) => void told.push(message) });
    const ends = createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 });
    expect((await run.act(ends, anEnd(run, isBack ? 'rolled-back' : 'halted'))).outcome).toBe(
      isBack ? 'rolled-back' : 'halted',
    );
    const where = `--service ${run.lane.service} --environment ${run.lane.environment}`;
    expect(told[0]?.facts['next']).toBe(next.replace('RUN', releaseId).replaceAll('WHERE', where));
  });

  it.each([
    ['failed', ['core in de', 'database main'], 'core in de, database main'],
    ['failed', [], undefined],
  ])(
    'is told with what was changed, by the records, where it holds the lane: %s, %j',
    async (outcome, what, changed) => {
      const run = await aReleaseThatMayAct(records);
      for (const one of what) await changes(run, one);
      const told: Notification[] = [];
      const notifierFor = () => ({ notify: async (message: Notification) => void told.push(message) });
      const input = anEnd(run, outcome);
      await run.act(createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }), input);
      expect(told.map(({ facts }) => facts['changed'])).toEqual([changed]);
    },
  );

  it('is the same when it is said again, as after a lost reply', async () => {
    const run = await aReleaseThatMayAct(records);
    await records.inventory.record([aVerified({ ...run.lane, releaseId: run.authority.releaseId })]);
    await looksBack(run, 'de', ['core']);
    const input = anEnd(run, 'rolled-back');
    await end(run, input);
    await end(run, input);
    expect(await inventoryOf(run)).toEqual([]);
  });

  it('is never on record without its result: whoever waits for it reads both', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    const { plans } = separated.engine;
    const keepsNothing = { ...plans, keep: () => Promise.reject(failure('SLIP-REC-1', 'it is away')) };
    const cutOff = authorizing({ ...separated.engine, plans: keepsNothing });
    const notifierFor = () => ({ notify: () => Promise.resolve() });
    const report = { log: [], checks: [] };
    await run
      .act(createRecordEnd({ ...cutOff, notifierFor, now: () => 9_000 }), anEnd(run, 'failed', { report }))
      .catch(() => {});
    const [attempt, result] = [await records.attempts.find(releaseId), await records.plans.kept(releaseId, 'result')];
    expect(result !== undefined).toBe(attempt?.outcome !== undefined);
  });

  it('cannot be another one afterwards, nor take anything back with it', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    await end(run, anEnd(run, 'verified'));
    // Said very late, when the world has gone on: how it has ended is the answer.
    for (const late of ['failed', 'rolled-back'])
      expect(await end(run, anEnd(run, late, { revoke: { releaseId, regions: ['de'] } }))).toMatchObject({
        outcome: 'verified',
      });
    const forged = anEnd(run, 'verified');
    const otherPlan = { ...forged, result: { ...forged.result, planHash: 'f'.repeat(64) } };
    await expect(end(run, otherPlan)).rejects.toThrow('SLIP-REC-2');
    expect(await inventoryOf(run)).toEqual([releaseId]);
    expect(await records.plans.kept(releaseId, 'result')).toMatchObject({ outcome: 'verified' });
  });

  it('leaves a hold that says what was changed, whatever its run says', async () => {
    const run = await aReleaseThatMayAct(records);
    await changes(run, 'core in de');
    const { result, ...input } = anEnd(run, 'halted');
    await end(run, { ...input, result: { ...result, summary: 'nothing was changed: clear this hold' } });
    const [hold] = (await records.closings.list(run.lane)).holds;
    expect(hold?.reason).toMatch(/^nothing was changed: clear this hold; it had begun to change core in de\.\n/);
  });

  it('is halted, with a hold, where somebody has ordered it back and it is not: whatever else was seen', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await changes(run, 'core in de');
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    await decided(run, { records, kind: 'roll-back' });
    expect(await end(run, anEnd(run, 'verified'))).toMatchObject({
      outcome: 'halted',
      summary: expect.stringContaining('kim had ordered it back'),
    });
    expect((await records.closings.list(run.lane)).holds).toHaveLength(1);
  });

  it.each([
    ['was ordered, and one region of three is back', true, 'halted'],
    ['nobody has ordered, and one region goes back by the policy', false, 'rolled-back'],
  ])('is that it is back where all that %s: %j, %s', async (_what, isOrdered, outcome) => {
    const [de, nl, fr] = [aRegion('de'), aRegion('nl'), aRegion('fr')];
    const plan = { components: [aPlannedComponent('core')], regions: [de, nl, fr], waves: [aWave(['de', 'nl', 'fr'])] };
    const run = await aReleaseThatMayAct(records, { plan });
    const { releaseId } = run.authority;
    for (const region of ['de', 'nl', 'fr']) await hasChanged(run, records, { region });
    await records.inventory.record(['de', 'fr'].map((region) => aVerified({ ...run.lane, region, releaseId })));
    if (isOrdered) await decided(run, { records, kind: 'roll-back' });
    await goesBackTo(run, { records, image: anImage('core', '0'), region: 'nl' });
    await looksBack(run, 'nl', ['core']);
    expect((await end(run, anEnd(run, 'rolled-back'))).outcome).toBe(outcome);
  });

  it.each(['verified ', 'rolled-back\u200b', 'done'])('is none by a word that nobody knows: %j', async (word) => {
    const run = await aReleaseThatMayAct(records);
    await changes(run, 'core in de');
    expect(await end(run, anEnd(run, word))).toMatchObject({ outcome: 'halted' });
    expect(await records.attempts.find(run.authority.releaseId)).toMatchObject({ outcome: 'halted' });
  });

  it('is what it was where somebody has ordered it back and it is', async () => {
    const run = await aReleaseThatMayAct(records);
    await looksBack(run, 'de', ['core']);
    await decided(run, { records, kind: 'roll-back' });
    expect(await end(run, anEnd(run, 'rolled-back'))).toEqual({
      outcome: 'rolled-back',
      summary: 'it ended rolled-back',
    });
  });

  it.each<[string, ReturnType<typeof createSigner>, { refused: boolean }]>([
    ['has signed with a key that nobody knows', createSigner(createKeyPair().privateKeyPem), { refused: false }],
    ['was told that it is refused', theSigner, { refused: true }],
  ])('is not held against an order back of somebody who %s', async (_what, signer, { refused }) => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = run.authority;
    const order = signer.sign(aDecision('roll-back', { id: randomUUID(), releaseId, planHash }));
    await records.decisions.store(order);
    // Refused before anything was changed: it is void.
    if (refused) await records.decisions.refuse(order.decision.id, 'nothing has been changed yet');
    await changes(run, 'core in de');
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    expect(await end(run, anEnd(run, 'verified'))).toMatchObject({ outcome: 'verified' });
  });

  it('takes back nothing that its run has not begun to put back, whatever it says', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    await goesBackTo(run, { records, image: anImage('core', '0') });
    await end(run, anEnd(run, 'halted', { revoke: { releaseId, regions: ['de'] } }));
    expect(await inventoryOf(run)).toEqual([releaseId]);
  });

  it.each(['rolled-back', 'halted', 'failed'])(
    'of a rollback takes back what was ordered to be undone where it has begun to, whatever it says: %s',
    async (outcome) => {
      const release = await aReleaseThatMayAct(records);
      const { releaseId } = release.authority;
      await records.inventory.record(['de', 'nl'].map((region) => aVerified({ ...release.lane, region, releaseId })));
      const rollback = await aRollbackOf(release, { records, regions: ['de'] });
      const another = { releaseId: 'release/another', regions: ['de'] };
      await looksBack(rollback, 'de', ['core']);
      await end(rollback, anEnd(rollback, outcome, { revoke: another }));
      expect(await records.inventory.of(releaseId)).toMatchObject([{ region: 'nl' }]);
    },
  );

  it('of a rollback that was ended from outside takes it back, too, by whoever finds that out', async () => {
    const release = await aReleaseThatMayAct(records);
    const { releaseId } = release.authority;
    await records.inventory.record([aVerified({ ...release.lane, releaseId })]);
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    await hasChanged(rollback, records, { purpose: 'roll-back' });
    await concludeLost(authorizing(separated.gateway), rollback.authority.releaseId, 9_000);
    expect(await records.inventory.of(releaseId)).toEqual([]);
  });

  it('of a rollback that a breach has led to takes back the release that was seen broken', async () => {
    const release = await aReleaseThatMayAct(records);
    const { releaseId } = release.authority;
    await records.inventory.record([aVerified({ ...release.lane, releaseId })]);
    const rollback = await aRollbackOfBroken(release, { records, regions: ['de'] });
    await hasChanged(rollback, records, { purpose: 'roll-back' });
    await records.breaches.record(rollback.breach);
    await end(rollback, anEnd(rollback, 'rolled-back'));
    expect(await inventoryOf(release)).toEqual([]);
  });

  it('is not written for another run', async () => {
    const [run, other] = [await aReleaseThatMayAct(records), await aReleaseThatMayAct(records)];
    await expect(end(run, anEnd(other, 'aborted'))).rejects.toThrow('SLIP-REL-1');
  });
});

/** It has put them back, and seen them. */
async function looksBack(run: ActingRun, region: string, components: string[]): Promise<void> {
  const { authority } = run;
  for (const component of components) await hasChanged(run, records, { region, component, purpose: 'roll-back' });
  await keepBack(records, authority, region, { components, mark: await markOf(records, authority.releaseId, region) });
}

describe('a run that has changed a database', () => {
  const contracted = ['0002_drop'];
  /** What the engine has chosen to go back to was verified before the schema changed. */
  async function aRunThatIsBack({ ended = true, contracting = [] as string[] } = {}) {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    const image = anImage('core', '0');
    await records.inventory.record([aVerified({ ...run.lane, image, verifiedAt: 1_000 })]);
    const database = 'main';
    await changes(run, `database ${database}`);
    await goesBackTo(run, { records, image });
    const schema = { ...run.lane, database, releaseId, pending: contracted, contracting, changedAt: 2_000 };
    await records.schema.record(schema);
    if (ended)
      await migrationEnds(records).keep({ authority: run.authority, database }, 'job', { kind: 'succeeded', log: '' });
    await looksBack(run, 'de', ['core']);
    return run;
  }

  it.each([
    ['and is over, in a way that the old code can live with', {}, 'rolled-back'],
    ['of which nobody knows how it has ended', { ended: false }, 'halted'],
    ['in a way that the old code cannot live with', { contracting: contracted }, 'halted'],
  ])('is back only where the schema is, too: changed %s', async (_what, how, outcome) => {
    const run = await aRunThatIsBack(how);
    const ending = await end(run, anEnd(run, 'rolled-back'));
    expect(ending.outcome).toBe(outcome);
    const [hold] = (await records.closings.list(run.lane)).holds;
    if (outcome === 'halted') expect(hold?.reason).toContain('database main');
  });

  it('is not verified beside a migration of which nobody knows how it has ended', async () => {
    const run = await aReleaseThatMayAct(records);
    await records.inventory.record([aVerified({ ...run.lane, releaseId: run.authority.releaseId })]);
    await changes(run, 'database main');
    expect(await end(run, anEnd(run, 'verified'))).toMatchObject({ outcome: 'halted' });
  });
});

describe('a run that was ended from outside', () => {
  it('begins nothing more once that is on record: what it has left behind is told of all that it has changed', async () => {
    const release = await aReleaseThatMayAct(records);
    const rollback = await aRollbackOf(await aReleaseThatMayAct(records), { records, regions: ['de'] });
    for (const run of [release, rollback]) {
      const lost = concludeLost(authorizing(separated.gateway), run.authority.releaseId, 9_000);
      // A step that was let in before, and comes when it may.
      const late = await hasChanged(run, records).then(
        () => true,
        () => false,
      );
      expect(await lost).toBe('halted');
      const [hold] = (await records.closings.list(run.lane)).holds;
      expect(hold?.reason).toContain(late ? 'had begun to change core in de.' : 'with no change on record');
      await expect(hasChanged(run, records)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    }
  });
});

describe('the hold of a run that was ended from outside', () => {
  const lostAfter = async (places: string[]) => {
    const run = await aReleaseThatMayAct(records);
    for (const place of places) await changes(run, place);
    await concludeLost(authorizing(separated.gateway), run.authority.releaseId, 9_000);
    const [hold] = (await records.closings.list(run.lane)).holds;
    return { releaseId: run.authority.releaseId, reason: hold?.reason };
  };

  it('says once what was changed', async () => {
    const { releaseId, reason } = await lostAfter(['core in de']);
    expect(reason).toBe(
      `its run was ended from outside, half way: look at what it left behind; it had begun to change core in de.\n${releaseId} ended halted.`,
    );
  });

  it('says what is to be done also where very much was changed', async () => {
    const { reason } = await lostAfter(Array.from({ length: 30 }, (_, n) => `a-component-of-a-long-name-${n} in de`));
    expect(reason).toMatch(
      /: look at what it left behind; it had begun to change a-component-of-a-long-name-0 in de, .* and \d\d more\.\n/,
    );
  });
});

describe('a run that says that all is back', () => {
  const two = {
    components: ['core', 'web'].map((name) => aPlannedComponent(name)),
    regions: [aRegion('de'), aRegion('nl')],
    waves: [aWave(['de', 'nl'])],
  };
  const all = ['core in de', 'web in de', 'core in nl', 'web in nl'];
  type Back = Record<string, string[]>;

  async function seenBack(run: ActingRun, back: Back): Promise<void> {
    for (const [region, components] of Object.entries(back)) await looksBack(run, region, components);
  }
  const outcomeOf = async (run: ActingRun) => (await end(run, anEnd(run, 'rolled-back'))).outcome;

  it.each<[string, string[], Back, string]>([
    ['it is', ['core in de', 'web in de'], { de: ['core', 'web'] }, 'rolled-back'],
    ['one component was not seen', ['core in de', 'web in de'], { de: ['web'] }, 'halted'],
    ['one region was not seen', all, { de: ['core', 'web'] }, 'halted'],
    ['it has changed a database and no region', ['database main'], {}, 'halted'],
  ])('is believed as far as its steps have seen that: a release of which %s', async (_what, changed, back, outcome) => {
    const run = await aReleaseThatMayAct(records, { plan: two });
    for (const what of changed) await changes(run, what);
    await seenBack(run, back);
    expect(await outcomeOf(run)).toBe(outcome);
  });

  it.each<[string, string[] | undefined, Back, string]>([
    ['it is', undefined, { de: ['core', 'web'], nl: ['core', 'web'] }, 'rolled-back'],
    ['it is where it was ordered', ['de'], { de: ['core', 'web'] }, 'rolled-back'],
    ['a region was left out', undefined, { de: ['core', 'web'] }, 'halted'],
    ['a component was left out', ['de'], { de: ['core'] }, 'halted'],
  ])('by order is held against all of the order: where %s', async (_what, regions, back, outcome) => {
    const release = await aReleaseThatMayAct(records, { plan: two });
    for (const what of all) await changes(release, what);
    const rollback = await aRollbackOf(release, { records, regions: regions ?? ['de', 'nl'], all: !regions });
    for (const [region, components] of Object.entries(back))
      for (const component of components) await changes(rollback, `${component} in ${region}`);
    await seenBack(rollback, back);
    expect(await outcomeOf(rollback)).toBe(outcome);
  });

  it('cannot say instead that it is deployed, and only unproven, before it is everywhere', async () => {
    const onFailure = { ...aPlan().onFailure, onInconclusive: 'go-on' } as const;
    const another = () => aReleaseThatMayAct(records, { plan: { ...two, onFailure } });
    const run = await another();
    const everywhere = async (one: ActingRun) => {
      for (const { region, component } of placesOf(all)) await hasChanged(one, records, { region, component });
    };
    await everywhere(run);
    expect(await end(run, anEnd(run, 'unproven'))).toMatchObject({ outcome: 'unproven' });
    const [part, refused, left, back] = [await another(), await another(), await another(), await another()];
    await hasChanged(part, records);
    for (const other of [refused, left, back]) await everywhere(other);
    const fails = (error: Error) => ({ effect: () => Promise.reject(error) });
    await hasChanged(refused, records, fails(failure('SLIP-K8S-4', 'something newer'))).catch(() => undefined);
    await hasChanged(left, records, fails(new Error('no answer'))).catch(() => undefined);
    await hasChanged(back, records, { region: 'nl', purpose: 'roll-back' });
    for (const other of [part, refused, left, back])
      expect(await end(other, anEnd(other, 'unproven'))).toMatchObject({ outcome: 'halted' });
  });
});
