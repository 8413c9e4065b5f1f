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
  writable: readonly string[];
  diskBytes: number;
  /** The port of the box's loopback that leads to the worker's door. */
  door?: { port: number; connections: number };
}

/** What the keeper tells the worker. */
export type KeeperWord =
  { kind: 'started' } | { kind: 'disk' } | { kind: 'ended'; code?: number; signal?: string; problem?: string };
