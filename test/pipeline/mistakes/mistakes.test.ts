import { describe, expect, it } from '@jest/globals';
import { answersTo } from './answers.ts';
import { both } from './both.ts';
import { brackets } from './brackets.ts';
import { layout } from './layout.ts';
import { policy } from './policy.ts';
import { references } from './references.ts';
import { values } from './values.ts';

describe('two files that somebody wrote from the documentation alone', () => {
  it('are right as they stand', () => {
    expect(answersTo({})).toEqual([]);
  });
});

describe.each([
  ['the layout of lines', layout],
  ['brackets, quotes and signs', brackets],
  ['the form of values', values],
  ['names, and what refers to them', references],
  ['the policy file', policy],
  ['what both files say together', both],
])('one mistake is told once, at its place, with what belongs there where that can be known: %s', (_, mistakes) => {
  it.each(mistakes)('%s', (_what, edits, says) => {
    expect(answersTo(edits)).toEqual(says);
  });
});
