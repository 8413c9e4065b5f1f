import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import type { GateLook, ScanReport } from '../../activities/scan/port.ts';
import { createBuildSteps, type BuildDependencies } from '../../activities/steps/build-steps.ts';
import { releaseRecord } from '../../activities/steps/release-record.ts';
import type { GateTool } from '../../domain/contract/policy.ts';
import type { ScanException } from '../../domain/contract/release.ts';
import { anImage, aSpec } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

const name = 'static-analysis';
const tool: GateTool = {
  run: ['look', '{tree}', '{report}'],
  failOn: ['CRITICAL', 'HIGH'],
  timeoutMs: 60_000,
  exitCodes: [0],
  places: [],
};
const scanned = (...findings: Extract<ScanReport, { kind: 'scanned' }>['findings']): ScanReport => ({
  ...{ kind: 'scanned', scanner: name },
  findings,
});
const unscanned: ScanReport = { kind: 'unscanned', scanner: name, reason: 'it has crashed' };
const evil = { id: 'eval:src/a.ts:0123456789abcdef', severity: 'HIGH', where: 'src/a.ts:3' } as const;

interface Asked {
  answer?: GateLook;
  /** What the policy on the worker's own disk says; as it was read by default. */
  here?: Record<string, GateTool>;
  exceptions?: ScanException[];
}

async function aGate({ answer = { reports: [scanned()] }, here = { [name]: tool }, exceptions = [] }: Asked) {
  const spec = aSpec({
    gates: [name],
    scan: { images: false, secrets: false, failOn: ['CRITICAL'], exceptions },
    policyFloor: { gates: [name], [`gates.${name}`]: tool },
  });
  const { act, authority, request } = await aReleaseThatMayAct(records, {
    spec,
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const asked: { gate: string; tool: GateTool }[] = [];
  const deps = {
    ...authorizing(records),
    source: { checkOut: () => Promise.resolve() },
    treeGates: { look: async (gate: string, by: GateTool) => (asked.push({ gate, tool: by }), answer) },
    floorOf: async () => ({ services: {}, gates: here }),
    now: () => Date.parse('2026-06-01'),
  } as unknown as BuildDependencies;
  const { releaseId } = authority;
  const run = (gate = name) => act(createBuildSteps(deps).runGate, { releaseId, gate });
  return { run, asked, releaseId, request, record: releaseRecord(authorizing(records), releaseId) };
}

describe('a gate that the policy names', () => {
  it('is looked by with the program of the policy, and is on record with what it has found', async () => {
    const { run, asked, releaseId, request } = await aGate({ answer: { reports: [scanned(evil)] } });
    expect(await run()).toEqual({ gate: name, verdict: 'fail', summary: expect.stringContaining('src/a.ts:3') });
    expect(asked).toEqual([{ gate: name, tool }]);
    expect(await records.plans.kept(releaseId, `gate-${name}`)).toMatchObject({
      ...{ verdict: 'fail', of: [request.commit] },
      found: { counted: 1, findings: [evil] },
    });
  });

  it.each<[string, Asked, string, RegExp]>([
    ['passes where nothing is found', {}, 'pass', /nothing that counts/],
    [
      'fails by the severities of its own, whatever fails scans',
      { answer: { reports: [scanned(evil)] } },
      'fail',
      /1 HIGH/,
    ],
    ['could not tell where it could not look', { answer: { reports: [unscanned] } }, 'inconclusive', /it has crashed/],
    [
      'fails where it has found something, though it could not look at all of it',
      { answer: { reports: [scanned(evil), unscanned] } },
      'fail',
      /1 HIGH/,
    ],
    [
      'could not tell where it has found nothing, and could not look at all of it',
      { answer: { reports: [scanned(), unscanned] } },
      'inconclusive',
      /it has crashed/,
    ],
    [
      'passes what slipway.yaml excuses, place by place',
      { answer: { reports: [scanned(evil)] }, exceptions: [{ id: evil.id, reason: 'a test', expires: '2026-06-30' }] },
      'pass',
      /1 excused/,
    ],
    [
      'fails again when the exception is over',
      { answer: { reports: [scanned(evil)] }, exceptions: [{ id: evil.id, reason: 'a test', expires: '2026-05-30' }] },
      'fail',
      /expired exceptions: eval/,
    ],
    ['tells what it has left out', { answer: { reports: [scanned()], note: '7 more' } }, 'pass', /; 7 more$/],
    [
      'could not tell where this worker’s policy has none',
      { here: {} },
      'inconclusive',
      /give all workers the same policy/,
    ],
    [
      'could not tell where this worker’s policy says other of it',
      { here: { [name]: { ...tool, failOn: ['CRITICAL'] } } },
      'inconclusive',
      /says other of it/,
    ],
  ])('%s', async (_what, asked, verdict, words) => {
    expect(await (await aGate(asked)).run()).toEqual({ gate: name, verdict, summary: expect.stringMatching(words) });
  });

  it('runs no program where the policies differ', async () => {
    const { run, asked } = await aGate({ here: { [name]: { ...tool, run: ['other', '{tree}', '{report}'] } } });
    await run();
    expect(asked).toEqual([]);
  });

  it('is not looked by where the release does not ask for it', async () => {
    const { run, asked } = await aGate({});
    await expect(run('other')).rejects.toMatchObject({ details: { code: 'SLIP-REL-3' } });
    expect(asked).toEqual([]);
  });

  it('must have been passed before there is a plan', async () => {
    const { run, record } = await aGate({});
    await expect(record.contents().then((contents) => record.gates(contents))).rejects.toMatchObject({
      details: { code: 'SLIP-REL-3', detail: expect.stringContaining(`gate-${name}`) },
    });
    const gate = await run();
    expect(await record.gates(await record.contents())).toEqual([gate]);
  });
});
