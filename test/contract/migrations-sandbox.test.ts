import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aSandboxWorld } from './kubernetes-sandbox-world.ts';
import { describeMigrations } from './migrations.suite.ts';

const setUp = async () => {
  const world = await aSandboxWorld({ runJob });
  return {
    ...world,
    jobs: createMigrationJobs({ clusters: world.clusters }),
    commands: { succeeds: ['succeed'], fails: ['fail'], sleeps: ['sleep'], tellsOptions: ['options'], chats: ['chat'] },
    loseNextReply: () => world.region.faults.loseNextReply({ kind: 'Job', verb: 'create' }),
  };
};
describeMigrations('a simulated region', setUp, { forgotten: '1' });

async function runJob({ command, env, signal }: SandboxJob): Promise<JobResult> {
  switch (command[0]) {
    case 'succeed':
      return { exitCode: 0, log: `colour=${env['COLOUR']}\ndone\n` };
    case 'fail':
      return { exitCode: 3, log: 'boom\nDB_PASSWORD=geheim\n' };
    case 'options':
      return { exitCode: 0, log: `options=${env['PGOPTIONS']}\n` };
    case 'chat':
      return { exitCode: 0, log: Array.from({ length: 2_000 }, (_, n) => `line ${n + 1}\n`).join('') };
    default:
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ exitCode: 143, log: '' })));
  }
}
