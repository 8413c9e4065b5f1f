import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box, BoxCommand, BoxResult } from '../../activities/box/port.ts';
import { fetchBases } from '../../activities/images/base-images.ts';
import { watched, watchSize } from '../../activities/shared/size-watch.ts';
import { aProgress } from '../support/progress.ts';
import { until } from '../support/world-until.ts';

/** What strangers may have of a build worker's disk is bounded for all of a build together, not for each step of it. */

let place: string;
beforeEach(async () => void (place = await mkdtemp(join(tmpdir(), 'slipway-disk-'))));
afterEach(() => rm(place, { recursive: true }));

/** In place of a registry and skopeo: each image has as many bytes as are said, or as the box has left. */
function aBoxWithImagesOf(bytes: number) {
  const limits: number[] = [];
  const manifest = Buffer.from('{}'.padEnd(bytes));
  const ended: BoxResult = { exitCode: 0, timedOut: false, stdout: manifest, truncated: false, tail: '' };
  const box: Box = {
    probe: () => Promise.reject(new Error('nobody asks')),
    async run({ args, directories, limits: { diskBytes } }: BoxCommand) {
      if (args.includes('inspect')) return ended;
      limits.push(diskBytes);
      if (diskBytes < bytes)
        return { ...ended, exitCode: undefined, bound: `more than ${diskBytes} bytes on the disk` };
      const layout = join(directories[0]!.from, 'layout');
      await mkdir(layout);
      await writeFile(join(layout, 'manifest.json'), manifest);
      return ended;
    },
  };
  return { box, limits };
}

async function fetching(box: Box, references: string[]): Promise<void> {
  const [directory, login] = [join(place, 'bases'), join(place, 'login')];
  for (const one of [directory, login]) await mkdir(one);
  const limits = { timeoutMs: 1_000, memoryBytes: 1, processes: 1, cpus: 1, diskBytes: 1_000 };
  const credentials = async () => undefined;
  await fetchBases(
    box,
    { references, host: 'registry.test', ownImages: [], insideHosts: [], credentials, directory, login, limits },
    aProgress(),
  );
}

const bases = (count: number) => Array.from({ length: count }, (_, n) => `evil.example/x:${n}`);

describe('the base images of a Dockerfile', () => {
  it('have one bound together: each may have what those before it have left', async () => {
    const { box, limits } = aBoxWithImagesOf(300);
    await expect(fetching(box, bases(50))).rejects.toThrow(/SLIP-IMG-1.*more than 100 bytes on the disk/s);
    expect(limits).toEqual([1_000, 700, 400, 100]);
    expect(await readdir(join(place, 'bases'))).toEqual(['0', '1', '2']);
  });

  it('are refused before the next is asked for when nothing is left', async () => {
    const { box, limits } = aBoxWithImagesOf(500);
    await expect(fetching(box, bases(3))).rejects.toThrow('SLIP-IMG-6');
    expect(limits).toEqual([1_000, 500]);
  });

  it('that fit are all there', async () => {
    await fetching(aBoxWithImagesOf(300).box, bases(3));
    expect(await readdir(join(place, 'bases'))).toEqual(['0', '1', '2']);
  });
});

describe('a program that fills a directory', () => {
  const tooMuch = () => new Error('too much came');

  it('is ended as soon as there is more than the bound', async () => {
    const watch = await watchSize([place], 1_000, tooMuch);
    const running = watched(watch, new AbortController().signal, async (signal) => {
      await writeFile(join(place, 'a'), Buffer.alloc(2_000));
      await until('its end', () => signal.aborted);
    });
    await expect(running).rejects.toThrow('too much came');
  });

  it('is told too much also when it was faster than any look', async () => {
    const watch = await watchSize([place], 1_000, tooMuch);
    const running = watched(watch, new AbortController().signal, () =>
      writeFile(join(place, 'a'), Buffer.alloc(2_000)),
    );
    await expect(running).rejects.toThrow('too much came');
  });

  it('may leave as much as was there before, and the bound', async () => {
    await writeFile(join(place, 'before'), Buffer.alloc(5_000));
    const watch = await watchSize([place], 1_000, tooMuch);
    await watched(watch, new AbortController().signal, () => writeFile(join(place, 'a'), Buffer.alloc(1_000)));
    expect(watch.signal.aborted).toBe(false);
  });
});
