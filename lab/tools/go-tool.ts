import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goWorksIn, makeBuildDirectory } from '../kubernetes/build-directory.ts';
import { cacheDirectory, withLock } from '../kubernetes/cache.ts';
import { findProgram, run, type Progress } from '../kubernetes/command.ts';

export interface GoTool {
  program: string;
  /** Package path of the program, without a version. */
  package: string;
  version: string;
  /** What a person should expect, for the progress line. */
  takes: string;
}

/** The path of a tool that is here already: on PATH, or built before. */
export async function findGoTool(tool: GoTool): Promise<string | undefined> {
  const built = join(placeOf(tool), tool.program);
  return (await findProgram(tool.program)) ?? ((await exists(built)) ? built : undefined);
}

/**
 * The path of a tool: the one on PATH if there is one, else one built from its published Go module, once, into the cache directory.
 * An interrupted build leaves nothing half-made behind.
 */
export async function ensureGoTool(tool: GoTool, progress: Progress): Promise<string> {
  const present = await findProgram(tool.program);
  if (present !== undefined) return present;
  const directory = placeOf(tool);
  const path = join(directory, tool.program);
  await withLock(`${directory}.lock`, progress, async () => {
    if (await exists(path)) return;
    await mkdir(directory, { recursive: true });
    await install(tool, directory, progress);
  });
  return path;
}

function placeOf({ program, version }: GoTool): string {
  return join(cacheDirectory(), 'tools', `${program}-${version}`);
}

async function install(tool: GoTool, directory: string, progress: Progress): Promise<void> {
  const go = await findProgram('go');
  if (!go)
    throw new Error(
      `${tool.program} is not on PATH and has to be built once, and \`go\` is not on PATH either: install one of them`,
    );
  progress(`${tool.program} ${tool.version}: building (${tool.takes})`);
  const work = await makeBuildDirectory(directory);
  try {
    const env = {
      ...goWorksIn(work),
      GOBIN: work,
      CGO_ENABLED: '0',
      GOTOOLCHAIN: 'local',
      GOFLAGS: '-mod=mod -buildvcs=false',
    };
    await run(go, ['install', '-trimpath', '-ldflags', '-s -w', `${tool.package}@${tool.version}`], {
      cwd: work,
      env,
      background: true,
    });
    await rename(join(work, tool.program), join(directory, tool.program));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
