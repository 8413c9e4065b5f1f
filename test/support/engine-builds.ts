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
async function makeBuild(directory: string): Promise<{ entry: string }> {
  await mkdir(directory, { recursive: true });
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await appendFile(join(directory, 'workflows/messages.ts'), '\nexport const laterBuild = true;\n');
  return { entry: join(directory, 'workers/main.ts') };
}

/**
 * Starts workers of a newer build beside those of the world, as `docker compose up -d --build` and a rolling update do, and makes it
 * current. The world's own are ended by `world.engine.supervisor.stop()`: SIGTERM, and what does not drain is killed.
 */
export async function startNewerBuild(world: World): Promise<Supervisor> {
  const { entry } = await makeBuild(join(world.directory, 'newer-build'));
  return superviseWorkers({
    entry,
    roles: 'engine,build,environment:production',
    environment: { ...world.engine.environment, SLIPWAY_MAKE_CURRENT: 'true', TMPDIR: join(world.directory, 'tmp') },
    logFile: join(world.directory, 'newer-worker.log'),
    progress: () => {},
  });
}
