import { describe, expect, it } from '@jest/globals';
import { hadChanged, holdReason } from '../../domain/hold-reason.ts';
import { firstSentence } from '../../domain/whole-text.ts';

const releaseId = `release/shop/production/${'a'.repeat(40)}/1`;
const thirty = Array.from({ length: 30 }, (_, n) => `core in region-${n}`);
const longNames = thirty.map((_, n) => `${'c'.repeat(60)}-${n} in ${'r'.repeat(60)}-${n}`);
const reasonOf = (summary: string, changed?: string[]) =>
  holdReason({ releaseId, outcome: 'halted', summary, ...(changed && { changed }) });

describe('the words of a hold', () => {
  it.each<[string, string[] | undefined, string]>([
    ['where it is not known', undefined, ''],
    ['nothing', [], ''],
    ['one place', ['core in de'], '; it had begun to change core in de'],
    [
      'thirty',
      thirty,
      '; it had begun to change core in region-0, core in region-1, core in region-2, core in region-3 and 26 more',
    ],
    ['thirty of long names', longNames, `; it had begun to change ${longNames[0]} and 29 more`],
  ])('name the cause and what was changed in their first sentence: %s', (_what, changed, words) => {
    const reason = reasonOf('de crashes', changed);
    expect(reason).toBe(`de crashes${words}.\n${releaseId} ended halted.`);
    expect(firstSentence(reason)).toBe(`de crashes${words}`);
  });

  it('have what else the run says behind that, a sentence on each line', () => {
    expect(reasonOf('de crashes.\nde, nl are not back.', ['core in de']).split('\n')).toEqual([
      'de crashes; it had begun to change core in de.',
      `${releaseId} ended halted.`,
      'de, nl are not back.',
    ]);
  });

  it.each([thirty, longNames])(
    'keep the first words of the run, what was changed, and what is to be done, of however much',
    (...changed) => {
      const reason = reasonOf(`de crashes: ${'and so on '.repeat(2_000)}: look at what it left behind`, changed);
      expect(firstSentence(reason)).toMatch(/^de crashes: and so on .* … .*; it had begun to change .* more$/);
      expect(reason).toMatch(/\nde crashes: and so on .* … .*: look at what it left behind$/);
      expect(reason.length).toBeLessThanOrEqual(800);
    },
  );

  it('name once what a step has named that was refused for it', () => {
    const summary = `started again: ${releaseId} ${hadChanged(thirty)} before: look at what it left behind`;
    const reason = reasonOf(summary, thirty);
    expect(reason.split('core in region-0')).toHaveLength(2);
    expect(reason).toMatch(/had changed that before: look at what it left behind/);
  });

  it('are text, wherever they are cut: what is on record is what its lane reads', () => {
    for (const before of ['', 'x', 'xx', 'xxx'])
      expect(reasonOf(before + '😀'.repeat(1_000)).isWellFormed()).toBe(true);
  });
});
