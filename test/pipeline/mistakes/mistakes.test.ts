import { describe, expect, it } from '@jest/globals';
import { answersTo, warningsAbout } from './answers.ts';
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
import { warned } from './warned.ts';

describe('two files that somebody wrote from the documentation alone', () => {
  it('are right as they stand', () => {
    expect([...answersTo({}), ...warningsAbout({})]).toEqual([]);
  });
});

describe.each([
  ['the layout of lines', layout],
  ['what was copied', copied],
  ['dashes before names', dashes],
  ['brackets, quotes and signs', brackets],
  ['the form of values', values],
  ['what is asked after a deployment', endpoints],
  ['names, and what refers to them', references],
  ['the policy file', policy],
  ['what both files say together', both],
  ['what cannot work, or should not be there', refused],
])('one mistake is told once, at its place, with what belongs there where that can be known: %s', (_, mistakes) => {
  it.each(mistakes)('%s', (_what, edits, says) => {
    expect(answersTo(edits)).toEqual(says);
  });
});

describe('what may be meant, and seldom is, is a warning', () => {
  it.each(warned)('%s', (_what, edits, says) => {
    expect(answersTo(edits)).toEqual([]);
    expect(warningsAbout(edits)).toEqual(says);
  });
});
