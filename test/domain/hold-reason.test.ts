import { describe, expect, it } from '@jest/globals';
import { hadChanged, holdReason } from '../../domain/hold-reason.ts';

const releaseId = `release/shop/production/${'a'.repeat(40)}/1`;
const thirty = Array.from({ length: 30 }, (_, n) => `core in region-${n}`);
const longNames = thirty.map((_, n) => `${'c'.repeat(60)}-${n} in ${'r'.repeat(60)}-${n}`);
const reasonOf = (summary: string, changed?: string[]) =>
  holdReason({ releaseId, outcome: 'halted', summary, ...(changed && { changed }) });

describe('the words of a hold', () => {
  it.each<[string, string[] | undefined, string]>([
    ['where it is not known', undefined, 'ended halted: de crashes'],
    ['nothing', [], 'ended halted: de crashes'],
    ['one place', ['core in de'], 'ended halted, after it had begun to change core in de: de crashes'],
    [
      'thirty',
      thirty,
      'ended halted, after it had begun to change core in region-0, core in region-1, core in region-2, core in region-3 and 26 more: de crashes',
    ],
    [
      'thirty of long names',
      longNames,
      `ended halted, after it had begun to change ${longNames[0]} and 29 more: de crashes`,
    ],
  ])('name what was changed before what the run says: %s', (_what, changed, words) => {
    expect(reasonOf('de crashes', changed)).toBe(`${releaseId} ${words}`);
  });

  it.each([thirty, longNames])(
    'keep the first words of the run, and what is to be done, of however much',
    (...changed) => {
      const reason = reasonOf(`de crashes: ${'and so on '.repeat(2_000)}: look at what it left behind`, changed);
      expect(reason).toMatch(/ more: de crashes: and so on .* … .*: look at what it left behind$/);
      expect(reason.length).toBeLessThanOrEqual(800);
    },
  );

  it('name once what a step has named that was refused for it', () => {
    const summary = `started again: ${releaseId} ${hadChanged(thirty)} before: look at what it left behind`;
    const reason = reasonOf(summary, thirty);
    expect(reason.split('core in region-0')).toHaveLength(2);
    expect(reason).toMatch(/had changed that before: look at what it left behind$/);
  });

  it('are text, wherever they are cut: what is on record is what its lane reads', () => {
    for (const before of ['', 'x', 'xx', 'xxx'])
      expect(reasonOf(before + '😀'.repeat(1_000)).isWellFormed()).toBe(true);
  });
});
