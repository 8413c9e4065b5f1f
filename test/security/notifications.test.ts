import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import type { NotifySpec, ReleaseSpec } from '../../domain/contract/release.ts';
import { rollbackId } from '../../domain/contract/names.ts';
import { aSpec } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, aRollbackOfBroken, authorizing } from '../support/acting-release.ts';
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
const theirs: ReleaseSpec['notify'] = [{ kind: 'webhook', url: 'https://elsewhere.example/' }];

const aRelease = () => aReleaseThatMayAct(records, { spec: aSpec({ notify: [channel] }) });

/** What is told to whom by the engine's steps. */
function telling() {
  const told: { targets: readonly NotifySpec[]; title: string }[] = [];
  const notifierFor: EngineDependencies['notifierFor'] = (targets) => ({
    notify: async ({ title }) => void told.push({ targets, title }),
  });
  const steps = createEngineSteps({
    ...authorizing(records),
    notifierFor,
    now: () => 9_000,
  } as unknown as EngineDependencies);
  return { told, steps };
}

const message = (key: string) => ({ key, level: 'info' as const, title: 'hello', facts: {}, notify: theirs });

async function announcedBy(run: ActingRun, key = `${run.authority.releaseId}/approval`) {
  const { told, steps } = telling();
  await run.act(steps.announce, message(key));
  return told;
}

describe('what is told about a release goes nowhere but where its own record says', () => {
  it('whatever address the workflow gives', async () => {
    expect(await announcedBy(await aRelease())).toEqual([{ targets: [channel], title: 'hello' }]);
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
    expect(await announcedBy(ordered)).toEqual([{ targets: [channel], title: 'hello' }]);
    const { breach, ...broken } = await aRollbackOfBroken(release, { records, regions: ['de'] });
    await records.breaches.record(breach);
    expect(await announcedBy(broken)).toEqual([{ targets: [channel], title: 'hello' }]);
  });

  it('and to nobody for a run that no gateway has started, or that carries out an order which nobody has given', async () => {
    const release = await aRelease();
    for (const releaseId of [`release/shop/production/${randomUUID()}/1`, rollbackId(release.lane, randomUUID())]) {
      const { told, steps } = telling();
      const activity = release.anActivity({ heartbeatDetails: undefined });
      Object.assign(activity.context.info, { workflowExecution: { workflowId: releaseId, runId: 'run' } });
      await activity.run(steps.announce, message(`${releaseId}/approval`));
      expect(told.flatMap(({ targets }) => targets)).toEqual([]);
    }
  });

  it('and never in the name of another run, whose own message would be taken for said', async () => {
    const [run, other] = [await aRelease(), await aRelease()];
    const { releaseId } = run.authority;
    for (const key of [`${other.authority.releaseId}/approval`, `${releaseId}1/approval`, releaseId, '']) {
      await expect(announcedBy(run, key)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    }
  });
});
