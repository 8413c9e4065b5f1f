import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IntegrationTests, TestRequest } from '../../activities/tests/port.ts';
import { aProgress } from '../support/progress.ts';

export interface TestsWorld {
  tests: IntegrationTests;
  /** A local image with `sh`. */
  image: string;
  /** Names of the containers, networks and volumes of the project that are still there. */
  leftovers(project: string): Promise<string[]>;
  tearDown(): Promise<void>;
}

const passing = '<testsuite name="s"><testcase name="adds"/><testcase name="buys"/></testsuite>';
const failing =
  '<testsuites><testsuite><testcase classname="cart" name="adds"><failure message="2 is not 3">at x</failure></testcase><testcase name="buys"/></testsuite></testsuites>';

/** What integration tests must do, with real containers. */
export function describeIntegrationTests(name: string, setUp: () => Promise<TestsWorld>): void {
  describe(`IntegrationTests: ${name}`, () => {
    jest.setTimeout(600_000); // each case makes and takes down containers
    let world: TestsWorld;
    let directory: string;
    let project: string;

    beforeAll(async () => {
      world = await setUp();
    });
    afterAll(() => world?.tearDown());
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'slipway-tests-'));
      project = `slipway-test-${randomUUID()}`;
      await mkdir(join(directory, 'reports'));
    });
    afterEach(async () => {
      expect(await world.leftovers(project)).toEqual([]); // leaves nothing running, whatever happens
      await rm(directory, { recursive: true, force: true });
    });

    /** A project whose service `tests` runs this script. */
    const aRequest = async (
      script: string,
      changes: Partial<TestRequest> = {},
      others: Record<string, unknown> = {},
    ): Promise<TestRequest> => {
      const tests = {
        image: '${SHOP_CORE_IMAGE}',
        command: ['sh', '-c', script.replaceAll('$', '$$')],
        volumes: ['./reports:/reports', 'data:/data'],
        network_mode: 'none',
      };
      await writeFile(
        join(directory, 'compose.yaml'),
        JSON.stringify({ version: '3.7', services: { tests, ...others }, volumes: { data: {} } }),
      );
      const images = { 'shop-core': world.image };
      return {
        directory,
        composeFile: 'compose.yaml',
        service: 'tests',
        reports: [],
        images,
        allowedImages: [],
        project,
        timeoutMs: 60_000,
        ...changes,
      };
    };
    const leaveReport = (report: string) => `echo '${report}' > /reports/junit.xml`;

    it('runs again, from nothing, what an earlier attempt began and could not report', async () => {
      const request = await aRequest(`test ! -e /data/mark && echo > /data/mark && ${leaveReport(passing)}`, {
        reports: ['reports/junit.xml'],
      });
      const first = await world.tests.run(request, aProgress());
      const second = await world.tests.run(request, aProgress());
      expect([first.passed, second.passed, second.total]).toEqual([true, true, 2]);
    });

    it('passes with the counts of the reports', async () => {
      const report = await world.tests.run(
        await aRequest(leaveReport(passing), { reports: ['reports/junit.xml'] }),
        aProgress(),
      );
      expect(report).toMatchObject({ passed: true, exitCode: 0, total: 2, failed: [] });
      expect(report.files['reports/junit.xml']?.trim()).toBe(passing);
    });

    it('names the tests that failed, and answers the exit code of the service', async () => {
      const report = await world.tests.run(
        await aRequest(`${leaveReport(failing)}; echo last words; exit 7`, { reports: ['reports/junit.xml'] }),
        aProgress(),
      );
      expect(report).toMatchObject({
        passed: false,
        exitCode: 7,
        total: 2,
        failed: [{ name: 'cart › adds', message: '2 is not 3\nat x' }],
      });
      expect(report.output).toContain('last words');
    });

    it('does not pass when a report tells of a failure that the exit code hides', async () => {
      const report = await world.tests.run(
        await aRequest(leaveReport(failing), { reports: ['reports/junit.xml'] }),
        aProgress(),
      );
      expect(report).toMatchObject({ passed: false, exitCode: 0 });
    });

    it('does not pass without the report that was announced, even if an old one is lying there', async () => {
      await writeFile(join(directory, 'reports/junit.xml'), passing);
      await expect(
        world.tests.run(await aRequest('exit 0', { reports: ['reports/junit.xml'] }), aProgress()),
      ).rejects.toThrow(/SLIP-TEST-3.*no report/);
    });

    it('gives the tests the images of this release, and nothing of the environment of the worker', async () => {
      process.env['SLIPWAY_TEST_SECRET'] = 'hunter22';
      const image = '${SHOP_CORE_IMAGE}';
      await aRequest('');
      const services = {
        tests: {
          image,
          command: ['sh', '-c', 'echo "<$$SEEN>" "<$$LEAKED>" > /reports/seen'],
          environment: { SEEN: image, LEAKED: '${SLIPWAY_TEST_SECRET:-}' },
          volumes: ['./reports:/reports'],
          network_mode: 'none',
        },
      };
      const request = await aRequest('');
      await writeFile(join(directory, 'compose.yaml'), JSON.stringify({ version: '3.7', services }));
      await world.tests.run(request, aProgress());
      delete process.env['SLIPWAY_TEST_SECRET'];
      expect((await readFile(join(directory, 'reports/seen'), 'utf8')).trim()).toBe(`<${world.image}> <>`);
    });

    it('ends tests that take too long', async () => {
      const attempt = world.tests.run(
        await aRequest('echo begun; while true; do read x < /reports/none || :; done', { timeoutMs: 4_000 }),
        aProgress(),
      );
      await expect(attempt).rejects.toThrow(/SLIP-TEST-4/);
    });

    it('stops when it is cancelled, and leaves nothing', async () => {
      const stop = new AbortController();
      const progress = aProgress(stop.signal);
      const report = progress.report;
      progress.report = (line) => (
        report(line),
        line.includes('begun') && stop.abort(new Error('stopped by the test'))
      );
      await expect(world.tests.run(await aRequest('echo begun; while true; do :; done'), progress)).rejects.toThrow(
        'stopped by the test',
      );
    });

    it('tells an image that cannot be had from a test that fails', async () => {
      const images = {
        'shop-core': '127.0.0.1:1/none@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      };
      await expect(world.tests.run(await aRequest('exit 0', { images }), aProgress())).rejects.toMatchObject({
        details: { code: 'SLIP-TEST-2', kind: 'retryable' },
      });
    });

    it.each([
      ['a service that is not there', { service: 'none' }],
      ['a service that could be an option', { service: '--help' }],
      ['a compose file outside', { composeFile: '../compose.yaml' }],
      ['a compose file that is not there', { composeFile: 'none.yaml' }],
      ['a project name that is none', { project: '-x' }],
    ])('refuses %s', async (_what, changes) => {
      await expect(world.tests.run(await aRequest('exit 0', changes), aProgress())).rejects.toThrow(/SLIP-TEST-3/);
    });
  });
}
