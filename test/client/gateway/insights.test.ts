import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Insights } from '../../../domain/contract/insights.ts';
import type { RegionStatus, StageTiming } from '../../../domain/contract/status.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { aPolicy, aResult, aVerified } from '../../domain/builders.ts';
import { aStart, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();
const minute = 60_000;
/** As the gateway's clock has it in these tests: a quarter of an hour into 1970. */
const week = 'since=0';

/** A lane whose releases end as is said of each, minutes after they were asked for. */
function aShop() {
  const parts = gateway();
  const { get, post, records, service, server, committed } = parts;
  const asked = async () => {
    const commit = randomUUID().replaceAll('-', '').padEnd(40, '0');
    const { releaseId } = (await post('/v1/releases', aStart(service, { commit }))).body;
    const { startedAt } = (await records.attempts.find(releaseId))!;
    return { releaseId, commit, startedAt };
  };
  const ends = async (outcome: string, changes: Parameters<typeof aResult>[1] = {}) => {
    const run = await asked();
    const at = (minutes: number) => run.startedAt + minutes * minute;
    const failed = outcome !== 'verified';
    const result = aResult(outcome, { timings: timings(at, failed), regions: regions(at, failed), ...changes });
    if (!failed) {
      const row = aVerified({ service, releaseId: run.releaseId, commit: run.commit, verifiedAt: run.startedAt });
      const before = { ...row, verifiedAt: run.startedAt - 1, releaseId: `${run.releaseId}0` };
      await records.inventory.record([before, row]);
    }
    const end = { outcome, summary: `it was ${outcome}`, endedAt: at(31), told: { result } };
    await records.attempts.conclude(run.releaseId, end);
    committed.set(run.commit, run.startedAt - 5 * minute);
    return run;
  };
  const insights = async (query = week, token?: string) =>
    (await get(`/v1/insights?service=${service}&${query}`, token)).body as unknown as Insights;
  const csv = async (query = week) => {
    const headers = { authorization: `Bearer ${tokens.dana}` };
    return server.inject({ url: `/v1/insights.csv?service=${service}&${query}`, headers });
  };
  return { ...parts, asked, ends, insights, csv };
}

function timings(at: (minutes: number) => number, failed: boolean): StageTiming[] {
  return [
    { stage: 'building', startedAt: at(0), endedAt: at(4) },
    { stage: 'awaiting-approval', startedAt: at(4), endedAt: at(10) },
    { stage: 'deploying', startedAt: at(10), endedAt: at(29) },
    { stage: failed ? 'rolling-back' : 'verifying', startedAt: at(29), endedAt: at(31) },
    { stage: 'done', startedAt: at(31) },
  ];
}

function regions(at: (minutes: number) => number, failed: boolean): RegionStatus[] {
  return ['de', 'nl'].map((region, nth) => ({
    ...{ region, phase: failed ? 'rolled-back' : 'verified', components: [] },
    ...{ begunAt: at(10 + 10 * nth), since: at(14 + 10 * nth) },
  }));
}

const target = ({ targets }: Insights, name: string) => targets.find((one) => one.name === name);

describe('what the gateway tells of how releases went', () => {
  it('is counted from how they ended, with the time of the commit from the repository of the policy', async () => {
    const { ends, asked, insights, askedGit } = aShop();
    await ends('verified');
    await ends('verified');
    const failure = failureDetails('SLIP-K8S-1', 'region nl has no CHECKOUT_URL');
    const failed = await ends('rolled-back', { failure });
    await asked();
    const told = await insights();
    expect(target(told, 'one-region')).toMatchObject({ state: 'holds', count: 4, medianMs: 4 * minute, met: 1 });
    expect(target(told, 'all-regions')).toMatchObject({ count: 2, medianMs: 21 * minute });
    expect(target(told, 'commit-to-production')).toMatchObject({ count: 2, medianMs: 30 * minute });
    expect(target(told, 'ci')).toMatchObject({ state: 'not-measured', count: 0 });
    expect(askedGit).toContain('https://git.test/shop');
    expect(told).toMatchObject({ lookedAt: 4, services: 1, counted: 'production', approvals: { count: 3 } });
    expect(told.dora.failed).toMatchObject({ changed: 3, count: 1 });
    expect(told.troubles).toMatchObject([
      { releaseId: failed.releaseId, code: 'SLIP-K8S-1', cause: 'region nl has no CHECKOUT_URL', ended: 'rolled-back' },
    ]);
    expect(told.troubles[0]).toMatchObject({ restoredMs: 2 * minute, regions: ['de', 'nl'] });
    expect(told).not.toHaveProperty('more');
  });

  it('leaves out of commit to production what no repository tells the time of', async () => {
    const { ends, insights, committed } = aShop();
    await ends('verified');
    const { commit } = await ends('verified');
    committed.delete(commit);
    expect(target(await insights(), 'commit-to-production')).toMatchObject({ count: 1, leftOut: 1 });
  });

  it('has what was verified and put back later by an order that a gateway has signed', async () => {
    const { ends, insights, post, records, service } = aShop();
    const { releaseId } = await ends('verified');
    const order = { releaseId, decisionId: `order-${service}`, reason: 'too slow', channel: 'cli' };
    const back = (await post('/v1/rollbacks', order, tokens.kim)).body.releaseId;
    await records.plans.keep(
      back,
      'result',
      aResult('rolled-back', { timings: [{ stage: 'done', startedAt: 2_000_000 }] }),
    );
    const { troubles, dora } = await insights();
    expect(troubles).toMatchObject([{ releaseId, ended: 'put-back', cause: 'too slow' }]);
    expect(dora.failed).toMatchObject({ changed: 1, count: 1, putBackLater: 1 });
  });

  it('is of the environments in which the policy requires an approval, or of all where there is none', async () => {
    const { ends, insights, policy } = aShop();
    await ends('verified');
    expect((await insights()).counted).toBe('production');
    policy.approval = aPolicy({ required: false });
    expect(await insights()).toMatchObject({ counted: 'all', lookedAt: 1 });
    expect(await insights(`${week}&environment=staging`)).toMatchObject({ counted: 'as-asked', lookedAt: 0 });
  });

  it('says of how many nothing can be read', async () => {
    const { asked, insights, records } = aShop();
    const { releaseId } = await asked();
    await records.attempts.conclude(releaseId, { outcome: 'halted', summary: 'lost', endedAt: 2_000_000 });
    expect(await insights()).toMatchObject({ unread: 1, lookedAt: 1 });
  });

  it('is told by nobody while the records are away', async () => {
    const { ends, get, service, failing } = aShop();
    await ends('verified');
    failing.add('plans.keptAmong');
    expect((await get(`/v1/insights?service=${service}&${week}`)).status).toBe(500);
  });

  it('reads each end once, however often it is asked', async () => {
    const { ends, insights, askedRecords } = aShop();
    await ends('verified');
    const first = await insights();
    askedRecords.length = 0;
    const { until: _until, dora, ...again } = await insights();
    expect(askedRecords).not.toContain('plans.keptAmong');
    expect(again).toMatchObject({ lookedAt: first.lookedAt, targets: first.targets });
    expect(dora.deployments.count).toBe(1);
  });

  it('is of the lanes that somebody may look at alone', async () => {
    const { ends, insights, csv, policy } = aShop();
    await ends('verified');
    policy.access = { look: ['approvers'] };
    expect(await insights(week, tokens.dana)).toMatchObject({ lookedAt: 0 });
    expect((await csv()).body.split('\r\n')).toHaveLength(2);
    expect(await insights(week, tokens.kim)).toMatchObject({ lookedAt: 1 });
  });

  it('is asked for whole weeks, and for no more than there are in a year', async () => {
    const { get, service } = aShop();
    const answer = await get(`/v1/insights?service=${service}&since=99999999999999`);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: 'since must be before until, and before now' } },
    });
    expect((await get('/v1/insights?environment=NO')).status).toBe(400);
  });

  it('comes as a file, in which nothing is taken for a formula', async () => {
    const { ends, csv, records, asked } = aShop();
    const { releaseId, commit } = await ends('verified');
    const other = await asked();
    await records.attempts.conclude(other.releaseId, {
      outcome: 'failed',
      summary: '=cmd|"x",\n2',
      endedAt: 2_000_000,
    });
    const { headers, body } = await csv();
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="slipway-insights.csv"',
    });
    const [head, failed, verified, ...rest] = body.split('\r\n');
    expect(head).toMatch(/^"release","number","service",/);
    expect(failed).toContain(`,"'=cmd|""x"", 2"`);
    expect(verified).toContain(`"${releaseId}",`);
    expect(verified).toContain(`,"${commit}","dana",`);
    expect(verified).toContain(`,"verified",,${5 * minute},${25 * minute},${6 * minute},0,`);
    expect(rest).toEqual(['']);
  });

  it('comes as a file, in which nothing behind a semicolon is taken for a formula either', async () => {
    const { csv, records, asked } = aShop();
    const { releaseId } = await asked();
    const summary = 'x;=1+1; "@b;+c;\u00a0-d;＝e; well';
    await records.attempts.conclude(releaseId, { outcome: 'failed', summary, endedAt: 2_000_000 });
    expect((await csv()).body).toContain(`,"x;'=1+1; ""'@b;'+c;\u00a0'-d;'＝e; well"\r\n`);
  });
});
