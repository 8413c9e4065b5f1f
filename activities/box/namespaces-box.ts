import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBoxs, isSystems } from '../../domain/box-places.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';
import { createCgroup, type BoxCgroup } from './cgroup.ts';
import { control, type Control } from './control.ts';
import { openDoor, type DoorOptions } from './door.ts';
import type { DiskReserve, KeeperOrder, WritablePlace } from './keeper-words.ts';
import type { Box, BoxCommand, BoxProbe, BoxResult } from './port.ts';
import { inside, launch } from './scripts.ts';
import { findUserRange, type UserRange } from './user-range.ts';

export interface NamespacesBoxOptions {
  /** How names are resolved; the system's way by default. */
  resolve?: DoorOptions['resolve'];
  /** A twentieth of the disk by default, and of its files; at most 10 GiB. */
  reserve?: DiskReserve;
  /** How long one count of what a box has written may take; a minute by default. */
  countMs?: number;
}

const doorPort = 3128;
const doorConnections = 64;
const openFiles = 4_096;
const countMs = 60_000;
/** How long it may tidy up after its end was asked for, before it is killed as a whole. */
const tidyMs = 15_000;

/** Boxes made of Linux namespaces by util-linux: no daemon, and no program that runs as root for others. */
export function createNamespacesBox(options: NamespacesBoxOptions = {}): Box {
  const watching = { countMs: options.countMs ?? countMs };
  const box: Box = {
    async run(command, progress) {
      progress.signal.throwIfAborted();
      checkDirectories(command);
      const range = await findUserRange();
      if (typeof range === 'string') throw failure('SLIP-BOX-1', range);
      const work = await mkdtemp(join(tmpdir(), 'slipway-box-'));
      const cgroup = await createCgroup(`slipway-box-${randomBytes(8).toString('hex')}`, command.limits);
      try {
        await Promise.all(['root', 'keep'].map((name) => mkdir(join(work, name), { mode: 0o700 })));
        const door =
          command.network === 'none'
            ? undefined
            : await openDoor(join(work, 'keep', 'door'), {
                insideHosts: command.insideHosts ?? [],
                connections: doorConnections,
                report: (line) => progress.report(line),
                ...(options.resolve && { resolve: options.resolve }),
              });
        try {
          const order = orderOf(command, {
            range,
            cgroup,
            writable: await placesOf(command, options.reserve),
            ...watching,
          });
          return await inNamespaces({ command, range, work, cgroup, order }, progress);
        } finally {
          await door?.close();
        }
      } finally {
        await cgroup.remove();
        await removeTree(work);
      }
    },
    probe: () => probe(box),
  };
  return box;
}

interface Making {
  command: BoxCommand;
  range: UserRange;
  work: string;
  cgroup: BoxCgroup;
  order: KeeperOrder;
}

async function inNamespaces({ command, range, work, cgroup, order }: Making, progress: Progress): Promise<BoxResult> {
  const keeper = await control(join(work, 'keep', 'control'), order);
  const killing = new AbortController();
  let killer: NodeJS.Timeout | undefined;
  let timedOut = false;
  // The keeper ends the box and tidies up; whatever does not end then is killed from outside.
  const end = () => {
    keeper.end();
    killer ??= setTimeout(() => killing.abort(), tidyMs);
  };
  const timer = setTimeout(() => ((timedOut = true), end()), command.limits.timeoutMs);
  progress.signal.addEventListener('abort', end, { once: true });
  if (progress.signal.aborted) end();
  try {
    const result = await runCommand({
      program: 'sh',
      args: ['-c', launch, 'box', ...launchArguments({ command, range, work, cgroup, order }, await ownFiles())],
      cwd: '/',
      env: { inside },
      graceMs: 0,
      progress: { ...progress, signal: killing.signal },
      ...(command.maxOutputBytes === undefined ? {} : { maxOutputBytes: command.maxOutputBytes }),
    }).catch((error: unknown) => (killing.signal.aborted ? cutOff : Promise.reject(error as Error)));
    progress.signal.throwIfAborted();
    return await told(result, keeper, { timedOut, cgroup, command });
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    progress.signal.removeEventListener('abort', end);
    keeper.close();
  }
}

const cutOff: CommandResult = {
  exitCode: undefined,
  timedOut: false,
  stdout: Buffer.alloc(0),
  truncated: false,
  tail: '',
};

/** The command's end, as the keeper saw it; what the shell around it says is only that the box has gone. */
async function told(
  result: CommandResult,
  keeper: Control,
  { timedOut, cgroup, command }: { timedOut: boolean; cgroup: BoxCgroup; command: BoxCommand },
): Promise<BoxResult> {
  const { started, last } = keeper;
  if (!started && !timedOut && last?.kind !== 'disk')
    throw failure('SLIP-BOX-1', describeResult('making a box', result));
  const ended = { ...result, timedOut, exitCode: undefined };
  if (timedOut) return { ...ended, bound: `more than ${Math.round(command.limits.timeoutMs / 1000)} s` };
  if (last?.kind === 'disk') return { ...ended, bound: last.bound };
  const outOfMemory = (await cgroup.ranOutOfMemory())
    ? { bound: `more than ${command.limits.memoryBytes} bytes of memory` }
    : {};
  if (last?.kind !== 'ended') return { ...ended, ...outOfMemory };
  if (last.problem !== undefined) throw failure('SLIP-BOX-1', last.problem);
  return { ...ended, ...outOfMemory, exitCode: last.code };
}

interface Watching {
  range: UserRange;
  cgroup: BoxCgroup;
  writable: WritablePlace[];
  countMs: number;
}

function orderOf(command: BoxCommand, { range, cgroup, writable, countMs }: Watching): KeeperOrder {
  const { limits, network } = command;
  const proxy = `http://127.0.0.1:${doorPort}`;
  const outside = { http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, no_proxy: '' };
  return {
    program: command.program,
    args: command.args,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/tmp',
      LC_ALL: 'C.UTF-8',
      ...(network === 'outside' ? outside : {}),
      ...command.env,
    },
    cwd: command.cwd ?? '/tmp',
    asRoot: command.asRoot === true,
    ids: range.count,
    rlimits: {
      core: 0,
      nofile: openFiles,
      fsize: limits.diskBytes,
      nproc: limits.processes,
      // Of each process alone: all that can be had where there is no cgroup.
      ...(cgroup.missing.some((bound) => bound.startsWith('memory')) ? { data: limits.memoryBytes } : {}),
    },
    writable,
    countMs,
    diskBytes: limits.diskBytes,
    ...(network === 'outside' ? { door: { port: doorPort, connections: doorConnections } } : {}),
  };
}

const mostReserved = 10 * 1024 ** 3;

/** What it may write to, and what must stay free there. */
function placesOf({ directories }: BoxCommand, reserve: DiskReserve | undefined): Promise<WritablePlace[]> {
  const places = directories.filter(({ writable }) => writable);
  return Promise.all(places.map(async ({ from, at }) => ({ at, reserve: reserve ?? (await reserveOf(from)) })));
}

async function reserveOf(directory: string): Promise<DiskReserve> {
  const { blocks, bsize, files } = await statfs(directory);
  return { bytes: Math.min(Math.floor((blocks * bsize) / 20), mostReserved), entries: Math.floor(files / 20) };
}

function launchArguments({ command, range, work, cgroup }: Making, own: { node: string; keeper: string }): string[] {
  const { limits, directories } = command;
  const inMemory = Math.min(limits.memoryBytes, limits.diskBytes);
  const owner = command.asRoot ? 1 : 1001; // as the outer namespace counts: the command's root, or its user 1000
  return [
    ...[work, String(range.base), String(range.count), range.mapper, ...cgroup.procs, '--'],
    ...[join(work, 'root'), own.node, own.keeper, join(work, 'keep'), String(inMemory), String(owner)],
    ...directories.flatMap(({ from, at, writable }) => [writable ? 'rw' : 'ro', from, at]),
    '--',
  ];
}

async function ownFiles(): Promise<{ node: string; keeper: string }> {
  const keeper = fileURLToPath(import.meta.url).replace(/namespaces-box\.([jt]s)$/, 'keeper.$1');
  return { node: await realpath(process.execPath), keeper };
}

/** Of our own callers: what they give must be theirs to give, and cannot hide what the box is made of. */
function checkDirectories({ directories }: BoxCommand): void {
  for (const { from, at } of directories) {
    const fits = from.startsWith('/') && isPlain(at) && !isSystems(at) && !isBoxs(at);
    if (!fits) throw new Error(`${from} cannot be at ${at} in a box`);
  }
}

const isPlain = (path: string) => /^(\/[\w.-]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path);

async function probe(box: Box): Promise<BoxProbe> {
  const limits = { timeoutMs: 60_000, memoryBytes: 512e6, processes: 64, cpus: 1, diskBytes: 1e6 };
  try {
    const result = await box.run(
      { program: 'true', args: [], directories: [], network: 'outside', limits },
      { report: () => {}, signal: new AbortController().signal },
    );
    if (result.exitCode !== 0) return { works: false, why: describeResult('a first command', result) };
    const cgroup = await createCgroup(`slipway-box-${randomBytes(8).toString('hex')}`, limits);
    await cgroup.remove();
    return { works: true, name: 'Linux namespaces', missing: cgroup.missing };
  } catch (error) {
    return { works: false, why: (error as Error).message };
  }
}
