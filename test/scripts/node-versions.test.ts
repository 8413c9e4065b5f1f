import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ownPackage } from '../../client/own-package.ts';
import { oldestNode } from '../../scripts/pack/oldest-node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (file: string) => readFile(join(root, file), 'utf8');
const engine = ownPackage().oldestNode;
const command = Number(oldestNode);

describe('the oldest Node', () => {
  it('of the engine is what its package asks for, and newer than that of the command alone', () => {
    expect(process.versions.node.startsWith(`${engine}.`)).toBe(true);
    expect(command).toBeGreaterThan(17);
    expect(engine).toBeGreaterThan(command);
  });

  it.each([
    'bin/slipway.js',
    'client/cli/without-engine.ts',
    'client/cli/commands/doctor.ts',
    'scripts/pack.mjs',
    'scripts/pack/bundle.mjs',
    'scripts/bootstrap/node.mjs',
  ])('is said once, and not again in %s', async (file) => {
    expect(await text(file)).not.toMatch(new RegExp(`\\b(node)?(${engine}|${command})\\b`, 'i'));
  });

  it.each([
    ['README.md', engine],
    ['docs/cli.md', engine],
    ['docs/cli.md', command],
    ['docs/operations.md', engine],
    ['CONTRIBUTING.md', engine],
    ['CONTRIBUTING.md', command],
    ['scripts/pack/README.md', command],
    ['client/cli/older-node.ts', command],
    ['docker/Dockerfile', engine],
  ])('is what %s says: %i', async (file, version) => {
    expect(await text(file)).toMatch(new RegExp(`(node[: ]|from |on )${version}\\b`, 'i'));
  });
});
