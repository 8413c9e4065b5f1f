import type { Command } from 'commander';
import type { CheckResult } from '../../../domain/check-result.ts';
import { runs, type Cli } from '../cli.ts';
import { foundProblems } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import { oneLine } from '../safe-text.ts';
import { begun, temporalFailure } from '../start-up.ts';

interface SetUpOptions {
  roles?: boolean;
  makeCurrent?: string;
  check?: boolean;
  printSql?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  slipway setup                        the Temporal and the records that the environment names; may be repeated at any time
  slipway setup --roles                the records as their owner: a database role for each kind of process
  slipway setup --make-current ab12    new releases begin on that version of the engine, and lanes move to it
  slipway setup --check                looks at all of that and changes nothing; exit code 1 where something is missing
  slipway setup --print-sql            for whoever may make roles and databases`;

export function registerSetup(program: Command, cli: Cli): void {
  program
    .command('setup')
    .description('prepare a Temporal namespace and the records for slipway')
    .option('--roles', 'prepare the records as their owner, with a database role for each kind of process')
    .option('--make-current <build-id>', 'make that version of the engine the current one')
    .option('--check', 'look, and change nothing')
    .option('--print-sql', 'print what PostgreSQL is to be told by whoever may, and do nothing else')
    .option('--json', 'one JSON document on stdout, for programs')
    .addHelpText('after', examples)
    .action(
      runs(cli, async (options: SetUpOptions) => {
        refuseTogether(options);
        if (options.printSql) return printSql(cli, options);
        const { records, temporal } = options.check ? looking(cli) : settingUp(cli, options);
        const first = await begun(records());
        const second = await asked(temporal()).catch((error: unknown) => {
          if (!options.json) tell(cli, first, options);
          throw error;
        });
        const third = options.check ? await begun(cli.parts.checkSlack(cli.io.env)) : [];
        return tell(cli, [...first, ...second, ...third], options);
      }),
    );
}

function refuseTogether({ check, printSql, roles, makeCurrent }: SetUpOptions): void {
  const alone = [...(check ? ['--check'] : []), ...(printSql ? ['--print-sql'] : [])];
  const changes = roles === true || makeCurrent !== undefined;
  if (alone.length === 0 || (alone.length === 1 && !changes)) return;
  throw usageFailure(`${alone[0]} changes nothing: it goes with no other option`, 'Say one of them.');
}

async function printSql(cli: Cli, { json }: SetUpOptions): Promise<number> {
  const sql = await cli.parts.recordsSql();
  if (json) cli.printJson('setup-sql', { sql });
  else cli.printAsIs(sql);
  return 0;
}

/** The records come first: what is new in Temporal is of use to processes that can open them. */
interface Work {
  records(): Promise<CheckResult[]>;
  temporal(): Promise<CheckResult[]>;
}

function settingUp({ parts, io: { env } }: Cli, { roles = false, makeCurrent }: SetUpOptions): Work {
  return {
    records: () => parts.setUpRecords(env, { roles }),
    temporal: () => parts.setUpTemporal(env, makeCurrent === undefined ? {} : { makeCurrent }),
  };
}

function looking({ parts, io: { env } }: Cli): Work {
  return { records: () => parts.checkRecords(env), temporal: () => parts.checkTemporal(env) };
}

/** What Temporal's client throws is told as something to correct. */
async function asked(work: Promise<CheckResult[]>): Promise<CheckResult[]> {
  return begun(work).catch((error: unknown) => {
    throw temporalFailure(error);
  });
}

function tell(cli: Cli, findings: readonly CheckResult[], { json }: SetUpOptions): number {
  const left = findings.filter(({ ok }) => !ok);
  const done = findings.filter(({ ok }) => ok).map(({ says }) => says);
  if (json) cli.printJson('setup', { done, left: left.map(({ says, next }) => ({ says, next })) });
  else cli.print(findings.flatMap((finding) => linesOf(finding, cli)));
  return left.length === 0 ? 0 : foundProblems;
}

function linesOf({ ok, says, next }: CheckResult, { colors }: Cli): string[] {
  if (ok) return [oneLine(says)];
  return [`${colors.red('left')} ${oneLine(says)}`, ...(next ? [`     next: ${oneLine(next)}`] : [])];
}
