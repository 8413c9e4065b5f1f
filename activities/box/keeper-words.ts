/** What the worker tells the keeper of a box, as one line of JSON. */
export interface KeeperOrder {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
  asRoot: boolean;
  /** How many ids the command's namespace has. */
  ids: number;
  rlimits: Record<string, number>;
  writable: readonly WritablePlace[];
  /** In all of them together. */
  diskBytes: number;
  /** Longer may no count of what is there take. */
  countMs: number;
  /** The port of the box's loopback that leads to the worker's door. */
  door?: { port: number; connections: number };
}

export interface WritablePlace {
  at: string;
  /** When its disk has less left, whoever took it, the box ends. */
  reserve: DiskReserve;
}

/** What a disk of this machine keeps for others than boxes. */
export interface DiskReserve {
  bytes: number;
  /** Names and files that can still be made. */
  entries: number;
}

/** What the keeper tells the worker. */
export type KeeperWord =
  | { kind: 'started' }
  | { kind: 'disk'; bound: string }
  | { kind: 'ended'; code?: number; signal?: string; problem?: string };
