import { access, mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goWorksIn, makeBuildDirectory } from './build-directory.ts';
import { cacheDirectory, withLock } from './cache.ts';
import { CommandFailed, findProgram, run } from './command.ts';
import type { Progress } from './command.ts';

const KUBERNETES = 'v1.36.3';
const ETCD = 'v3.6.16';
const STAGING = `v0.${KUBERNETES.split('.').slice(1).join('.')}`; // v1.36.3 is published together with k8s.io/* v0.36.3
const NEEDED_BYTES = 5e9; // Go's build cache and module cache, cold

/** Paths of the real programs a region is made of. */
export interface KubernetesBinaries {
  directory: string;
  apiserver: string;
  controllerManager: string;
  scheduler: string;
  kubelet: string;
  etcd: string;
  kubectl: string;
}

/**
 * Builds Kubernetes and etcd from their published Go modules, once, into the cache directory (about ten minutes and
 * 500 MB on two cores). What is already there is kept; an interrupted build leaves nothing half-made behind.
 */
export async function ensureKubernetesBinaries(progress: Progress): Promise<KubernetesBinaries> {
  const directory = join(cacheDirectory(), 'kubernetes', KUBERNETES);
  await mkdir(directory, { recursive: true });
  const kubectl = await findProgram('kubectl');
  const programs = [
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubelet',
    ...(kubectl ? [] : ['kubectl']),
  ];
  if (!(await allPresent(directory, [...programs, 'etcd']))) {
    await withLock(join(directory, 'build.lock'), progress, () => buildMissing(directory, programs, progress));
  }
  return {
    directory,
    apiserver: join(directory, 'kube-apiserver'),
    controllerManager: join(directory, 'kube-controller-manager'),
    scheduler: join(directory, 'kube-scheduler'),
    kubelet: join(directory, 'kubelet'),
    etcd: join(directory, 'etcd'),
    kubectl: kubectl ?? join(directory, 'kubectl'),
  };
}

/** kubectl from PATH, or the one built with the other programs. */
export async function kubectlPath(): Promise<string> {
  return (await findProgram('kubectl')) ?? join(cacheDirectory(), 'kubernetes', KUBERNETES, 'kubectl');
}

async function buildMissing(directory: string, programs: readonly string[], progress: Progress): Promise<void> {
  const go = await findProgram('go');
  if (!go)
    throw new Error(
      'Kubernetes has to be built once, and `go` is not on PATH: install Go 1.26 or newer (https://go.dev/dl/)',
    );
  const space = await statfs(directory);
  if (space.bavail * space.bsize < NEEDED_BYTES) {
    throw new Error(
      `building Kubernetes needs ${NEEDED_BYTES / 1e9} GB of free disk under ${directory}: set SLIPWAY_CACHE_DIR to a larger disk`,
    );
  }
  const work = await makeBuildDirectory(directory);
  try {
    if (!(await allPresent(directory, ['etcd']))) {
      await writeModule(
        go,
        work,
        { module: 'go.etcd.io/etcd/server/v3', version: ETCD, packages: ['go.etcd.io/etcd/server/v3'], replace: false },
        progress,
      );
      await build(go, work, directory, 'etcd', 'go.etcd.io/etcd/server/v3', progress);
    }
    if (await allPresent(directory, programs)) return;
    const packageOf = (program: string) => `k8s.io/kubernetes/cmd/${program}`;
    await writeModule(
      go,
      work,
      { module: 'k8s.io/kubernetes', version: KUBERNETES, packages: programs.map(packageOf), replace: true },
      progress,
    );
    for (const program of programs) {
      if (!(await allPresent(directory, [program])))
        await build(go, work, directory, program, packageOf(program), progress);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface ToolModule {
  module: string;
  version: string;
  packages: readonly string[];
  /** Kubernetes' own go.mod names its staging modules by folder, which no reader of the published module has. */
  replace: boolean;
}

interface GoModule {
  Go: string;
  Replace?: { Old: { Path: string }; New: { Path: string } }[];
}

async function writeModule(go: string, work: string, wanted: ToolModule, progress: Progress): Promise<void> {
  progress(`${wanted.module} ${wanted.version}: downloading the sources`);
  const downloaded = JSON.parse(
    (await runGo(go, work, ['mod', 'download', '-json', `${wanted.module}@${wanted.version}`])).stdout,
  ) as { GoMod: string };
  const upstream = JSON.parse((await runGo(go, work, ['mod', 'edit', '-json', downloaded.GoMod])).stdout) as GoModule;
  const staging = (upstream.Replace ?? [])
    .filter((entry) => entry.New.Path.startsWith('./staging/'))
    .map((entry) => entry.Old.Path);
  await rm(join(work, 'go.sum'), { force: true });
  await writeFile(
    join(work, 'go.mod'),
    [
      'module slipway.invalid/tools',
      `go ${upstream.Go}`,
      `require ${wanted.module} ${wanted.version}`,
      ...(wanted.replace ? staging.map((path) => `replace ${path} => ${path} ${STAGING}`) : []),
      '',
    ].join('\n'),
  );
  // never compiled (a program cannot be imported): it tells `go mod tidy` what is needed
  await writeFile(
    join(work, 'tools.go'),
    ['//go:build tools', '', 'package tools', '', ...wanted.packages.map((path) => `import _ "${path}"`), ''].join(
      '\n',
    ),
  );
  await runGo(go, work, ['mod', 'tidy']);
}

async function build(
  go: string,
  work: string,
  directory: string,
  program: string,
  path: string,
  progress: Progress,
): Promise<void> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  progress(`${program}: building`);
  const ticking = setInterval(() => progress(`${program}: still building, ${seconds()} s`), 30_000);
  try {
    const version = 'k8s.io/component-base/version';
    const [major, minor] = KUBERNETES.slice(1).split('.');
    const stamps = [
      `-X ${version}.gitVersion=${KUBERNETES}`,
      `-X ${version}.gitMajor=${major}`,
      `-X ${version}.gitMinor=${minor}`,
    ];
    const made = join(work, program);
    await runGo(go, work, ['build', '-trimpath', '-ldflags', ['-s', '-w', ...stamps].join(' '), '-o', made, path]);
    await rename(made, join(directory, program));
    progress(`${program}: built in ${seconds()} s`);
  } finally {
    clearInterval(ticking);
  }
}

async function runGo(go: string, cwd: string, args: readonly string[]): Promise<{ stdout: string }> {
  try {
    return await run(go, args, {
      cwd,
      env: { ...goWorksIn(cwd), CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false' },
      background: true,
    });
  } catch (error) {
    if (error instanceof CommandFailed && /no space left on device/i.test(error.stderr)) {
      throw new Error(
        'the disk is full: free some space (`go clean -cache` helps) and start again; finished programs are kept',
        { cause: error },
      );
    }
    throw new Error(`building Kubernetes failed: ${(error as Error).message}`, { cause: error });
  }
}

async function allPresent(directory: string, programs: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    programs.map((program) =>
      access(join(directory, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}
