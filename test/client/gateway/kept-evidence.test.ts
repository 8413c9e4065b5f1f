import { describe, expect, it } from '@jest/globals';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import type { EvidenceLog, ReleaseEvidence, TypicalDurations } from '../../../domain/contract/kept-evidence.ts';
import { aCommit, aPlan, aRegion } from '../../domain/builders.ts';
import { useGateway } from './gateway.ts';

const gateway = useGateway();

/** A release whose plan has a migration and a smoke test, of which something is kept. */
async function planned(documents: Record<string, unknown>) {
  const parts = gateway();
  const { get, records, release, service } = parts;
  const id = await release();
  const smoke = [{ name: 'checkout', component: 'core', command: ['x'], env: {}, timeoutMs: 1 }];
  const migrations = [
    { database: 'shop', region: 'de', component: 'core', pending: ['0002'], contracting: [], timeoutMs: 1 },
  ];
  const plan = aPlan({
    service,
    regions: [{ ...aRegion('de'), smoke }],
    migrations: migrations as unknown as ReturnType<typeof aPlan>['migrations'],
  });
  await records.plans.store(hashOfPlan(plan), plan);
  // What is read anew opens what builds may say; the plan closes it.
  await records.plans.keep(id, 'read', {});
  for (const [name, document] of Object.entries(documents)) await records.plans.keep(id, name, document);
  await keepPlanHash(records.plans, id, hashOfPlan(plan));
  const path = `/v1/releases/${encodeURIComponent(id)}/evidence`;
  return {
    ...{ ...parts, id },
    evidence: async () => (await get(path)).body as unknown as ReleaseEvidence,
    log: async (of: string) => get(`${path}/log?of=${encodeURIComponent(of)}`),
  };
}

const tests = {
  ...{ passed: false, exitCode: 1, total: 2, failed: [{ name: 'cart > adds', message: 'expected 1' }] },
  ...{ files: { 'reports/junit.xml': '<testsuites/>' }, output: 'one\ntwo\n' },
};

describe('the evidence of a release', () => {
  it('has the gates that the policy named for it, after those that every release may have', async () => {
    const { evidence } = await planned({
      read: { spec: { gates: ['static-analysis', 'licences'] } },
      'gate-secret scan': { gate: 'secret scan', verdict: 'pass', summary: 'nothing' },
      'gate-static-analysis': {
        ...{ gate: 'static-analysis', verdict: 'fail', summary: '1 HIGH' },
        found: { findings: [{ id: 'eval:a.ts:0', severity: 'HIGH', where: 'a.ts:3' }], counted: 1, excused: [] },
      },
      'gate-other': { gate: 'other', verdict: 'pass', summary: 'of nobody' },
    });
    expect((await evidence()).gates).toEqual([
      { gate: 'secret scan', verdict: 'pass', summary: 'nothing' },
      {
        ...{ gate: 'static-analysis', verdict: 'fail', summary: '1 HIGH' },
        found: { findings: [{ id: 'eval:a.ts:0', severity: 'HIGH', where: 'a.ts:3' }], counted: 1 },
      },
    ]);
  });

  it('is what its steps have kept, without the logs', async () => {
    const { evidence } = await planned({
      'gate-image scan': {
        ...{ gate: 'image scan', verdict: 'fail', summary: '1 HIGH', of: ['x'], by: 'y' },
        found: {
          findings: [{ id: 'CVE-1', severity: 'HIGH', where: 'zlib 1', fixedIn: '2' }],
          counted: 1,
          excused: [{ id: 'CVE-2', severity: 'LOW', where: 'bash', by: { reason: 'unused', expires: '2026-12-31' } }],
        },
      },
      'gate-secret scan': { gate: 'secret scan', verdict: 'pass', summary: 'nothing', found: { findings: 7 } },
      'gate-integration tests': { gate: 'integration tests', verdict: 'fail', summary: 'exit code 1' },
      tests,
      'migration-shop': { job: 'j', kind: 'succeeded', log: 'Applying 0002... OK\n' },
      'seen-de/checkout': { verdict: 'pass', words: '3 of 3', ticket: { incarnation: 1, n: 1 }, planHash: 'x' },
    });
    expect(await evidence()).toEqual({
      gates: [
        {
          ...{ gate: 'image scan', verdict: 'fail', summary: '1 HIGH' },
          found: {
            counted: 1,
            findings: [
              { id: 'CVE-1', severity: 'HIGH', where: 'zlib 1', fixedIn: '2' },
              { id: 'CVE-2', severity: 'LOW', where: 'bash', waivedBy: { reason: 'unused', expires: '2026-12-31' } },
            ],
          },
        },
        { gate: 'secret scan', verdict: 'pass', summary: 'nothing' },
        { gate: 'integration tests', verdict: 'fail', summary: 'exit code 1' },
      ],
      tests: {
        ...{ passed: false, exitCode: 1, total: 2, failed: tests.failed },
        logs: [
          { of: 'tests', bytes: 8 },
          { of: 'tests/reports/junit.xml', bytes: 13 },
        ],
      },
      migrations: [{ database: 'shop', end: 'succeeded', log: { of: 'migration/shop', bytes: 20 } }],
      smoke: [{ region: 'de', test: 'checkout', verdict: 'pass', words: '3 of 3' }],
    });
  });

  it('has nothing where nothing was kept, or something that no step writes', async () => {
    const nothing = { gates: [], migrations: [], smoke: [] };
    expect(await (await planned({})).evidence()).toEqual(nothing);
    const odd = { 'gate-image scan': 7, tests: { passed: 'yes' }, 'migration-shop': {}, 'seen-de/checkout': [] };
    expect(await (await planned(odd)).evidence()).toEqual(nothing);
  });

  it('says why a migration did not succeed', async () => {
    const why = {
      code: 'SLIP-MIG-1',
      title: 'it failed',
      detail: 'column exists',
      next: 'x',
      kind: 'terminal',
      blame: 'release',
    };
    const { evidence } = await planned({ 'migration-shop': { job: 'j', kind: 'failed', why } });
    expect((await evidence()).migrations).toEqual([
      { database: 'shop', end: 'failed', why: 'SLIP-MIG-1 it failed: column exists' },
    ]);
  });

  it('has its logs, one by one, each by its end', async () => {
    const log = `${'x'.repeat(300_000)}\nthe end`;
    const kept = await planned({ tests, 'migration-shop': { job: 'j', kind: 'succeeded', log } });
    expect((await kept.log('tests')).body).toEqual({ of: 'tests', text: 'one\ntwo\n' });
    expect((await kept.log('tests/reports/junit.xml')).body).toMatchObject({ text: '<testsuites/>' });
    const { text, leftOut } = (await kept.log('migration/shop')).body as unknown as EvidenceLog;
    expect([text.endsWith('the end'), text.length <= 200_000, leftOut! > 100_000]).toEqual([true, true, true]);
    for (const name of ['tests/constructor', 'migration/other', 'read', 'planned', 'tests/../read'])
      expect((await kept.log(name)).status).toBe(404);
  });

  it('is of a release that there is', async () => {
    const { get, id } = await planned({});
    expect((await get(`/v1/releases/${encodeURIComponent(`${id}9`)}/evidence`)).status).toBe(404);
  });
});

describe('how long releases of a lane usually take', () => {
  it('is told of those that were verified, and of no others', async () => {
    const { get, records, release, service } = gateway();
    const path = `/v1/lanes/${service}/production/typical`;
    let runs = 0;
    const ended = async (outcome: string, ms: number) => {
      const id = await release({ commit: aCommit(`${(runs += 1)}`) });
      const timings = [{ stage: 'building', startedAt: 1_000, endedAt: 1_000 + ms }];
      const result = { outcome, summary: '', artifacts: [], regions: [], timings };
      await records.attempts.conclude(id, { outcome, summary: '', endedAt: 2_000, told: { result } });
      return id;
    };
    for (const ms of [10, 30]) await ended('verified', ms);
    const id = await ended('verified', 20);
    await ended('failed', 90_000);
    expect((await get(path)).body as unknown as TypicalDurations).toEqual({
      ...{ runs: 3, stages: [{ stage: 'building', medianMs: 20, runs: 3 }], wholeMs: 20 },
    });
    // The run that is compared with them is none of them.
    const last = `${path}?without=${encodeURIComponent(id)}`;
    expect((await get(last)).body).toMatchObject({ runs: 2, wholeMs: 20 });
    // For a minute it is asked of nobody.
    await ended('verified', 5_000);
    expect((await get(path)).body).toMatchObject({ runs: 3 });
  });
});
