import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../docs/markdown.ts';

/** Bundles and prints the id, as a process of its own: where the code lies is part of the question. */
async function buildId(module: string, cwd: string): Promise<string> {
  const cache = await mkdtemp(join(work, 'cache-'));
  const script = `const { workflowBundle } = await import(process.argv[1]); console.log((await workflowBundle(process.argv[2])).buildId)`;
  const args = ['--input-type=module', '--eval', script, module, cache];
  return (await execa(process.execPath, args, { cwd, env: { NODE_OPTIONS: '' } })).stdout.trim();
}

/** The same sources elsewhere, as another checkout has them. */
async function copyTo(directory: string): Promise<void> {
  for (const name of ['domain', 'workflows', 'workers', 'package.json'])
    await cp(join(root, name), join(directory, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
}

let work: string;
let here: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'slipway-bundle-'));
  here = await buildId(join(root, 'workers/bundle.ts'), root);
}, 300_000);
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the build id of the workflow code', () => {
  it('is the same in the compiled image, in another checkout, and wherever the process stands', async () => {
    const image = join(work, 'image');
    // As docker/Dockerfile does: the compiled programs, beside the TypeScript of the workflows.
    const compile = [
      '-p',
      join(root, 'tsconfig.build.json'),
      '--noCheck',
      '--declaration',
      'false',
      '--sourceMap',
      'false',
    ];
    await execa(join(root, 'node_modules/.bin/tsc'), [...compile, '--outDir', join(image, 'dist')], { cwd: root });
    await copyTo(image);
    await rm(join(image, 'workers'), { recursive: true });
    expect(await buildId(join(image, 'dist/workers/bundle.js'), tmpdir())).toBe(here);

    const checkout = join(work, 'checkout');
    await copyTo(checkout);
    expect(await buildId(join(checkout, 'workers/bundle.ts'), checkout)).toBe(here);
  }, 300_000);

  it('changes with the code of a workflow, not with a rule that no workflow uses, nor with another package', async () => {
    const directory = join(work, 'changed');
    await copyTo(directory);
    await writeFile(join(directory, 'domain/nobody-uses-this.ts'), 'export const rule = 1;\n');
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(directory, 'package.json'), JSON.stringify({ ...manifest, dependencies: { other: '1.0.0' } }));
    expect(await buildId(join(directory, 'workers/bundle.ts'), directory)).toBe(here);

    const story = join(directory, 'workflows/stop-if-cancelled.ts');
    await writeFile(story, `${await readFile(story, 'utf8')}\nexport const changed = 1;\n`);
    expect(await buildId(join(directory, 'workers/bundle.ts'), directory)).not.toBe(here);
  }, 300_000);
});
