import { describe, expect, it } from '@jest/globals';
import { aPerson, aPolicy } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import type { FakeWorld } from './support/fake-world.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const min = 60_000;
const hour = 60 * min;
const reminding = aPolicy({
  remindMs: 30 * min,
  expiresMs: 5 * hour,
  escalate: { afterMs: 2 * hour, groups: ['leads'] },
});

const told = ({ said }: Pick<FakeWorld, 'said'>) =>
  said.map((one) => (one.message === 'approval-reminder' ? `${one.message} ${one.number}` : one.message));

async function eventsOf(id: string) {
  return (await temporal.env().client.workflow.getHandle(id).fetchHistory()).events ?? [];
}

describe('a release that nobody decides about', () => {
  it('reminds people again and again, lets others approve after a while, and ends', async () => {
    const world = temporal.world({ approval: reminding });
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('expired');
    expect(told(world)).toEqual([
      'approval',
      'approval-reminder 1',
      'approval-reminder 2',
      'approval-reminder 3',
      'approval-escalated',
    ]);
    expect(world.ends[0]?.result.summary).toBe('nobody of approvers, leads approved in time');
  });

  it('takes one timer for each, and few events', async () => {
    const world = temporal.world({ approval: reminding });
    const run = await temporal.start(world);
    await run.outcome();
    const events = await eventsOf(run.id);
    const timers = events.filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes);
    // An hour at most, as it is looked for a newer engine: three reminders, one widening, and three hours to the end.
    expect(timers).toHaveLength(3 + 1 + 3);
    expect(events.length).toBeLessThan(160);
  });

  it('says what comes next, and who can move it by now', async () => {
    const world = temporal.world({ approval: reminding });
    const run = await temporal.start(world);
    const { waitingFor } = await run.until('awaiting-approval');
    const { since = 0 } = waitingFor ?? {};
    expect(waitingFor).toMatchObject({
      who: 'approvers',
      until: since + 5 * hour,
      remindsAt: since + 30 * min,
      widens: { at: since + 2 * hour, to: ['leads'] },
    });
    await temporal.env().sleep(2 * hour + min);
    const after = await run.until('awaiting-approval', /leads may approve, too/);
    expect(after.waitingFor).toEqual({
      ...{ what: 'approval', who: 'approvers, leads', since, until: since + 5 * hour },
      decisions: ['approve', 'reject'],
    });
    await run.approve();
    expect(await run.outcome()).toBe('verified');
  });

  it('is approved by those others once they may, and not before', async () => {
    const world = temporal.world({ approval: reminding });
    const run = await temporal.start(world);
    const { planHash = '' } = await run.until('awaiting-approval');
    const lead = { by: aPerson('lea', 'leads') };
    const early = await run.decide(world.sign('approve', { releaseId: run.id, planHash }, lead));
    expect(JSON.stringify(early)).toContain('not in the group approvers');
    await temporal.env().sleep(2 * hour + min);
    await run.until('awaiting-approval', /leads may approve, too/);
    world.waitedMs = 2 * hour;
    await run.decide(world.sign('approve', { releaseId: run.id, planHash }, lead));
    expect(await run.outcome()).toBe('verified');
  });

  it('stays approved by those others where its plan is made again as it was', async () => {
    const world = temporal.world({ approval: reminding });
    world.drifts = [{ kind: 're-approve', why: 'somebody had changed a region, and back', rebuild: false }];
    const run = await temporal.start(world);
    const { planHash = '' } = await run.until('awaiting-approval');
    await temporal.env().sleep(2 * hour + min);
    await run.until('awaiting-approval', /leads may approve, too/);
    world.waitedMs = 2 * hour;
    await run.decide(world.sign('approve', { releaseId: run.id, planHash }, { by: aPerson('lea', 'leads') }));
    expect(await run.outcome()).toBe('verified');
    // Nobody is asked anew from the beginning, and nothing is waited for once more.
    const before = ['approval', 'approval-reminder 1', 'approval-reminder 2', 'approval-reminder 3'];
    expect(told(world)).toEqual([...before, 'approval-escalated', 'approval']);
    expect(world.ends[0]?.result.planHash).toBe(planHash);
  });

  it('reminds nobody after the decision', async () => {
    const world = temporal.world({ approval: reminding });
    const run = await temporal.start(world);
    await temporal.env().sleep(31 * min);
    await eventually('the reminder', async () => told(world).includes('approval-reminder 1'));
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect(told(world)).toEqual(['approval', 'approval-reminder 1']);
  });
});

describe('what people are to be told while the records are away', () => {
  it('keeps no release, and is written down by the step of its end where it could not be before', async () => {
    const world = temporal.world({ approval: aPolicy() });
    world.away('announce');
    const run = await temporal.start(world);
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect(told(world)).toEqual([]);
    expect(world.ends[0]?.untold).toEqual([{ message: 'approval' }]);
  });

  it('is written down when they are back, hours later, in its order', async () => {
    const world = temporal.world({ approval: reminding });
    const records = world.away('announce', 'SLIP-REC-1', 10 * min);
    const run = await temporal.start(world);
    await temporal.env().sleep(3 * hour);
    expect(told(world)).toEqual([]);
    records.back();
    await temporal.env().sleep(11 * min);
    await eventually('all of it', async () => told(world).length === 5);
    expect(told(world)[0]).toBe('approval');
    expect(told(world).at(-1)).toBe('approval-escalated');
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect(world.ends[0]?.untold).toBeUndefined();
  });
});
