import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchBases } from '../../activities/images/base-images.ts';
import type { Box } from '../../activities/box/port.ts';
import { aProgress } from '../support/progress.ts';

describe('the login for the push, when base images are fetched', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-bases-'));
    await mkdir(join(directory, 'bases'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** The hosts for which the box is given a login; the registry then has no such image. */
  async function shownFor(reference: string, ownImages: string[]): Promise<string[]> {
    let shown: string[] | undefined;
    const login = await mkdtemp(join(directory, 'login-'));
    const box: Pick<Box, 'run'> = {
      async run({ directories }) {
        const { auths } = JSON.parse(await readFile(join(directories[0]!.from, 'auth.json'), 'utf8')) as {
          auths: object;
        };
        shown = Object.keys(auths);
        return { exitCode: 1, timedOut: false, stdout: Buffer.alloc(0), truncated: false, tail: 'manifest unknown' };
      },
    };
    const wanted = {
      references: [reference],
      host: 'registry.test',
      ownImages,
      insideHosts: [],
      credentials: async () => ({ username: 'pusher', password: 'hunter22' }),
      directory: join(directory, 'bases'),
      login,
      limits: { timeoutMs: 1_000, memoryBytes: 1, processes: 1, cpus: 1, diskBytes: 1 },
    };
    await expect(fetchBases(box as Box, wanted, aProgress())).rejects.toThrow(/SLIP-IMG-1.*manifest unknown/s);
    if (!shown) throw new Error('nothing was fetched');
    return shown;
  }

  const digest = `sha256:${'a'.repeat(64)}`;
  const own = ['registry.test/shop/core', 'registry.test/shop/base-*'];

  it.each(['registry.test/shop/core:1', `registry.test/shop/core@${digest}`, 'registry.test/shop/base-node:24'])(
    'is shown for what the policy lets the service have: %s',
    async (reference) => {
      expect(await shownFor(reference, own)).toEqual(['registry.test']);
    },
  );

  it.each([
    'registry.test/other-team/private:1',
    `registry.test/other-team/private@${digest}`,
    'registry.test/shop/core/inner:1',
    'registry.test/shop/core-of-others:1',
    'registry.test/shop/base-node/inner:1',
    'elsewhere.test/shop/core:1',
  ])('is not shown for anything else: %s', async (reference) => {
    expect(await shownFor(reference, own)).toEqual([]);
    expect(await shownFor(reference, [])).toEqual([]);
  });
});
