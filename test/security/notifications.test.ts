import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Notification } from '../../activities/notify/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import type { Announcement } from '../../domain/announcements.ts';
import { errorCatalogue } from '../../domain/errors/catalogue.ts';
import type { NamelessTarget, NotifySpec } from '../../domain/contract/release.ts';
import { rollbackId } from '../../domain/contract/names.ts';
import { aDecision, aSpec } from '../domain/builders.ts';
import {
  aReleaseThatMayAct,
  aRollbackOf,
  aRollbackOfBroken,
  authorizing,
  theSigner,
} from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

const channel: NotifySpec = { kind: 'webhook', url: 'env:SHOP_CHANNEL' };
/** Where somebody who can start workflows would like to read along. */
const theirs: NamelessTarget[] = [{ kind: 'webhook', url: 'https://elsewhere.example/' }];

const aRelease = () => aReleaseThatMayAct(records, { spec: aSpec({ notify: [channel] }) });

/** What is told to whom by the engine's steps. */
function telling() {
  const told: ({ targets: readonly NotifySpec[] } & Notification)[] = [];
  const notifierFor: EngineDependencies['notifierFor'] = (targets) => ({
    notify: async (notification) => void told.push({ targets, ...notification }),
  });
  const steps = createEngineSteps({
    ...authorizing(records),
    notifierFor,
    now: () => 9_000,
  } as unknown as EngineDependencies);
  return { told, steps };
}

/** What a workflow of theirs asks for, beside which message it is. */
const more = { key: 'another', title: 'approve at https://elsewhere.example', facts: { by: 'kim' }, notify: theirs };

async function announcedBy(run: ActingRun, said: Announcement = { message: 'failed', code: 'SLIP-K8S-1' }) {
  const { told, steps } = telling();
  await run.act(steps.announce, { ...more, ...said });
  return told;
}
const targetsOf = async (run: ActingRun) => (await announcedBy(run)).map(({ targets }) => targets);

describe('what is told about a release goes nowhere but where its own record says', () => {
  it('whatever address the workflow gives', async () => {
    expect(await targetsOf(await aRelease())).toEqual([[channel]]);
  });

  it('also at its end', async () => {
    const run = await aRelease();
    const { releaseId } = run.authority;
    const { told, steps } = telling();
    const result = { outcome: 'failed', summary: 'it ended', artifacts: [], regions: [], timings: [] };
    await run.act(steps.recordEnd, { releaseId, result, notify: theirs });
    expect(told.map(({ targets }) => targets)).toEqual([[channel]]);
  });

  it('and for a rollback where the record of the release says that it undoes', async () => {
    const release = await aRelease();
    const ordered = await aRollbackOf(release, { records, regions: ['de'] });
    expect(await targetsOf(ordered)).toEqual([[channel]]);
    const { breach, ...broken } = await aRollbackOfBroken(release, { records, regions: ['de'] });
    await records.breaches.record(breach);
    expect(await targetsOf(broken)).toEqual([[channel]]);
  });

  it('and to nobody for a run that no gateway has started, or that carries out an order which nobody has given', async () => {
    const release = await aRelease();
    for (const releaseId of [`release/shop/production/${randomUUID()}/1`, rollbackId(release.lane, randomUUID())]) {
      const { told, steps } = telling();
      const activity = release.anActivity({ heartbeatDetails: undefined });
      Object.assign(activity.context.info, { workflowExecution: { workflowId: releaseId, runId: 'run' } });
      const said: Announcement = { message: 'failed', code: 'SLIP-K8S-1' };
      await activity.run(() => steps.announce(said));
      expect(told.flatMap(({ targets }) => targets)).toEqual([]);
    }
  });

  it('and is of the run that asks: nothing else is a key, so that no message is taken for said that was not', async () => {
    const run = await aRelease();
    const { releaseId, planHash } = run.authority;
    expect(await announcedBy(run, { message: 'approval' })).toMatchObject([
      { key: `${releaseId}/approval/${planHash}`, facts: { release: releaseId } },
    ]);
  });
});

describe('what is told about a run is worded from its records', () => {
  const keysOf = async (run: ActingRun, all: Announcement[]) => {
    const told = [];
    for (const said of all) told.push(...(await announcedBy(run, said)));
    return told.map(({ key }) => key.slice(run.authority.releaseId.length));
  };

  it('that an approval is wanted: for the plan in force, with who may', async () => {
    const run = await aRelease();
    const { service, environment } = run.lane;
    const [told, ...others] = await announcedBy(run, { message: 'approval' });
    expect(others).toEqual([]);
    expect(told).toEqual({
      targets: [channel],
      run: run.authority.releaseId,
      key: expect.any(String),
      event: 'approval',
      level: 'attention',
      title: `${service} → ${environment}: approval wanted`,
      facts: {
        release: run.authority.releaseId,
        plan: run.authority.planHash,
        commit: run.plan.commit,
        groups: run.plan.approval.groups.join(', '),
      },
    });
  });

  it('that it is held, or has failed: by the titles of the catalogue, and by names that the release has', async () => {
    const run = await aRelease();
    const places = ['core', 'in', 'de', 'https://elsewhere.example', 'x'.repeat(100_000)];
    const said = { message: 'held', code: 'SLIP-K8S-10', places, stage: 'deploying' } as const;
    const [held] = await announcedBy(run, said);
    const { title, next } = errorCatalogue['SLIP-K8S-10'];
    const { service, environment } = run.lane;
    expect(held?.title).toBe(`${service} → ${environment}: held (de, core): ${title}`);
    expect(held?.facts).toMatchObject({ next, groups: 'approvers' });
    const [failed] = await announcedBy(run, { message: 'failed', code: '<b>call kim</b>' });
    expect(failed?.title).toBe(`${service} → ${environment}: ${errorCatalogue['SLIP-REL-5'].title}`);
  });

  it('that it has failed, with who is on call, where the record of the release names somebody', async () => {
    const run = await aReleaseThatMayAct(records, { spec: aSpec({ notify: [channel], onCall: ['on-call'] }) });
    const [failed] = await announcedBy(run);
    expect(failed).toMatchObject({ event: 'failed', level: 'problem', facts: { groups: 'on-call' } });
  });

  it('that it is held once more by the same after a person has said `retry`, and as often as people have; a retry that nobody has signed is none', async () => {
    const run = await aRelease();
    const held: Announcement = { message: 'held', code: 'SLIP-K8S-16', places: ['de'], stage: 'deploying' };
    const { releaseId, planHash } = run.authority;
    const first = await keysOf(run, [held, held]);
    const said = () => aDecision('retry', { id: randomUUID(), releaseId, planHash });
    await records.decisions.store(createSigner(createKeyPair().privateKeyPem).sign(said()));
    expect(await keysOf(run, [held])).toEqual([first[1]]);
    await records.decisions.store(theSigner.sign(said()));
    const second = await keysOf(run, [held, held]);
    expect(new Set([...first, ...second])).toEqual(
      new Set(['/held/deploying/SLIP-K8S-16/de', '/held/deploying/SLIP-K8S-16/de/after 1']),
    );
  });

  it('with an end to how many they are, whatever the workflow says', async () => {
    const run = await aRelease();
    const anything = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const keys = await keysOf(run, [
      ...anything.map((code) => ({ message: 'held' as const, code, places: [code], stage: 'deploying' as const })),
      ...anything.map((code) => ({ message: 'failed' as const, code })),
    ]);
    expect(new Set(keys)).toEqual(new Set(['/held/deploying/SLIP-REL-5', '/failure']));
  });

  it.each<[string, Announcement]>([
    ['a region that it has not', { message: 'region-failed', region: 'mars' }],
    ['a message that there is not', { message: 'greeting' } as never],
  ])('and not at all about %s', async (_, said) => {
    await expect(announcedBy(await aRelease(), said)).rejects.toMatchObject({ details: { code: 'SLIP-REL-1' } });
  });

  it('nor once it is over', async () => {
    const run = await aRelease();
    const { releaseId } = run.authority;
    await records.attempts.conclude(releaseId, { outcome: 'failed', summary: 'it ended', endedAt: 9_000 });
    await expect(announcedBy(run)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
  });
});
