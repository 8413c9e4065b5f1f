import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '../../../pipeline/index.ts';
import { edited, problemsIn, said } from './answers.ts';
import type { Edits } from './answers.ts';
import { both } from './both.ts';
import { brackets } from './brackets.ts';
import { copied } from './copied.ts';
import { dashes } from './dashes.ts';
import { endpoints } from './endpoints.ts';
import { layout } from './layout.ts';
import { policy } from './policy.ts';
import { references } from './references.ts';
import { refused } from './refused.ts';
import { values } from './values.ts';

const tables = [
  ...layout,
  ...copied,
  ...dashes,
  ...brackets,
  ...values,
  ...endpoints,
  ...references,
  ...policy,
  ...both,
  ...refused,
];

const texts = ({ slipway, policy: rules }: Edits) => ({
  'slipway.yaml': edited('slipway', slipway),
  'policy.yaml': edited('policy', rules),
});

function corrected(text: string, { line, column, endColumn, correction }: Problem): string {
  const lines = text.split('\n');
  const wrong = lines[line - 1]!;
  lines[line - 1] = `${wrong.slice(0, column - 1)}${correction!}${wrong.slice(endColumn! - 1)}`;
  return lines.join('\n');
}

const offered = tables.flatMap(([what, edits]) => {
  const files = texts(edits);
  return problemsIn(files['slipway.yaml'], files['policy.yaml'])
    .filter(({ correction }) => correction !== undefined)
    .map((problem): [string, Edits, Problem] => [`${what}: ${problem.correction!}`, edits, problem]);
});

describe('a correction', () => {
  it.each(offered)('put where it belongs ends the problem: %s', (_, edits, problem) => {
    const files = texts(edits);
    const file = problem.file as keyof typeof files;
    const mended = { ...files, [file]: corrected(files[file], problem) };
    const left = problemsIn(mended['slipway.yaml'], mended['policy.yaml']);
    expect(left.map(({ path, message }) => ({ path, message }))).not.toContainEqual({
      path: problem.path,
      message: problem.message,
    });
  });
});

/** Phrases of the YAML parser and of the schema library. */
const foreign =
  /implicit|nested mapping|flow (map|seq)|collection|compact|scalar|token|expected|invalid|indicator|zod/i;

describe('the ends of lines', () => {
  it('change no answer', () => {
    const windows = (text: string) => text.replaceAll('\n', '\r\n');
    for (const [, edits, says] of tables) {
      const files = texts(edits);
      expect(problemsIn(windows(files['slipway.yaml']), windows(files['policy.yaml'])).map(said)).toEqual(says);
    }
  });
});

describe('whatever is typed', () => {
  it('is answered in our own words, and never with nothing where it cannot be read', () => {
    const good = edited('slipway');
    const typed = fc.constantFrom('[', ']', '{', '}', ':', ': ', ' ', '  ', '- ', "'", '"', '*', '&', '#', ' #', ',', '|', '\n', '\t', '@', '`', '%', '!', '\u00a0', '? ', '${{ x }}', '---\n'); // prettier-ignore
    const change = fc.tuple(fc.nat(good.length), fc.nat(3), typed);
    fc.assert(
      fc.property(change, ([at, gone, text]) => {
        const problems = problemsIn(good.slice(0, at) + text + good.slice(at + gone), edited('policy'));
        for (const { message, hint = '', line, column } of problems) {
          expect(message.replaceAll(/`[^`]*`/g, '')).not.toMatch(foreign);
          expect(hint.replaceAll(/`[^`]*`/g, '')).not.toMatch(foreign);
          expect(Math.min(line, column)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
