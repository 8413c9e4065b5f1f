import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, runCommand, type Command, type CommandResult } from '../shared/run-command.ts';
import type { ProjectRun } from './compose-project.ts';
import { environmentOf } from './docker-command.ts';

/** Compose for one project: `docker compose` (version 2) or `docker-compose` (version 1), whichever is here. */
export interface Compose {
  /** What a compose file of the checkout comes to: everything taken in, paths absolute, variables filled in. */
  resolve(file: string, limits: Limits): Promise<CommandResult>;
  /** Works with `composeFileOf(home)`, and reads no other: the tests may have written to all that is theirs. */
  run(args: readonly string[], limits: Limits): Promise<CommandResult>;
}

interface Limits {
  timeoutMs: number;
  progress?: Progress;
}

export interface ComposeProject extends ProjectRun {
  /** A directory of ours, which no container sees. */
  home: string;
  /** Variables that the compose file may use. */
  env: Record<string, string>;
  dockerHost: string | undefined;
}

export const composeFileOf = (home: string): string => join(home, 'compose.yaml');

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
  const env = { ...project.env, ...environmentOf(project.dockerHost) };
  const { program, args: prefix } = await findVersion(env);
  // Never in the checkout: what a program looks for where it is would be what strangers wrote.
  const cwd = project.home;
  const run = (file: string, args: readonly string[], limits: Limits & Pick<Command, 'outputIsBytes'>) =>
    runCommand({
      program,
      args: [...prefix, ...apartFromDotEnv, '--project-name', project.name, '--file', file, ...args],
      ...{ cwd, env, ...limits, ...hiding(project, limits) },
    });
  return {
    resolve: (file, limits) => run(file, ['config'], { ...limits, outputIsBytes: true }),
    run: (args, limits) => run(composeFileOf(project.home), args, limits),
  };
}

/** What is told while tests run says the project without what is added to it: whoever knew that could make what is taken for theirs. */
const hiding = ({ project, name }: ProjectRun, { progress }: Limits): Pick<Limits, 'progress'> =>
  progress === undefined
    ? {}
    : { progress: { ...progress, report: (line) => progress.report(line.replaceAll(name, project)) } };

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
