import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import { createBuildSteps } from '../../activities/steps/build-steps.ts';
import type { BuildDependencies } from '../../activities/steps/build-steps.ts';
import type { TestRequest } from '../../activities/tests/port.ts';
import type { BuildRequest } from '../../activities/images/port.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { KeptFindings } from '../../domain/kept-findings.ts';
import { aComponent, aFloor, anImage, aSpec } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

it('integration tests are given the images of the release, and of others those that the policy names', async () => {
  const asked: TestRequest[] = [];
  const tests: BuildDependencies['tests'] = {
    run: async (request) => {
      asked.push(request);
      return { passed: true, exitCode: 0, total: 1, failed: [], files: {}, output: '' };
    },
  };
  const images = ['postgres', 'ghcr.io/example/*'];
  const declared = { composeFile: 'compose.yml', service: 'tests', reports: [], timeoutMs: 60_000, images };
  const { act, authority, lane } = await aReleaseThatMayAct(records, {
    spec: aSpec({ tests: declared }),
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const source = { checkOut: () => Promise.resolve() };
  const steps = createBuildSteps({ ...authorizing(records), source, tests } as unknown as BuildDependencies);
  expect(await act(steps.runTests, { releaseId: authority.releaseId })).toMatchObject({ verdict: 'pass' });
  expect(asked).toMatchObject([{ allowedImages: images, images: { core: anImage() }, cachesOf: lane }]);
  expect(asked[0]?.cachesOf.branch).toMatch(/./);
});

it('a late attempt of the tests that comes to another verdict than there is a plan of leaves the report as it is', async () => {
  let passed = true;
  const run = async () => ({ passed, exitCode: passed ? 0 : 1, total: 1, failed: [], files: {}, output: `${passed}` });
  const declared = { composeFile: 'compose.yml', service: 'tests', reports: [], timeoutMs: 60_000 };
  const { act, authority } = await aReleaseThatMayAct(records, {
    spec: aSpec({ tests: declared }),
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const { releaseId, planHash } = authority;
  const source = { checkOut: () => Promise.resolve() };
  const deps = { ...authorizing(records), source, tests: { run } } as unknown as BuildDependencies;
  const steps = createBuildSteps(deps);
  await act(steps.runTests, { releaseId });
  await keepPlanHash(records.plans, releaseId, planHash);
  passed = false;
  await expect(act(steps.runTests, { releaseId })).rejects.toMatchObject({ details: { code: 'SLIP-REC-2' } });
  expect(await records.plans.kept(releaseId, 'tests')).toMatchObject({ passed: true, output: 'true' });
});

it('an image is built with what the policy lets the service have of the registry, and nothing more', async () => {
  const asked: BuildRequest[] = [];
  const image = anImage();
  const builder = { builder: { build: async (request: BuildRequest) => (asked.push(request), image) } };
  const build = { context: '.', dockerfile: 'Dockerfile', args: {} };
  const { act, authority, lane } = await aReleaseThatMayAct(records, {
    spec: aSpec({ components: [aComponent('core', { build })] }),
  });
  const [bounds] = Object.values(aFloor().services);
  const buildUnder = async (services: object) => {
    const source = { checkOut: () => Promise.resolve() };
    const floorOf = async () => ({ services });
    const steps = createBuildSteps({
      ...authorizing(records),
      source,
      builder,
      floorOf,
    } as unknown as BuildDependencies);
    await act(steps.buildImage, { releaseId: authority.releaseId, component: 'core' });
    return asked.at(-1)?.ownImages;
  };
  const mine = { ...bounds, registry: 'registry.test/shop', images: ['core', 'base-*'] };
  expect(await buildUnder({ [lane.service]: mine })).toEqual(['registry.test/shop/core', 'registry.test/shop/base-*']);
  expect(await buildUnder({})).toEqual([]);
});

it('of an index every image is scanned, as each may run somewhere; a finding in any of them counts', async () => {
  const index = anImage('index');
  const [first, second] = [anImage('amd64'), anImage('arm64')];
  const scanned: string[] = [];
  const imageScanner: BuildDependencies['imageScanner'] = {
    scanImage: async (image) => {
      scanned.push(image);
      const finding = { id: 'CVE-2026-1', severity: 'CRITICAL', where: 'openssl 3.0.9' } as const;
      return { kind: 'scanned', scanner: 'fake', findings: image === second ? [finding] : [] };
    },
  };
  const registry = { imagesIn: async () => [first, second] };
  const { act, authority } = await aReleaseThatMayAct(records, {
    artifacts: [{ component: 'core', image: index, origin: 'given' }],
  });
  const deps = { ...authorizing(records), imageScanner, registry, now: () => 0 } as unknown as BuildDependencies;
  const gate = await act(createBuildSteps(deps).scanImages, { releaseId: authority.releaseId });
  expect(scanned).toEqual([first, second]);
  expect(gate).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('CVE-2026-1') });
  // In one document: what one attempt has found never stands beside the verdict of another.
  expect(await records.plans.kept(authority.releaseId, 'gate-image scan')).toMatchObject({
    verdict: 'fail',
    found: { counted: 1, findings: [{ id: 'CVE-2026-1', where: 'openssl 3.0.9' }], excused: [] },
  });
});

it('a scan that finds more than the records take has its verdict all the same, and what people are shown of it', async () => {
  const long = 'x'.repeat(100_000);
  const findings = Array.from({ length: 60 }, (_, n) => ({
    ...({ id: `CVE-2026-${n}`, severity: 'HIGH', where: `${n} ${long}`, fixedIn: long } as const),
    aliases: [`GHSA-${n}-${long}`],
  }));
  const imageScanner: BuildDependencies['imageScanner'] = {
    scanImage: async () => ({ kind: 'scanned', scanner: 'fake', findings }),
  };
  const registry = { imagesIn: async () => [anImage()] };
  const { act, authority } = await aReleaseThatMayAct(records, {
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const deps = { ...authorizing(records), imageScanner, registry, now: () => 0 } as unknown as BuildDependencies;
  const gate = await act(createBuildSteps(deps).scanImages, { releaseId: authority.releaseId });
  expect(gate).toMatchObject({ verdict: 'fail' });
  expect(gate.summary.length).toBeLessThanOrEqual(4_000);
  expect(gate).not.toHaveProperty('found');
  const { found } = (await records.plans.kept(authority.releaseId, 'gate-image scan')) as { found: KeptFindings };
  expect([found.counted, found.findings.length]).toEqual([60, 50]);
  const [first] = found.findings;
  expect([Object.keys(first!).sort(), first!.where.length, first!.fixedIn!.length]).toEqual([
    ['fixedIn', 'id', 'severity', 'where'],
    ...[500, 200],
  ]);
});

it.each([
  ['of an index, by its digest', ['1', '2'], /could not scan: fake: core, image 2{12} of 2: no package in it/],
  ['that the registry does not have', undefined, /could not scan: fake: core: no package in it/],
])('an image that could not be scanned is named: one %s', async (_what, digits, told) => {
  const image = anImage('core', '3');
  const imageScanner: BuildDependencies['imageScanner'] = {
    scanImage: async (one) =>
      one === anImage('core', '1')
        ? { kind: 'scanned', scanner: 'fake', findings: [] }
        : { kind: 'unscanned', scanner: 'fake', reason: 'no package in it' },
  };
  const registry = { imagesIn: async () => digits?.map((digit) => anImage('core', digit)) };
  const { act, authority } = await aReleaseThatMayAct(records, {
    artifacts: [{ component: 'core', image, origin: 'given' }],
  });
  const deps = { ...authorizing(records), imageScanner, registry, now: () => 0 } as unknown as BuildDependencies;
  const gate = await act(createBuildSteps(deps).scanImages, { releaseId: authority.releaseId });
  expect(gate).toMatchObject({ verdict: 'inconclusive', summary: expect.stringMatching(told) });
});

it('a registry that is away for a moment is asked again before anything is scanned; one that stays away leaves the gate open', async () => {
  const scanned: string[] = [];
  const imageScanner: BuildDependencies['imageScanner'] = {
    scanImage: async (image) => (scanned.push(image), { kind: 'scanned', scanner: 'fake', findings: [] }),
  };
  const registry = { imagesIn: () => Promise.reject(failure('SLIP-IMG-2', 'connection reset')) };
  const { anActivity, authority } = await aReleaseThatMayAct(records, {
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const deps = { ...authorizing(records), imageScanner, registry, now: () => 0 } as unknown as BuildDependencies;
  const attemptOf = (attempt: number) => {
    const activity = anActivity();
    Object.assign(activity.context.info, { attempt });
    return activity.run(createBuildSteps(deps).scanImages, { releaseId: authority.releaseId });
  };
  await expect(attemptOf(1)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-2' } });
  const gate = await attemptOf(3);
  expect(gate).toMatchObject({ verdict: 'inconclusive', summary: expect.stringMatching(/core: .*connection reset/) });
  expect(scanned).toEqual([]);
});
