import { fileURLToPath } from 'node:url';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';

/** Compose for one project: `docker compose` (version 2) or `docker-compose` (version 1), whichever is here. */
export interface Compose {
  run(args: readonly string[], limits: { timeoutMs: number; progress?: Progress }): Promise<CommandResult>;
  /** The docker client, against the same daemon. */
  docker(args: readonly string[]): Promise<CommandResult>;
}

export interface ComposeProject {
  project: string;
  file: string;
  directory: string;
  /** Variables that the compose file may use. */
  env: Record<string, string>;
  /** As DOCKER_HOST would name the daemon. */
  dockerHost: string | undefined;
}

type Prefix = { program: string; args: readonly string[] };
const versions: readonly Prefix[] = [
  { program: 'docker', args: ['compose'] },
  { program: 'docker-compose', args: [] },
];
const shortTimeoutMs = 60_000;

/** Instead of a `.env` of the repository, which would choose the daemon, and how paths are understood. Compose wants a file. */
const apartFromDotEnv = ['--env-file', fileURLToPath(new URL('./nothing.env', import.meta.url))];

/** Throws SLIP-TEST-2 when neither version is on this machine. */
export async function openCompose(project: ComposeProject): Promise<Compose> {
  const env = { ...project.env, ...(project.dockerHost === undefined ? {} : { DOCKER_HOST: project.dockerHost }) };
  const { program, args: prefix } = await findVersion(env);
  return {
    run: (args, limits) =>
      runCommand({
        program,
        args: [...prefix, ...apartFromDotEnv, '--project-name', project.project, '--file', project.file, ...args],
        cwd: project.directory,
        env,
        ...limits,
      }),
    docker: (args) => runCommand({ program: 'docker', args, env, timeoutMs: shortTimeoutMs }),
  };
}

async function findVersion(env: Record<string, string>): Promise<Prefix> {
  const said: string[] = [];
  for (const version of versions) {
    const answer = await runCommand({
      program: version.program,
      args: [...version.args, 'version', '--short'],
      env,
      timeoutMs: shortTimeoutMs,
    });
    if (answer.exitCode === 0) return version;
    said.push(
      describeResult([version.program, ...version.args].join(' '), answer)
        .split('\n')
        .slice(0, 2)
        .join(' '),
    );
  }
  throw failure('SLIP-TEST-2', `Docker Compose is not here: ${said.join('; ')}`);
}
