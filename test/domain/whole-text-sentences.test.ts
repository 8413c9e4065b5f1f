import { describe, expect, it } from '@jest/globals';
import { firstSentence, inSentences, noteIn } from '../../domain/whole-text.ts';

describe('a text of several sentences', () => {
  it.each([
    [['one', 'two.'], 'one.\ntwo.'],
    [['is it?', 'cut …'], 'is it?\ncut …'],
    [[], ''],
  ])('has each on a line of its own: %j', (sentences, text) => {
    expect(inSentences(sentences)).toBe(text);
  });

  it.each([
    ['core crashes.\nde is not back.', 'core crashes'],
    ['look', 'look'],
    ['', ''],
    ['x'.repeat(500), `${'x'.repeat(400)}…`],
  ])('is told by its first where there is room for one: %j', (text, first) => {
    expect(firstSentence(text)).toBe(first);
  });

  it('stands beside a region by its first line', () => {
    expect(noteIn('core: crash\npanic: no database')).toBe('core: crash');
    expect(noteIn('x'.repeat(900))).toHaveLength(300);
  });
});
