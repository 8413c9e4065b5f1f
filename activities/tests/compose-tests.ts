import { resolve } from 'node:path';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { confinedPath } from '../shared/confined-path.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';
import { checkComposeFile } from './compose-check.ts';
import { openCompose, type Compose } from './compose-command.ts';
import type { IntegrationTests, TestReport, TestRequest } from './port.ts';
import { clearReports, readReports } from './test-reports.ts';

export interface ComposeTestsOptions {
  /** The daemon to use; the worker's DOCKER_HOST by default, and without that the docker client's own context. */
  dockerHost?: string;
}

const clearTimeoutMs = 120_000;
const outputCharacters = 8_192;

/**
 * Integration tests by Docker Compose. Everything is a project of the given name, and that project is taken down before and after,
 * whatever happens; so a name must belong to one attempt only. The compose file is the repository's own: it is refused
 * when it reaches out of the checkout. What it runs is code all the same: run this only where no credentials of the engine are in reach.
 */
export function createComposeTests(options: ComposeTestsOptions = {}): IntegrationTests {
  return {
    async run(request, progress) {
      progress.signal.throwIfAborted();
      const compose = await open(request, options.dockerHost ?? process.env['DOCKER_HOST']);
      await checkService(compose, request, progress);
      await clear(compose, progress);
      try {
        await clearReports(request.directory, request.reports);
        return await runTests(compose, request, progress);
      } finally {
        await clear(compose); // without the caller's signal: cancelling must not leave containers
      }
    },
  };
}

async function open(request: TestRequest, dockerHost: string | undefined): Promise<Compose> {
  if (!/^[a-z0-9][a-z0-9_-]{0,100}$/.test(request.project))
    throw failure('SLIP-TEST-3', `${JSON.stringify(request.project)} is not a project name`);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(request.service))
    throw failure('SLIP-TEST-3', `${JSON.stringify(request.service)} is not a service name`);
  const file = await confinedPath(request.directory, request.composeFile);
  if (file === undefined) throw failure('SLIP-TEST-3', `there is no ${request.composeFile} inside the checkout`);
  const images = Object.entries(request.images).map(([component, image]) => [imageVariable(component), image] as const);
  const variables = images.map(([variable]) => variable);
  await checkComposeFile(request.directory, file, { variables, allowed: request.allowedImages });
  return openCompose({
    project: request.project,
    file,
    directory: resolve(request.directory),
    env: Object.fromEntries(images),
    dockerHost,
  });
}

/** `shop-core` → `SHOP_CORE_IMAGE`. */
export function imageVariable(component: string): string {
  return `${component.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_IMAGE`;
}

async function checkService(compose: Compose, request: TestRequest, progress: Progress): Promise<void> {
  const listed = await compose.run(['config', '--services'], { timeoutMs: clearTimeoutMs, progress });
  if (listed.exitCode !== 0)
    throw failure(daemonProblem(listed) ? 'SLIP-TEST-2' : 'SLIP-TEST-3', describeResult('compose config', listed));
  const services = listed.stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
  if (!services.includes(request.service))
    throw failure('SLIP-TEST-3', `${request.composeFile} has no service ${request.service}`);
}

async function clear(compose: Compose, progress?: Progress): Promise<void> {
  const limits = { timeoutMs: clearTimeoutMs, ...(progress === undefined ? {} : { progress }) };
  const result = await compose.run(['down', '--volumes', '--remove-orphans', '--timeout', '5'], limits);
  if (result.exitCode !== 0) throw failure('SLIP-TEST-2', describeResult('compose down', result));
}

async function runTests(compose: Compose, request: TestRequest, progress: Progress): Promise<TestReport> {
  const args = ['up', '--no-color', '--abort-on-container-exit', '--exit-code-from', request.service];
  const result = await compose.run(args, { timeoutMs: request.timeoutMs, progress });
  if (result.timedOut) throw failure('SLIP-TEST-4', describeResult('compose up', result));
  const exitCode = await exitCodeOf(compose, request.service);
  // compose's own code is the same 1 for a failed test and for an image that cannot be pulled; only the container knows
  if (exitCode === undefined) throw failure('SLIP-TEST-2', describeResult('compose up', result));
  const reports = await readReports(request.directory, request.reports, exitCode === 0);
  const passed = exitCode === 0 && reports.failed.length === 0;
  return { passed, exitCode, ...reports, output: result.tail.slice(-outputCharacters) };
}

const containerState = z.object({ Status: z.string(), ExitCode: z.number().int(), StartedAt: z.string() });

/** The code with which the service's container ended; undefined when it never started. */
async function exitCodeOf(compose: Compose, service: string): Promise<number | undefined> {
  // `up` has already stopped it, and version 1 lists containers that are stopped only under this flag
  const listed = await compose.run(['ps', '--all', '--quiet', service], { timeoutMs: clearTimeoutMs });
  const id = listed.stdout.toString('utf8').trim().split('\n')[0];
  if (!id) return undefined;
  const inspected = await compose.docker(['inspect', '--type', 'container', '--format', '{{json .State}}', id]);
  if (inspected.exitCode !== 0) return undefined;
  const state = containerState.safeParse(JSON.parse(inspected.stdout.toString('utf8')));
  const started = state.success && state.data.Status === 'exited' && !state.data.StartedAt.startsWith('0001-');
  return started ? state.data.ExitCode : undefined;
}

function daemonProblem(result: CommandResult): boolean {
  return (
    result.notStarted !== undefined ||
    result.timedOut ||
    /cannot connect to the docker daemon|error while fetching server api version/i.test(result.tail)
  );
}
