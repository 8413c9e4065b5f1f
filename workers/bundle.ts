import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

export interface WorkflowBundle {
  codePath: string;
  /** Names this code to Temporal: releases stay pinned to the version they began with. */
  buildId: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The workflow code as one file, built ahead and kept by the hash of its sources: a worker that starts again after a crash
 * does not spend its first seconds in a bundler.
 */
export async function workflowBundle(cacheDirectory: string): Promise<WorkflowBundle> {
  const buildId = await sourcesHash();
  const directory = join(cacheDirectory, 'workflow-bundles');
  const codePath = join(directory, `${buildId}.js`);
  if (await exists(codePath)) return { codePath, buildId };
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', extension === '.ts' ? 'index.ts' : 'index.js'),
    logger: new DefaultLogger('WARN'),
  });
  await mkdir(directory, { recursive: true });
  const temporary = `${codePath}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, codePath);
  return { codePath, buildId };
}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  // Compiled, the root is dist/, and package.json lies beside it.
  const sdk = await readFile(join(root, extension === '.ts' ? '.' : '..', 'package.json'), 'utf8');
  hash.update(sdk);
  for (const folder of ['domain', 'workflows']) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((f) => f.endsWith(extension)).sort();
    for (const file of files) hash.update(file).update(await readFile(join(root, folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
