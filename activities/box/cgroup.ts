import { access, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BoxLimits } from './port.ts';

/** The bounds of one box that the kernel keeps for all its processes together. */
export interface BoxCgroup {
  /** Files to which the box's first process writes itself. */
  procs: string[];
  /** Bounds that could not be set here, in words. */
  missing: string[];
  /** Whether processes were killed because memory ran out. */
  ranOutOfMemory(): Promise<boolean>;
  /** Ends whatever is still in it, and takes it away. */
  remove(): Promise<void>;
}

/** Where this process is, as the kernel tells it; a test gives a tree of its own. */
export interface CgroupPlace {
  /** `/proc/self/cgroup`. */
  self: string;
  /** `/proc/self/mountinfo`. */
  mounts: string;
}

const bounds = ['memory', 'pids', 'cpu'] as const;
type Bound = (typeof bounds)[number];
const words: Record<Bound, string> = {
  memory: 'memory of all processes together',
  pids: 'number of processes by cgroup',
  cpu: 'share of the CPU',
};
const periodUs = 100_000;

/** Makes a cgroup beneath this process's own. What is not there, or not writable, is `missing`. */
export async function createCgroup(name: string, limits: BoxLimits, place?: CgroupPlace): Promise<BoxCgroup> {
  const { self, mounts } = place ?? {
    self: await readFile('/proc/self/cgroup', 'utf8').catch(() => ''),
    mounts: await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''),
  };
  const made: string[] = [];
  const missing: string[] = [];
  for (const bound of bounds) {
    const directory = await firstThat(
      [...oldCandidates(bound, self, mounts), ...newCandidates(self, mounts)],
      (parent) => setBound(join(parent, name), bound, limits, made),
    );
    if (directory === undefined) missing.push(words[bound]);
  }
  return {
    procs: made.map((directory) => join(directory, 'cgroup.procs')),
    missing,
    async ranOutOfMemory() {
      for (const directory of made) {
        for (const file of ['memory.events', 'memory.oom_control']) {
          const text = await readFile(join(directory, file), 'utf8').catch(() => '');
          if (/^oom_kill [1-9]/m.test(text)) return true;
        }
      }
      return false;
    },
    async remove() {
      for (const directory of made) await removeCgroup(directory);
    },
  };
}

async function setBound(directory: string, bound: Bound, limits: BoxLimits, made: string[]): Promise<boolean> {
  try {
    // Version 2 has a controller only where the directory above gives it on.
    await writeFile(join(dirname(directory), 'cgroup.subtree_control'), `+${bound}`, { flag: 'r+' }).catch(() => {});
    const isNew = !made.includes(directory);
    if (isNew) await mkdir(directory);
    if (isNew) made.push(directory);
    for (const [file, value, isNeeded] of settings(bound, limits)) {
      const path = join(directory, file);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (isThere) await writeFile(path, value, { flag: 'r+' });
      else if (isNeeded && !(await hasOther(directory, bound))) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** Both versions' files; those of the other version are not there. */
function settings(bound: Bound, limits: BoxLimits): [file: string, value: string, isNeeded: boolean][] {
  const memory = String(limits.memoryBytes);
  const quota = String(Math.max(1_000, Math.round(limits.cpus * periodUs)));
  switch (bound) {
    case 'memory':
      return [
        ['memory.limit_in_bytes', memory, true],
        ['memory.memsw.limit_in_bytes', memory, false],
        ['memory.max', memory, true],
        ['memory.swap.max', '0', false],
      ];
    case 'pids':
      return [['pids.max', String(limits.processes), true]];
    case 'cpu':
      return [
        ['cpu.cfs_period_us', String(periodUs), false],
        ['cpu.cfs_quota_us', quota, true],
        ['cpu.max', `${quota} ${periodUs}`, true],
      ];
  }
}

async function hasOther(directory: string, bound: Bound): Promise<boolean> {
  const files = { memory: ['memory.limit_in_bytes', 'memory.max'], pids: [], cpu: ['cpu.cfs_quota_us', 'cpu.max'] }[
    bound
  ];
  for (const file of files) {
    if (
      await readFile(join(directory, file)).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

/** Version 1: a tree for each controller. In a container the tree that is mounted begins at this process's own place. */
function oldCandidates(bound: Bound, self: string, mounts: string): string[] {
  const own = self.split('\n').find((line) => line.split(':')[1]?.split(',').includes(bound));
  const mount = mounts.split('\n').find((line) => {
    const [before = '', after = ''] = line.split(' - ');
    return after.startsWith('cgroup ') && after.split(' ').at(-1)!.split(',').includes(bound) && before !== '';
  });
  const point = mount?.split(' ')[4];
  if (own === undefined || point === undefined) return [];
  return [join(point, own.split(':').slice(2).join(':')), point];
}

/** Version 2: this process's own, if it is empty, or the one above, as `Delegate=` with `DelegateSubgroup=` gives it. */
function newCandidates(self: string, mounts: string): string[] {
  const own = self.split('\n').find((line) => line.startsWith('0::'));
  const point = mounts
    .split('\n')
    .find((line) => line.includes(' - cgroup2 '))
    ?.split(' ')[4];
  if (own === undefined || point === undefined) return [];
  const path = join(point, own.slice('0::'.length));
  return path === point ? [path] : [path, dirname(path)];
}

async function firstThat(
  candidates: string[],
  works: (candidate: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const candidate of candidates) if (await works(candidate)) return candidate;
  return undefined;
}

const patience = 100;

async function removeCgroup(directory: string): Promise<void> {
  for (let tries = 0; tries < patience; tries += 1) {
    await writeFile(join(directory, 'cgroup.kill'), '1', { flag: 'r+' }).catch(() => {});
    const left = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of left.split('\n').filter(Boolean)) endProcess(Number(pid));
    const gone = await rmdir(directory).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'EBUSY',
    );
    if (gone) return;
    await new Promise((next) => setTimeout(next, 20)); // a killed process leaves a moment later
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}
