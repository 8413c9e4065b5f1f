import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { isSystems } from '../../domain/box-places.ts';
import type { Box, BoxDirectory } from '../box/port.ts';
import { locateProgram } from '../shared/locate-program.ts';
import type { Progress } from '../shared/progress.ts';
import type { CommandResult } from '../shared/run-command.ts';
import { CouldNotScan, judgeTool, runTool } from './scan-tool.ts';

/** Directories and files as a tool sees them: its own, and those that are there to be read. */
export type Places = { work: string } & Partial<Record<'tree' | 'rules' | 'database', string>>;

/** A scanner that reads what strangers wrote. `args` and `env` get each place as the tool will see it. */
export interface ScanTool {
  program: string;
  /** As this machine has them. */
  places: Places;
  /** More that it may read, which stands at the same path inside. Given, the program itself is found where it lies, beneath these or beside the system's. */
  alongside?: readonly string[];
  args: (at: Places) => string[];
  env?: (at: Places) => Record<string, string>;
  network: 'none' | 'outside';
  timeoutMs: number;
  progress: Progress;
  /** In `work`, where it is less than usual. */
  diskBytes?: number;
}

/** What a scan may have on the disk, with the image. */
export const mostScanBytes = 20 * 1024 ** 3;
const limits = { memoryBytes: 4 * 1024 ** 3, processes: 256, cpus: 2, diskBytes: mostScanBytes };

/** In a box that has nothing else; without a box as it is. A parser that a stranger's file takes over finds neither network nor login there. */
export async function runScanTool(
  box: Box | undefined,
  tool: ScanTool,
  expectedCodes: readonly number[],
): Promise<CommandResult> {
  const { places, timeoutMs, progress, diskBytes = mostScanBytes } = tool;
  if (box === undefined) {
    const env = tool.env?.(places) ?? {};
    return runTool(
      { program: tool.program, args: tool.args(places), cwd: places.work, env, timeoutMs, progress },
      expectedCodes,
    );
  }
  // Named anew each time: what a tree has of excuses, by the path of a finding, cannot know it.
  const nonce = randomUUID().slice(0, 8);
  const placeOf = (name: string) => `/${name}-${nonce}`;
  const at = Object.fromEntries(Object.keys(places).map((name) => [name, placeOf(name)])) as Places;
  const program = await locateProgram(tool.program);
  if (program === undefined) throw new CouldNotScan(`${tool.program} is not on PATH (or its directory is missing)`);
  const { alongside } = tool;
  // A program of several files finds the others only where it is.
  const isThere = alongside?.some((place) => program.startsWith(`${place}/`)) || (alongside && isSystems(program));
  const inside = isThere ? program : `/tool/${basename(program)}`;
  const directories = Object.entries<string>(places).map(([name, from]): BoxDirectory => ({
    from,
    at: placeOf(name),
    ...(name === 'work' ? { writable: true as const } : {}),
  }));
  const result = await box.run(
    {
      program: inside,
      args: tool.args(at),
      ...(tool.env && { env: tool.env(at) }),
      cwd: placeOf('work'),
      directories: [
        ...directories,
        ...(alongside ?? []).map((place) => ({ from: place, at: place })),
        ...(isThere ? [] : [{ from: program, at: inside }]),
      ],
      network: tool.network,
      limits: { ...limits, diskBytes, timeoutMs },
    },
    progress,
  );
  if (result.bound !== undefined) throw new CouldNotScan(`${tool.program} was ended: ${result.bound}`);
  return judgeTool(tool.program, result, expectedCodes);
}
