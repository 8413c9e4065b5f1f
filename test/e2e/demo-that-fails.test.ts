import { describe, expect, it } from '@jest/globals';
import { mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoResult } from '../../lab/demo/result.ts';
import { findProgram } from '../../lab/kubernetes/command.ts';
import { useDemo } from '../support/demo-runs.ts';
import { patience } from '../support/world-until.ts';

describe('the demo of a release that fails', () => {
  const { demo, directory } = useDemo();

  it(
    'brings back the last verified release where nothing can be built, and says in whose words it failed',
    async () => {
      const { exitCode, stdout, stderr } = await demo(['--fail', 'nl', '--json'], {
        PATH: await pathWithoutBuilders(directory()),
      });
      const result = JSON.parse(stdout) as DemoResult;
      expect(stderr).toContain('ready-made');
      expect(stderr).toContain('there is no terminal to ask in');
      expect(result).toMatchObject({
        ok: true,
        exitCode: 0,
        outcome: 'rolled-back',
        images: 'ready-made',
        approval: 'no terminal',
      });
      expect(result.failure?.detail).toContain('region nl has no CHECKOUT_URL');
      expect(result.durations.detection).toEqual(expect.any(Number));
      const commits = result.regions.flatMap((region) =>
        region.components.map(({ commit, verified }) => ({ commit, verified })),
      );
      expect(new Set(commits.map(({ commit }) => commit)).size).toBe(1);
      expect(commits.every(({ commit, verified }) => verified && commit !== result.commit)).toBe(true);
      expect(result.migrations).toEqual(['0001_products', '0002_product_weight']);
      expect(exitCode).toBe(0);
    },
    patience.preparation,
  );
});

/** What the demo needs beside a builder, and apt, with which root would install one. */
async function pathWithoutBuilders(directory: string): Promise<string> {
  const place = await mkdtemp(join(directory, 'path-'));
  for (const name of ['git', 'id', 'docker-registry']) {
    const program = await findProgram(name);
    if (program) await symlink(program, join(place, name));
  }
  return place;
}
