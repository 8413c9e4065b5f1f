import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { tail } from '../../domain/whole-text.ts';
import { confinedPath } from '../shared/confined-path.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';
import { checkComposeFile } from './compose-check.ts';
import { composeFileOf, openCompose, type Compose } from './compose-command.ts';
import type { RunnableImages } from './compose-images.ts';
import { aRunOf, clearEarlierTries, clearTry, containersOf, type ProjectRun } from './compose-project.ts';
import { makeRunnable, type Runnable } from './compose-resolved.ts';
import { fetchReports, fillVolumes, refuseWritableBinds, type Copying } from './container-files.ts';
import { linesOf, openDocker, type Docker } from './docker-command.ts';
import type { IntegrationTests, TestReport, TestRequest } from './port.ts';
import { makeImages } from './service-images.ts';
import { clearReports, readReports } from './test-reports.ts';

export interface ComposeTestsOptions {
  /** The daemon to use; the worker's DOCKER_HOST by default, and without that the docker client's own context. */
  dockerHost?: string;
}

const resolveTimeoutMs = 120_000;
const outputCharacters = 8_192;

/** All that a run of tests works with. */
interface Run {
  request: TestRequest;
  named: ProjectRun;
  progress: Progress;
  compose: Compose;
  docker: Docker;
  dockerHost: string | undefined;
  images: RunnableImages;
  /** The checkout's real path: from here on nobody writes to it. */
  root: string;
  /** A directory of ours, which no container sees. */
  home: string;
}

/**
 * Integration tests by Docker Compose. Everything is a project of the given name, which each try adds something to that nobody can guess. A try
 * takes down its own at its end, whatever happens, and at its beginning what earlier ones have left; so a name must belong to one attempt only.
 * The compose file is the repository's own: it is refused when it reaches out of the checkout, and what runs is our own copy of what was judged.
 * Containers get copies of the checkout too: none can write to it. What they run is code all the same: run this only where no credentials of the
 * engine are in reach.
 */
export function createComposeTests(options: ComposeTestsOptions = {}): IntegrationTests {
  return {
    async run(request, progress) {
      progress.signal.throwIfAborted();
      const home = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
      try {
        const run = await open(request, progress, {
          home,
          dockerHost: options.dockerHost ?? process.env['DOCKER_HOST'],
        });
        const runnable = await resolveFile(run);
        await clearEarlierTries(run.docker, run.named, { progress });
        try {
          return await runTests(run, runnable);
        } finally {
          await clearTry(run.docker, run.named); // without the caller's signal: cancelling must not leave containers
        }
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}

async function open(
  request: TestRequest,
  progress: Progress,
  { home, dockerHost }: { home: string; dockerHost: string | undefined },
): Promise<Run & { file: string }> {
  if (!/^[a-z0-9][a-z0-9_-]{0,80}$/.test(request.project))
    throw failure('SLIP-TEST-3', `${JSON.stringify(request.project)} is not a project name`);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(request.service))
    throw failure('SLIP-TEST-3', `${JSON.stringify(request.service)} is not a service name`);
  const file = await confinedPath(request.directory, request.composeFile);
  if (file === undefined) throw failure('SLIP-TEST-3', `there is no ${request.composeFile} inside the checkout`);
  const images = Object.entries(request.images).map(([component, image]) => [imageVariable(component), image] as const);
  const runnable = {
    ...{ variables: images.map(([variable]) => variable), own: images.map(([, image]) => image) },
    allowed: request.allowedImages,
  };
  await checkComposeFile(request.directory, file, runnable);
  const env = Object.fromEntries(images);
  const named = aRunOf(request.project, Date.now());
  const compose = await openCompose({ ...named, home, env, dockerHost });
  const root = await realpath(request.directory);
  const docker = openDocker(dockerHost);
  return { request, named, progress, compose, docker, dockerHost, images: runnable, root, home, file };
}

/** `shop-core` → `SHOP_CORE_IMAGE`. */
export function imageVariable(component: string): string {
  return `${component.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_IMAGE`;
}

async function resolveFile({
  request,
  progress,
  compose,
  root,
  images,
  file,
}: Run & { file: string }): Promise<Runnable> {
  const limits = { timeoutMs: resolveTimeoutMs, progress };
  const resolved = await compose.resolve(file, limits);
  if (resolved.exitCode !== 0)
    throw failure(daemonProblem(resolved) ? 'SLIP-TEST-2' : 'SLIP-TEST-3', describeResult('compose config', resolved));
  if (resolved.truncated) throw failure('SLIP-TEST-3', 'Compose makes too much of the compose file');
  const runnable = await makeRunnable(resolved.stdout, { root, images });
  if (!runnable.images.has(request.service))
    throw failure('SLIP-TEST-3', `${request.composeFile} has no service ${request.service}`);
  if (runnable.unmade.has(request.service))
    throw failure('SLIP-TEST-3', `the service ${request.service} has no container: by its profiles, scale or replicas`);
  return runnable;
}

async function runTests(run: Run, { images, directories, textWith }: Runnable): Promise<TestReport> {
  const { request, named, progress, compose, docker } = run;
  const { service, reports } = request;
  const until = Date.now() + request.timeoutMs;
  const left = () => Math.max(1, until - Date.now());
  // Compose neither builds nor chooses an image: it has no say in what the daemon is told of either.
  const up = async (...args: string[]) => {
    const result = await compose.run(['up', '--no-build', ...args], { timeoutMs: left(), progress });
    if (result.timedOut) throw failure('SLIP-TEST-4', describeResult('compose up', result));
    return result;
  };
  await clearReports(request.directory, reports);
  const names = await makeImages(images, { ...run, ...request, left });
  await writeFile(composeFileOf(run.home), textWith(names));
  const made = await up('--no-start');
  if (made.exitCode !== 0) throw failure('SLIP-TEST-2', describeResult('compose up --no-start', made));
  const copying = { ...run, containers: await containersOf(docker, named, { progress }) };
  await refuseWritableBinds(copying);
  await fillVolumes(copying, await imageOf(copying, service), directories);
  // Made anew: a container that shares the network of another has it only when that one runs. What was copied is in volumes.
  const ended = await up('--no-color', '--force-recreate', '--abort-on-container-exit', '--exit-code-from', service);
  const ran = { ...copying, containers: await containersOf(docker, named, { progress }) };
  // Without one of them the others may have failed for that.
  for (const made of copying.containers.keys()) containerOf(ran, made);
  const exitCode = await exitCodeOf(ran, service);
  // compose's own code is the same 1 for a failed test and for a container that cannot be started; only the container knows
  if (exitCode === undefined) throw failure('SLIP-TEST-2', describeResult('compose up', ended));
  const fetched = await fetchReports(ran, { reports, service, directories });
  const said = await readReports(fetched, reports, exitCode === 0);
  const passed = exitCode === 0 && said.failed.length === 0;
  return { passed, exitCode, ...said, output: tail(ended.tail, outputCharacters) };
}

/** Compose has made it: if it is not there, somebody has taken it away, which is no fault of the tests. Throws SLIP-TEST-2. */
function containerOf({ containers }: Copying, service: string): string {
  const [id] = containers.get(service) ?? [];
  if (id === undefined) throw failure('SLIP-TEST-2', `the container that was made of ${service} is gone`);
  return id;
}

async function imageOf(copying: Copying, service: string): Promise<string> {
  const inspect = ['inspect', '--type', 'container', '--format', '{{.Image}}', containerOf(copying, service)];
  const [image = ''] = await linesOf(copying.docker, inspect, { progress: copying.progress });
  return image;
}

const containerState = z.object({ Status: z.string(), ExitCode: z.number().int(), StartedAt: z.string() });

/** The code with which the service's container ended; undefined when it never started. */
async function exitCodeOf(copying: Copying, service: string): Promise<number | undefined> {
  const inspect = ['inspect', '--type', 'container', '--format', '{{json .State}}', containerOf(copying, service)];
  const inspected = await copying.docker(inspect, { progress: copying.progress });
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
