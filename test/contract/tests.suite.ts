import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IntegrationTests, TestRequest } from '../../activities/tests/port.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';

export interface TestsWorld {
  tests: IntegrationTests;
  /** An image by its digest, which the daemon has, with `sh`, `ln`, `readlink`, `rmdir` and `sleep`. */
  image: string;
  /** Names of the containers, networks and volumes of the project that are still there. */
  leftovers(project: string): Promise<string[]>;
  /** Makes a volume of a project, and answers its name. */
  makeVolumeOf(project: string): Promise<string>;
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
    let outside: string;
    let directory: string;
    let project: string;

    beforeAll(async () => {
      world = await setUp();
    });
    afterAll(() => world?.tearDown());
    beforeEach(async () => {
      outside = await mkdtemp(join(tmpdir(), 'slipway-tests-'));
      directory = join(outside, 'checkout');
      project = `slipway-test-${randomUUID()}`;
      await mkdir(join(directory, 'reports'), { recursive: true });
    });
    afterEach(async () => {
      expect(await world.leftovers(project)).toEqual([]); // leaves nothing running, whatever happens
      await rm(outside, { recursive: true, force: true });
    });

    const aService = (script: string, more: object): object => ({
      image: '${SHOP_CORE_IMAGE}',
      command: ['sh', '-c', script.replaceAll('$', '$$$$')],
      network_mode: 'none',
      stop_signal: 'SIGKILL', // a first process that has not asked for SIGTERM does not get it
      ...more,
    });

    /** A project whose service `tests` runs this script. */
    const aRequest = async (
      script: string,
      changes: Partial<TestRequest> = {},
      more: object = {},
      others: Record<string, unknown> = {},
    ): Promise<TestRequest> => {
      const tests = aService(script, { volumes: ['./reports:/reports', 'data:/data'], ...more });
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
        cachesOf: aCacheOwner(),
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

    it('gives services that share a network that one, and no other', async () => {
      const core = aService('readlink /proc/self/ns/net > /reports/core; sleep 60', {
        volumes: ['./reports:/reports'],
      });
      const asks =
        'until test -s /reports/core; do sleep 0.1; done; read core < /reports/core; test "$core" = "$(readlink /proc/self/ns/net)"';
      const shared = { network_mode: 'service:core', depends_on: ['core'] };
      expect(await world.tests.run(await aRequest(asks, {}, shared, { core }), aProgress())).toMatchObject({
        passed: true,
      });
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
      const environment = { SEEN: '${SHOP_CORE_IMAGE}', LEAKED: '${SLIPWAY_TEST_SECRET:-}' };
      const request = await aRequest('echo "<$SEEN>" "<$LEAKED>"', {}, { environment });
      const { output } = await world.tests.run(request, aProgress());
      delete process.env['SLIPWAY_TEST_SECRET'];
      expect(output).toContain(`<${world.image}> <>`);
    });

    it('gives services the sources: one copy for all, which begins as the checkout is', async () => {
      await mkdir(join(directory, 'src'));
      await writeFile(join(directory, 'src/main'), 'the source');
      const volumes = ['./src:/src'];
      const helper = aService('read line < /src/main; echo "$line, read" > /src/made; sleep 1000', { volumes });
      const tests = { volumes: [...volumes, './src/main:/main:ro'], depends_on: ['helper'] };
      const script = 'until read made < /src/made; do :; done; read main < /main; echo "<$made> <$main>"';
      const { output } = await world.tests.run(await aRequest(script, {}, tests, { helper }), aProgress());
      expect(output).toContain('<the source, read> <the source>');
    });

    it('finds a report wherever the directory that it is in is mounted', async () => {
      const script = `test ! -e /src/deep/reports/old && echo '${passing}' > /src/deep/reports/new`;
      await mkdir(join(directory, 'deep/reports'), { recursive: true });
      await writeFile(join(directory, 'deep/reports/old'), failing);
      const request = await aRequest(
        script,
        { reports: ['deep/reports/new', 'deep/reports/old'] },
        { volumes: ['.:/src'] },
      );
      await expect(world.tests.run(request, aProgress())).rejects.toThrow(/no report deep\/reports\/old/);
      expect(await world.tests.run({ ...request, reports: ['deep/reports/new'] }, aProgress())).toMatchObject({
        passed: true,
        total: 2,
      });
    });

    /** What tests did to a compose file that is read again after them: a program of theirs, a volume of others, no file at all. */
    const altered = {
      'runs a program': { services: { tests: { image: 'x' }, p: { provider: { type: './evil' } } } },
      'reads a file of the machine': { services: { tests: { extends: { file: '/etc/hostname', service: 'x' } } } },
      'cannot be read': '{',
    };

    it.each(Object.entries(altered))(
      'leaves the checkout as it was when tests write a compose file that %s',
      async (_what, text) => {
        const other = typeof text === 'string' ? text : JSON.stringify(text);
        const script = `echo '${other}' > /src/compose.yaml; echo x > /src/evil; echo written`;
        const others = { other: aService('sleep 1000', {}) };
        const request = await aRequest(script, {}, { volumes: ['.:/src'] }, others);
        const before = await readFile(join(directory, 'compose.yaml'), 'utf8');
        const { passed, output } = await world.tests.run(request, aProgress());
        expect([passed, output]).toEqual([true, expect.stringContaining('written')]);
        expect([await readdir(directory), await readFile(join(directory, 'compose.yaml'), 'utf8')]).toEqual([
          ['compose.yaml', 'reports'],
          before,
        ]);
      },
    );

    it('takes away what is its own alone, whatever the tests write', async () => {
      const other = `of-another-${project}`;
      const volume = await world.makeVolumeOf(other);
      const theirs = JSON.stringify({ services: { tests: { image: 'x' } }, volumes: { v: { name: volume } } });
      await world.tests.run(
        await aRequest(`echo '${theirs}' > /src/compose.yaml`, {}, { volumes: ['.:/src'] }),
        aProgress(),
      );
      expect(await world.leftovers(other)).toEqual([volume]);
    });

    it('mounts nothing of the machine by a link that is made after the look', async () => {
      await mkdir(join(directory, 'x'));
      await writeFile(join(outside, 'secret'), 'a secret of this machine');
      const helper = aService('rmdir /src/x; ln -s / /src/x; sleep 1000', { volumes: ['.:/src'] });
      const tests = { volumes: ['./x:/host', '.:/src'], depends_on: ['helper'] };
      const script = `until test -L /src/x; do :; done; read line < /host${outside}/secret; echo "<$line>"`;
      const { output } = await world.tests.run(await aRequest(script, {}, tests, { helper }), aProgress());
      expect(output).toContain('<>');
    });

    it('takes a link for no report', async () => {
      const request = await aRequest('ln -s /etc/passwd /reports/junit.xml', { reports: ['reports/junit.xml'] });
      await expect(world.tests.run(request, aProgress())).rejects.toThrow(/SLIP-TEST-3.*is not a file/);
    });

    it('ends tests that take too long, also when they have broken their compose file', async () => {
      const script = "echo '{' > /src/compose.yaml; echo begun; sleep 1000";
      const request = await aRequest(script, {}, { volumes: ['.:/src', 'data:/data'] });
      // With more and more time until they have begun: a machine with other work starts slowly.
      let end = '';
      for (let timeoutMs = 4_000; !end.includes('begun'); timeoutMs *= 2) {
        end = await world.tests.run({ ...request, timeoutMs }, aProgress()).then(() => 'begun, and not ended', String);
        expect(await world.leftovers(project)).toEqual([]);
      }
      expect(end).toContain('SLIP-TEST-4');
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
