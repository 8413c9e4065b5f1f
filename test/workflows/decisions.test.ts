import { describe, expect, it } from '@jest/globals';
import { messages } from '../../domain/contract/names.ts';
import { aHash, aPerson } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import { useTemporal } from './support/temporal.ts';
import type { TestRun } from './support/temporal.ts';

const temporal = useTemporal();

/** Events beside those of the workflow's own turns, which this server (unlike a real one) writes for a refused Update too. */
async function events(run: TestRun): Promise<number> {
  const { events: all } = await temporal.env().client.workflow.getHandle(run.id).fetchHistory();
  return (all ?? []).filter(
    (event) =>
      !event.workflowTaskScheduledEventAttributes &&
      !event.workflowTaskStartedEventAttributes &&
      !event.workflowTaskCompletedEventAttributes,
  ).length;
}

async function signal(run: TestRun, content: unknown): Promise<void> {
  await temporal.env().client.workflow.getHandle(run.id).signal(messages.decideSignal, content);
}

async function waiting() {
  const world = temporal.world();
  const run = await temporal.start(world);
  const { planHash = '' } = await run.until('awaiting-approval');
  // From here on nothing happens by itself: the run sits in its timer.
  await eventually('the deadline to be set', async () => {
    const { events: all } = await temporal.env().client.workflow.getHandle(run.id).fetchHistory();
    return (all ?? []).some((event) => event.timerStartedEventAttributes);
  });
  return { world, run, planHash };
}

describe('a decision', () => {
  it('approves by Update, which answers', async () => {
    const { world, run, planHash } = await waiting();
    expect(await run.decide(world.sign('approve', { releaseId: run.id, planHash }))).toEqual({
      kind: 'taken',
      message: 'taken: approve',
    });
    expect(await run.outcome()).toBe('verified');
    expect(world.calls).toContain('consumeApproval 1');
  });

  it('approves by Signal, for tools that can only signal', async () => {
    const { world, run, planHash } = await waiting();
    await signal(run, world.sign('approve', { releaseId: run.id, planHash }));
    expect(await run.outcome()).toBe('verified');
  });

  it('counts once, however often and by whichever way it comes', async () => {
    const { world, run, planHash } = await waiting();
    world.spec.approval.quorum = 1;
    const approval = world.sign('approve', { releaseId: run.id, planHash });
    const held = world.hold('judgePlanDrift');
    await Promise.all([run.decide(approval), signal(run, approval)]);
    await signal(run, approval);
    await held.reached;
    expect((await run.status()).approvals).toHaveLength(1);
    held.go();
    expect(await run.outcome()).toBe('verified');
    expect(world.calls).toContain('consumeApproval 1');
  });

  it('is refused when its signature does not hold, and changes nothing', async () => {
    const { world, run, planHash } = await waiting();
    const signed = world.sign('approve', { releaseId: run.id, planHash });
    const forged = { ...signed, decision: { ...signed.decision, by: aPerson('mallory', 'approvers') } };
    expect(await run.decide(forged)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('its signature does not hold'),
    });
    await signal(run, { ...signed, keyId: 'unknown' });
    await eventually('the refusal', async () => /refused: its signature/.test((await run.status()).doing));
    expect(await run.status()).toMatchObject({ stage: 'awaiting-approval', approvals: [] });
    expect(await run.outcome()).toBe('expired');
  });

  it.each([
    ['of another plan', { planHash: aHash('9') }, 'it was made for another plan'],
    [
      'about another release',
      { releaseId: 'release/other/production/x/1' },
      'it is about release/other/production/x/1',
    ],
  ])('is refused without a single event in the history when it is %s', async (_what, changes, reason) => {
    const { world, run, planHash } = await waiting();
    const before = await events(run);
    const answer = await run.decide(world.sign('approve', { releaseId: run.id, planHash, ...changes }));
    expect(answer).toEqual({ kind: 'refused', reason });
    expect(await events(run)).toBe(before);
  });

  it('ends the release when it is a no, whichever of its plans it was made for', async () => {
    const { world, run } = await waiting();
    expect(await run.decide(world.sign('reject', { releaseId: run.id, planHash: aHash('9') }))).toMatchObject({
      kind: 'taken',
    });
    expect(await run.outcome()).toBe('rejected');
  });

  it('is refused when it is no decision at all', async () => {
    const { run } = await waiting();
    const before = await events(run);
    const update = temporal
      .env()
      .client.workflow.getHandle(run.id)
      .executeUpdate(messages.decide, { args: [{ kind: 'approve' }] });
    await expect(update).rejects.toThrow();
    expect(await events(run)).toBe(before);
    await signal(run, 'approve');
    await eventually('the refusal', async () => /it is not a signed decision/.test((await run.status()).doing));
  });

  it('is refused from somebody who may not', async () => {
    const { world, run, planHash } = await waiting();
    const byRequester = world.sign('approve', { releaseId: run.id, planHash }, { by: aPerson('dana', 'approvers') });
    expect(await run.decide(byRequester)).toEqual({
      kind: 'refused',
      reason: 'dana asked for this release and may not approve it',
    });
    expect((await run.status()).approvals).toEqual([]);
  });

  it('does not end the run when it cannot be checked', async () => {
    const { world, run, planHash } = await waiting();
    world.fail('checkDecision reject', 'SLIP-CFG-2', 'the policy file is broken');
    await signal(run, world.sign('reject', { releaseId: run.id, planHash }));
    await eventually('the refusal', async () => /a decision was refused/.test((await run.status()).doing));
    await run.approve();
    expect(await run.outcome()).toBe('verified');
  });

  it('is refused when the run has ended', async () => {
    const { world, run, planHash } = await waiting();
    await run.decide(world.sign('reject', { releaseId: run.id, planHash }));
    await run.outcome();
    expect(await run.decide(world.sign('approve', { releaseId: run.id, planHash }))).toEqual({
      kind: 'refused',
      reason: 'the run has ended',
    });
  });
});

describe('a plan that is no longer what would happen', () => {
  it('is approved again, from its place in the lane', async () => {
    const { world, run } = await waiting();
    world.drifts = [{ kind: 're-approve', why: 'shop would also get 0003_more', rebuild: false }];
    const changed = world.hold('judgePlanDrift');
    await run.approve();
    await changed.reached;
    world.spec = { ...world.spec, policyHash: aHash('9') };
    changed.go();
    await eventually('the second plan', async () => world.calls.filter((c) => c === 'announce attention').length === 2);
    expect((await temporal.lane(world)).queue).toMatchObject([{ releaseId: run.id, claiming: false }]);
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c.startsWith('buildImage'))).toHaveLength(1);
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 1, n: 2 });
  });

  it('builds again when an image that was to stay was rolled back meanwhile', async () => {
    const { world, run } = await waiting();
    world.drifts = [{ kind: 're-approve', why: 'core was rolled back', rebuild: true }];
    await run.approve();
    await eventually(
      'the second build',
      async () => world.calls.filter((c) => c.startsWith('buildImage')).length === 2,
    );
    expect(await run.outcome()).toBe('verified');
  });
});
