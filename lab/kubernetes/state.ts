import { readFile, rename, writeFile } from 'node:fs/promises';
import { pathsOf } from './paths.ts';
import { birthOf } from './processes.ts';
import type { Remembered } from './processes.ts';

/** What a clean-up after a crash needs to know; everything else follows from the region's directory. */
export interface RegionState {
  name: string;
  index: number;
  owner: Remembered;
  processes: Remembered[];
}

export async function newState(name: string, index: number): Promise<RegionState> {
  return {
    name,
    index,
    owner: { name: 'owner', pid: process.pid, birth: (await birthOf(process.pid)) ?? 'gone' },
    processes: [],
  };
}

export async function readState(directory: string): Promise<RegionState | undefined> {
  const text = await readFile(pathsOf(directory).state, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RegionState);
}

/** Written aside and renamed: whoever reads it after a kill -9 sees the old or the new state, never half of one. */
export async function writeState(directory: string, state: RegionState): Promise<void> {
  const { state: path } = pathsOf(directory);
  await writeFile(`${path}.new`, JSON.stringify(state, undefined, 2));
  await rename(`${path}.new`, path);
}
