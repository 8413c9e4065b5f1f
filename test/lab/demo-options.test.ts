import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomes } from '../../domain/outcomes.ts';
import { parseDemoOptions } from '../../lab/demo/options.ts';
import type { DemoOptions } from '../../lab/demo/options.ts';

const none: DemoOptions = { yes: false, json: false, keep: false, kubernetes: false, scan: false, slack: false };

describe('the options of the demo', () => {
  it.each<[string[], Partial<DemoOptions>]>([
    [[], {}],
    [['--yes'], { yes: true }],
    [['--yes', '--fail', 'nl'], { yes: true, fail: 'nl' }],
    [['--fail=nl', '--json'], { fail: 'nl', json: true }],
    [['--keep', '--scan'], { keep: true, scan: true }],
    [['--kubernetes'], { kubernetes: true }],
    [['--kubernetes', '--context', 'kind-a, kind-b'], { kubernetes: true, contexts: ['kind-a', 'kind-b'] }],
  ])('are understood: %j', (argv, expected) => {
    expect(parseDemoOptions(argv)).toEqual({ kind: 'run', options: { ...none, ...expected } });
  });

  it.each<[string[], RegExp]>([
    [['--frobnicate'], /unknown option '--frobnicate'/],
    [['--yess'], /Did you mean --yes/],
    [['now'], /too many arguments/],
    [['--fail'], /argument missing/],
    [['--fail', 'de'], /Allowed choices are nl/],
    [['--context', 'a,b'], /--context needs --kubernetes/],
    [['--kubernetes', '--context', 'a'], /two different contexts/],
    [['--kubernetes', '--context', 'a,a'], /two different contexts/],
    [['--kubernetes', '--context', 'a,b,c'], /two different contexts/],
    [['--kubernetes', '--context', ','], /two different contexts/],
  ])('are refused with a reason on one line and a next step: %j', (argv, reason) => {
    const parsed = parseDemoOptions(argv);
    expect(parsed).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(reason),
      next: expect.stringContaining('--help'),
    });
    expect(parsed).not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  it('are all in the help, with the exit codes', () => {
    const parsed = parseDemoOptions(['--yes', '--help']);
    if (parsed.kind !== 'help') throw new Error(`that was ${parsed.kind}`);
    for (const word of [
      '--yes',
      '--fail',
      '--keep',
      '--json',
      '--scan',
      '--kubernetes',
      '--context',
      'Exit codes',
      '130',
    ]) {
      expect(parsed.text).toContain(word);
    }
  });

  it('name every exit code that a release has for another end, in the help as in docs/lab.md', () => {
    const parsed = parseDemoOptions(['--help']);
    if (parsed.kind !== 'help') throw new Error(`that was ${parsed.kind}`);
    const ends = Object.values(outcomes).map(({ exitCode }) => exitCode);
    const others = ends.filter((code) => code > 1).sort((a, b) => a - b);
    const page = readFileSync(join(import.meta.dirname, '../../docs/lab.md'), 'utf8');
    for (const text of [parsed.text, page]) {
      const [, from, to] = /(\d+)…(\d+)[ |]+how the release ended instead/.exec(text)!;
      const named = Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => Number(from) + n);
      expect(named).toEqual(others);
    }
  });
});
