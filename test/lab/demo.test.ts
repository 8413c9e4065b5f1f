import { describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import type { DemoResult } from '../../lab/demo/result.ts';
import { useDemo } from '../support/demo-runs.ts';
import { patience } from '../support/world-until.ts';

const components = ['core', 'dashboard', 'storefront'];

describe('the demo', () => {
  const { demo, directory } = useDemo();

  it(
    'releases the shop to both regions, reads back what runs, and leaves nothing',
    async () => {
      const { exitCode, stdout, stderr } = await demo(['--yes', '--json']);
      const result = JSON.parse(stdout) as DemoResult;
      expect(stderr).toContain('verified in both regions');
      expect(result).toMatchObject({
        ok: true,
        exitCode: 0,
        announced: 'verified',
        outcome: 'verified',
        approval: '--yes',
      });
      expect(result.regions.map(({ region }) => region)).toEqual(['de', 'nl']);
      for (const region of result.regions) {
        expect(region.components.map(({ component }) => component)).toEqual(components);
        for (const { component, digest, verified } of region.components) {
          expect(verified).toBe(true);
          expect(result.components).toContainEqual(expect.objectContaining({ component, digest }));
        }
      }
      expect(result.migrations).toEqual(['0001_products']);
      const changes = result.effects.filter(({ what }) => /^(Deployment|image|tag|statement|migration) /.test(what));
      expect(changes.filter(({ where }) => where === 'registry')).not.toHaveLength(0);
      expect(changes.filter(({ times }) => times !== 1)).toEqual([]);
      expect(result.durations).toMatchObject({ total: expect.any(Number), stages: { deploying: expect.any(Number) } });
      expect(exitCode).toBe(0);
      expect(await readdir(directory())).toEqual([]);
    },
    patience.preparation,
  );

  it('clears up and says so when it is interrupted while it starts', async () => {
    const running = demo(['--yes']);
    running.stdout.once('data', () => running.kill('SIGINT'));
    const { exitCode, stdout } = await running;
    expect(stdout).toContain('everything is stopped and removed');
    expect(exitCode).toBe(130);
    expect((await readdir(directory())).filter((name) => name.startsWith('slipway-demo-'))).toEqual([]);
  });

  it('refuses an option that it does not know with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await demo(['--frobnicate']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain("unknown option '--frobnicate'");
    expect(stderr).toContain('next:');
  });
});
