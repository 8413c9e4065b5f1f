import { join } from 'node:path';
import { CannotStart } from '../domain/start-up.ts';
import type { StartProblem } from '../domain/start-up.ts';
import type { Policy } from '../pipeline/index.ts';
import { configProblems, readConfig, readSetUpConfig, readWhatIsRight, setUpProblems } from '../temporal.config.ts';
import type { ConfigProblem, SlipwayConfig } from '../temporal.config.ts';
import { policyInForce } from './policy-in-force.ts';

export type Env = Record<string, string | undefined>;

/** What checks go by: each by what is well of it, so that none waits for another to pass. */
export interface Starting {
  set: ReturnType<typeof readWhatIsRight>;
  /** Looked at once for all checks; rejects when there was never a valid one. Undefined where no file is named. */
  policy(): Promise<Policy> | undefined;
}

export type StartCheck = (starting: Starting) => Promise<StartProblem[]>;

/**
 * The configuration of a process that may begin. Everything is looked at, and all that is missing or wrong is told at once: throws
 * CannotStart. That Temporal or the database is away is nobody's mistake, and not looked at here.
 */
export async function checkedConfig(process: string, env: Env, checks: readonly StartCheck[]): Promise<SlipwayConfig> {
  await lookAt(process, readWhatIsRight(env), { variables: configProblems(env), checks });
  return readConfig(env);
}

/** The same for `slipway setup`, which needs less. */
export async function checkedSetUpConfig(env: Env, checks: readonly StartCheck[]) {
  await lookAt('slipway setup', readWhatIsRight(env), { variables: setUpProblems(env), checks });
  return readSetUpConfig(env);
}

interface Looking {
  variables: readonly ConfigProblem[];
  checks: readonly StartCheck[];
}

async function lookAt(process: string, set: Starting['set'], { variables, checks }: Looking): Promise<void> {
  let looking: Promise<Policy> | undefined;
  const starting: Starting = { set, policy: () => (looking ??= policyOf(set)) };
  const found = await Promise.all(checks.map((check) => check(starting)));
  const problems = [...variables.map(asProblem), ...found.flat()];
  if (problems.length > 0) throw new CannotStart(process, problems);
}

/** Does what the process would do: what that throws is the problem. */
export async function problemOf(work: () => unknown, next: string): Promise<StartProblem[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [{ says: error instanceof Error ? error.message : String(error), next }];
  }
}

function asProblem({ variable, says }: ConfigProblem): StartProblem {
  const next = 'Set it for this process; docs/configuration.md says what each variable is.';
  return { says: `${variable} ${says}`, next };
}

/** As the process will read it: a file that is broken stops nothing where an earlier text is kept. */
function policyOf({ SLIPWAY_POLICY_FILE: path, SLIPWAY_CACHE_DIR: cache }: Starting['set']) {
  if (path === undefined) return undefined;
  const copy = cache === undefined ? {} : { copyDirectory: join(cache, 'policy') };
  return policyInForce({ path, ...copy })
    .look()
    .then(({ policy }) => policy);
}
