import { randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { superviseWorkers } from '../../lab/supervisor.ts';
import type { Supervisor } from '../../lab/supervisor.ts';
import { root } from '../docs/markdown.ts';
import type { World } from './world.ts';

const parts = [
  'domain',
  'pipeline',
  'workflows',
  'activities',
  'workers',
  'client',
  'temporal.config.ts',
  'package.json',
];

/** The engine as somebody has changed it since: the same tree, but for one constant in its workflow code, and so another build id. */
export async function makeNewerBuild(world: World): Promise<string> {
  const directory = join(world.directory, 'newer-build');
  await mkdir(directory, { recursive: true });
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await appendFile(join(directory, 'workflows/messages.ts'), '\nexport const laterBuild = true;\n');
  return join(directory, 'workers/main.ts');
}

export interface Beside {
  roles: string;
  entry?: string;
}

/**
 * Starts workers beside those of the world, of the same build where none is given. They make nothing current. Ended by `stop`, like the
 * world's own: SIGTERM, and what does not drain is killed.
 */
export async function startBeside(world: World, { roles, entry }: Beside): Promise<Supervisor> {
  return superviseWorkers({
    ...(entry !== undefined && { entry }),
    roles,
    environment: { ...world.engine.environment, TMPDIR: join(world.directory, 'tmp') },
    logFile: join(world.directory, `beside-${roles.split(',')[0]}-${randomUUID()}.log`),
    progress: () => {},
  });
}
