import { createSmokeJobs } from '../../activities/smoke/job-smoke.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aSandboxWorld } from './kubernetes-sandbox-world.ts';
import { describeSmoke, reportText } from './smoke.suite.ts';

describeSmoke('a simulated region', async () => {
  const world = await aSandboxWorld({ runJob });
  return {
    ...world,
    smoke: createSmokeJobs({ clusters: world.clusters }),
    commands: { succeeds: ['succeed'], fails: ['fail'], sleeps: ['sleep'], reports: ['report'] },
    loseNextReply: () => world.region.faults.loseNextReply({ kind: 'Job', verb: 'create' }),
  };
});

async function runJob({ command, env, signal }: SandboxJob): Promise<JobResult> {
  switch (command[0]) {
    case 'succeed':
      return { exitCode: 0, log: `colour=${env['COLOUR']}\n` };
    case 'fail':
      return { exitCode: 3, log: 'boom\nDB_PASSWORD=geheim\n' };
    case 'report':
      return { exitCode: 1, log: `warming up\n${reportText}\nbye\n` };
    default:
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ exitCode: 143, log: '' })));
  }
}
