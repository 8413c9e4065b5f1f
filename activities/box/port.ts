import type { Progress } from '../shared/progress.ts';
import type { CommandResult } from '../shared/run-command.ts';

/** A directory or file of this machine, and where it stands inside. Nothing else of this machine's is there, but programs and libraries. */
export interface BoxDirectory {
  from: string;
  at: string;
  /** `read-write`: it belongs to the box until the command has ended, with all that is in it. Absent: read-only. */
  writable?: true;
}

export interface BoxLimits {
  timeoutMs: number;
  memoryBytes: number;
  processes: number;
  /** Cores at once; 1.5 is one and a half. */
  cpus: number;
  /** In all writable directories together. */
  diskBytes: number;
}

/** A command of somebody who is not trusted. */
export interface BoxCommand {
  /** A name on the system's own path, or a path inside. */
  program: string;
  args: readonly string[];
  /** All that it gets, beside PATH, HOME, LC_ALL and where to find its door: nothing of the worker's own environment. */
  env?: Readonly<Record<string, string>>;
  /** Where it begins, inside. `/tmp` by default. */
  cwd?: string;
  directories: readonly BoxDirectory[];
  /** `outside`: the public network over HTTP and HTTPS, by a door that the worker keeps. */
  network: 'none' | 'outside';
  /** Hosts of the operator's own network that `outside` reaches too, as `host` or `host:port`: registries. */
  insideHosts?: readonly string[];
  /** For what needs users and mounts of its own, as an image builder does: root of nothing but the box. */
  asRoot?: true;
  limits: BoxLimits;
  /** At most this much of standard output is kept. 1 MB by default. */
  maxOutputBytes?: number;
}

export interface BoxResult extends CommandResult {
  /** What ended the command, if a bound did, in words. */
  bound?: string;
}

/** What holds on this machine. `missing` names bounds that cannot be set here. */
export type BoxProbe = { works: true; name: string; missing: readonly string[] } | { works: false; why: string };

/**
 * Runs what strangers wrote: it sees neither this machine's files, processes and network nor the worker's environment. Everything inside is
 * gone when the command has ended, or the worker. Throws SLIP-BOX-1 where the box cannot be made; a command that fails is an answer.
 */
export interface Box {
  run(command: BoxCommand, progress: Progress): Promise<BoxResult>;
  probe(): Promise<BoxProbe>;
}
