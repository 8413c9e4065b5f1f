import { describe, expect, it } from '@jest/globals';
import { parseBenchOptions } from '../bench/options.ts';
import type { BenchOptions } from '../bench/options.ts';

const defaults: BenchOptions = {
  rounds: 15,
  repeats: 3,
  clicks: 100,
  waiting: [1, 100, 1000],
  json: false,
  judge: true,
};

describe('the options of the benchmark', () => {
  it.each<[string[], Partial<BenchOptions>]>([
    [[], {}],
    [['--rounds', '5', '--repeats=1'], { rounds: 5, repeats: 1 }],
    [['--clicks', '7'], { clicks: 7 }],
    [['--waiting', '1,10'], { waiting: [1, 10] }],
    [['--json', '--no-budgets'], { json: true, judge: false }],
  ])('are understood: %j', (argv, expected) => {
    expect(parseBenchOptions(argv)).toEqual({ kind: 'run', options: { ...defaults, ...expected } });
  });

  it.each<[string[], RegExp]>([
    [['--frobnicate'], /unknown option '--frobnicate'/],
    [['now'], /too many arguments/],
    [['--rounds'], /argument missing/],
    [['--rounds', '0'], /'0' is invalid.*from 1 to 9999/],
    [['--waiting', '10,1'], /must ascend/],
    [['--waiting', '1,'], /from 1 to 9999/],
  ])('are refused with a reason on one line and a next step: %j', (argv, reason) => {
    const parsed = parseBenchOptions(argv);
    const next = expect.stringContaining('--help');
    expect(parsed).toMatchObject({ kind: 'refused', message: expect.stringMatching(reason), next });
    expect(parsed).not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  it('are all in the help, with the exit codes', () => {
    const parsed = parseBenchOptions(['--help']);
    if (parsed.kind !== 'help') throw new Error(`that was ${parsed.kind}`);
    for (const word of ['--rounds', '--repeats', '--clicks', '--waiting', '--json', '--no-budgets', 'Exit codes'])
      expect(parsed.text).toContain(word);
  });
});
