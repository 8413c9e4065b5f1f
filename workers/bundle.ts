import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { buildIdOf } from './build-id.ts';
import { rulesOf } from './shared-rules.ts';

export interface WorkflowBundle {
  codePath: string;
  /** Names this code to Temporal: releases stay pinned to the version they began with. */
  buildId: string;
}

/**
 * Where the TypeScript of the workflows lies: compiled programs (in dist/) bundle the same files as a checkout does, so that both run the
 * same code under the same name.
 */
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '../..', import.meta.url));

/**
 * The workflow code as one file, built ahead and kept by the hash of what it is made from: a worker that starts again after a crash does
 * not spend its first seconds in a bundler.
 */
export async function workflowBundle(cacheDirectory: string): Promise<WorkflowBundle> {
  const directory = join(cacheDirectory, 'workflow-bundles');
  const hash = await inputsHash();
  const codePath = join(directory, `${hash}.js`);
  const kept = await readFile(codePath, 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    await utimes(codePath, new Date(), new Date()).catch(() => undefined); // in an image nobody may write
    return { codePath, buildId: buildIdOf(kept) };
  }
  const code = await bundle();
  // The sources were changed meanwhile (a checkout, an editor): what was made is of neither, and must not be kept under the name of one.
  if ((await inputsHash()) !== hash) return workflowBundle(cacheDirectory);
  await mkdir(directory, { recursive: true });
  const temporary = `${codePath}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, codePath);
  await forgetUnused(directory);
  return { codePath, buildId: buildIdOf(code) };
}

const keptUnusedMs = 30 * 86_400_000;

/** Each change of the code leaves one; what no worker has begun with for a month is made again where it is wanted. */
export async function forgetUnused(directory: string): Promise<void> {
  const before = Date.now() - keptUnusedMs;
  for (const file of (await readdir(directory)).map((name) => join(directory, name))) {
    const used = await stat(file).catch(() => undefined); // another worker may be tidying, too
    if (used && used.mtimeMs < before) await rm(file, { force: true });
  }
}

async function bundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', 'index.ts'),
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      Runtime.instance().logger.log(level, message, meta);
    }),
    // Each run has its modules for itself. What keeps nothing need not be there a thousand times: 135 KB of a run are 70 so.
    preloadModules: await rulesOf(join(root, 'workflows')),
    // Modules are named from the root on, wherever that is and whatever the process's directory; and no comments with paths.
    webpackConfigHook: (config) => ({
      ...config,
      context: root,
      resolve: { ...config.resolve, symlinks: false },
      output: { ...config.output, pathinfo: false },
    }),
  });
  return code;
}

async function inputsHash(): Promise<string> {
  const hash = createHash('sha256');
  const { resolve } = createRequire(import.meta.url);
  for (const sdk of ['worker', 'workflow']) hash.update(await readFile(resolve(`@temporalio/${sdk}/package.json`)));
  for (const folder of ['domain', 'workflows']) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((f) => f.endsWith('.ts')).sort();
    for (const file of files) hash.update(file).update(await readFile(join(root, folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
