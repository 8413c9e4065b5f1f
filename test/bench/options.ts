import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseOwn } from '../../lab/own-command.ts';
import type { Parsed } from '../../lab/own-command.ts';

export interface BenchOptions {
  rounds: number;
  repeats: number;
  /** Approvals that are given in Slack. */
  clicks: number;
  /** Ascending. */
  waiting: number[];
  json: boolean;
  /** A missed budget is a failure. */
  judge: boolean;
}

const more = `
Exit codes:
  0    measured, and every budget is met
  1    a budget is missed, or it could not be measured
  2    the command line is not right`;

interface Given {
  rounds: number;
  repeats: number;
  clicks: number;
  waiting: number[];
  json?: true;
  budgets: boolean;
}

/** What stands after `npm run bench --`. Never throws. */
export function parseBenchOptions(argv: readonly string[], columns = 100): Parsed<BenchOptions> {
  return parseOwn({ name: 'bench', describe, read }, argv, columns);
}

function read(command: Command): Parsed<BenchOptions> {
  const { rounds, repeats, clicks, waiting, json = false, budgets } = command.opts<Given>();
  return { kind: 'run', options: { rounds, repeats, clicks, waiting, json, judge: budgets } };
}

function describe(command: Command): Command {
  return command
    .description('Measures releases on this machine: what the engine costs beside a script and a minimal workflow.')
    .option('--rounds <n>', 'how often script, minimal workflow and engine release, one after the other', count, 15)
    .option('--repeats <n>', 'how often a broken release is rolled back, and the worker killed', count, 3)
    .option('--clicks <n>', 'how many releases wait when approvals in Slack are measured, and are given', count, 100)
    .addOption(waiting)
    .option('--json', 'one line of figures instead of the table')
    .option('--no-budgets', 'exit 0 even when a budget is missed')
    .addHelpText('after', more);
}

const waiting = new Option('--waiting <n,n…>', 'how many releases wait for approval when memory is measured, ascending')
  .argParser(counts)
  .default([1, 100, 1000], '1,100,1000');

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is not a number from 1 to 9999.');
  return Number(text);
}

function counts(text: string): number[] {
  const numbers = text.split(',').map(count);
  if (numbers.some((n, i) => n <= (numbers[i - 1] ?? 0))) throw new InvalidArgumentError('They must ascend.');
  return numbers;
}
