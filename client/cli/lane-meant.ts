import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { dirname, join } from 'node:path';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Cli } from './cli.ts';
import { usageFailure } from './failures.ts';
import { branchHere } from './git.ts';
import { readSettings } from './own-settings.ts';
import { oneLine } from './safe-text.ts';

export interface LaneOptions {
  service?: string;
  environment?: string;
}

/** Options of every command that is about a lane, or about a release that may be named by it. */
export function withLane(command: Command): Command {
  return command
    .option('--service <name>', 'whose (default: by slipway.yaml here, or `slipway use`)')
    .option('--environment <name>', 'where (default: by `slipway use`, or the branch here)');
}

/** What is meant, and by what; absent where nobody says. */
export interface LaneMeant extends LaneOptions {
  /** Where what was not named on the command line comes from: `the service by slipway.yaml`. */
  by: string[];
  /** Those of slipway.yaml here, where none of them is meant. */
  environments?: string[];
}

/**
 * The service and environment that a command is about: as named; the service then by slipway.yaml here or above, or by `slipway use`; the
 * environment by `slipway use`, or by slipway.yaml: the only one that it has, or the one alone that it maps the branch to which is checked out.
 */
export async function laneMeant({ io }: Pick<Cli, 'io'>, named: LaneOptions): Promise<LaneMeant> {
  if (named.service && named.environment) return { service: named.service, environment: named.environment, by: [] };
  const [kept, here] = await Promise.all([readSettings(io), pipelineHere(io.cwd)]);
  const service = named.service ?? here?.service ?? kept.service;
  const ofFile = here && service === here.service ? await environmentHere(here, io.cwd) : undefined;
  // An environment is kept of a service.
  const ofKept = kept.service === undefined || kept.service === service ? kept.environment : undefined;
  const environment = named.environment ?? ofKept ?? ofFile?.name;
  const others = here && service === here.service && !environment ? Object.keys(here.environments) : [];
  return {
    ...(others.length > 0 && { environments: others }),
    ...(service !== undefined && { service }),
    ...(environment !== undefined && { environment }),
    by: [
      ...(named.service || !service ? [] : [`the service by ${here ? here.file : '`slipway use`'}`]),
      ...(named.environment || !environment ? [] : [`the environment by ${ofKept ? '`slipway use`' : ofFile?.by}`]),
    ],
  };
}

/** Both names. Throws a usage failure that says which is missing, and how to name it. */
export async function laneNamed(cli: Pick<Cli, 'io'>, named: LaneOptions): Promise<LaneKey & Pick<LaneMeant, 'by'>> {
  const { service, environment, by, environments = [] } = await laneMeant(cli, named);
  if (service && environment) return { service, environment, by };
  const missing = [...(service ? [] : ['--service']), ...(environment ? [] : ['--environment'])].join(' and ');
  const known = environments.length > 0 ? ` (here: ${oneLine(environments.join(', '))})` : '';
  throw usageFailure(
    'no lane is named',
    `Add ${missing}${known}, or keep them for all commands: slipway use SERVICE ENVIRONMENT. A slipway.yaml here names the service, and the branch its environment where it maps to one.`,
  );
}

/** Said before something is changed: what was not typed must be seen. */
export function meantInWords({ service, environment, by }: LaneKey & Pick<LaneMeant, 'by'>): string[] {
  return by.length === 0 ? [] : [`${service} → ${environment}: ${by.join(', ')}`];
}

interface PipelineHere {
  file: string;
  service: string;
  environments: Record<string, { branches: readonly string[]; regions: object }>;
}

/** The nearest slipway.yaml; one that is not valid names nothing. */
export async function pipelineHere(cwd: string): Promise<PipelineHere | undefined> {
  const name = 'slipway.yaml';
  for (let directory = cwd; ; directory = dirname(directory)) {
    const file = join(directory, name);
    const text = await readFile(file).catch(() => undefined);
    if (text) {
      const { loadPipeline } = await import('../../pipeline/index.ts');
      const loaded = loadPipeline(text, name);
      return loaded.ok ? { file: directory === cwd ? name : file, ...loaded.pipeline.content } : undefined;
    }
    if (directory === dirname(directory)) return undefined;
  }
}

async function environmentHere(
  { file, environments }: PipelineHere,
  cwd: string,
): Promise<{ name: string; by: string } | undefined> {
  const [only, ...others] = Object.keys(environments);
  if (only !== undefined && others.length === 0) return { name: only, by: `${file}, which has no other` };
  const branch = await branchHere(cwd);
  if (branch === undefined) return undefined;
  const { environmentsOf } = await import('../../pipeline/index.ts');
  const [found, ...more] = environmentsOf(environments, branch);
  return found !== undefined && more.length === 0 ? { name: found, by: 'the branch here' } : undefined;
}
