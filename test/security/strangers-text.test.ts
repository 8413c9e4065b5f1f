import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { baseImages } from '../../domain/dockerfile.ts';
import { costOf, judged, leastCostOf, plainLook, unit } from './support/cost.ts';
import { loadPipeline } from '../../pipeline/index.ts';
import { readers, notStrangers } from './support/readers.ts';
import { hostileTexts } from './support/hostile-texts.ts';
import { literalsIn, sourceFacts } from './support/patterns.ts';

/** No text that strangers write stops a process: whatever reads it takes time that grows with its length, and no faster. */

const facts = sourceFacts();

describe('every pattern in the sources', () => {
  const patterns = new Map(facts.flatMap(({ file, patterns }) => patterns.map((one) => [String(one), { file, one }])));
  const length = 20_000;
  const end = '\u0001';

  it.each([...patterns.values()])('is done with 20 kB at once: $file $one', ({ one }) => {
    const all = new RegExp(one.source, one.flags.includes('g') ? one.flags : `${one.flags}g`);
    for (const { word, text } of hostileTexts(length, { more: literalsIn(one), end })) {
      // Measured: a tenth of a unit for the slowest. One that is quadratic takes many units.
      const { isSlow } = judged(
        () => text.replace(all, ''),
        (one) => one,
      );
      expect({ word, isSlow }).toEqual({ word, isSlow: false });
    }
  });
});

describe('every reader of what strangers write', () => {
  it('is known: whatever parses is in the table, or reads what the operator or the engine itself has written', () => {
    const parsing = facts.filter(({ parses }) => parses).map(({ file }) => file);
    const known = [...readers.flatMap(({ file }) => file), ...Object.keys(notStrangers)];
    expect(parsing.filter((file) => !known.includes(file))).toEqual([]);
  });

  it.each(readers)('takes time that grows with the text alone: $what', ({ read, most = 1_000_000 }) => {
    const [short, long] = [hostileTexts(most / 100), hostileTexts(most / 10)];
    for (const [n, { word }] of short.entries()) {
      let before = 0;
      for (const { text } of [short[n]!, long[n]!]) {
        // Ten times the text: ten times the work, and as much again for caches. Below a few units nothing is told from noise.
        const { cost, isSlow } = judged(
          () => read(text),
          (one) => 30 * before + 12 * one,
        );
        expect({ word, length: text.length, isSlow }).toEqual({ word, length: text.length, isSlow: false });
        before = cost;
      }
    }
  });

  it('takes no longer for each here-document of a line, however many stand on it', () => {
    const ofMany = (count: number) => `RUN ${'<<A '.repeat(count)}\n${'A\n'.repeat(count)}FROM a`;
    const [few, many] = [ofMany(9_000), ofMany(90_000)].map((text) => leastCostOf(() => baseImages(text, {})));
    expect(many).toBeLessThan(30 * few! + 12 * unit);
  });

  it.each([
    ['components', (names: string) => `components:\n${names}`, '  '],
    ['environments', (names: string) => `environments:\n${names}`, '  '],
    ['overrides', (names: string) => `environments:\n  dev:\n    overrides:\n${names}`, '      '],
    ['regions', (names: string) => `environments:\n  dev:\n    regions:\n${names}`, '      '],
    ['smoke', (names: string) => `smoke:\n${names}`, '  '],
  ])('takes no longer for each of many names that are written wrongly: %s', (_what, fileOf, indent) => {
    const ofMany = (count: number) => {
      const names = Array.from({ length: count }, (_name, n) => `${indent}X_${'X_'.repeat(20)}${n}_Yy:`);
      return `service: shop\n${fileOf(names.join('\n'))}\n`;
    };
    const few = leastCostOf(() => loadPipeline(ofMany(300), 'f'));
    const { isSlow } = judged(
      () => loadPipeline(ofMany(3_000), 'f'),
      (one) => 30 * few + 12 * one,
    );
    expect(isSlow).toBe(false);
  });

  it('lets the event loop go on between any two of them', async () => {
    const longest = async (work: () => unknown) => {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await setImmediate();
      costOf(work);
      await setImmediate();
      delay.disable();
      return delay.max / 1_000_000;
    };
    const plain: number[] = [];
    const hostile: { what: string; word: string; ms: number }[] = [];
    for (const [n, { what, read, most = 1_000_000 }] of readers.entries()) {
      plain.push(await longest(plainLook));
      // Each text by some of them: all by all take minutes, and are above.
      for (const { word, text } of hostileTexts(most).filter((_, m) => (n + m) % 10 === 0))
        hostile.push({ what, word, ms: await longest(() => read(text)) });
    }
    const worst = hostile.reduce((a, b) => (b.ms > a.ms ? b : a));
    // Measured: 5 times the plain look, on a machine with much other work.
    expect(worst.ms).toBeLessThan(50 * Math.max(...plain));
  });
});
