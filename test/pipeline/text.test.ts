import { describe, expect, it } from '@jest/globals';
import { loadPipeline } from '../../pipeline/index.ts';
import { pipelineProblems, pipelineText } from './texts.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the text of a file', () => {
  it('may begin with a byte order mark and end its lines with CRLF, and lines count the same', () => {
    expect(pipelineProblems(`\uFEFF${pipelineText}`)).toEqual([]);
    expect(pipelineProblems(bytes(`\uFEFF${pipelineText}`))).toEqual([]);
    const windows = pipelineText.replaceAll('\n', '\r\n');
    expect(pipelineProblems(windows)).toEqual([]);
    expect(pipelineProblems(windows.replace('service: shop', 'service: Shop'))[0]).toMatch(/^1:10 /);
    expect(pipelineProblems(`\uFEFF${pipelineText.replace('service: shop', 'service: Shop')}`)[0]).toMatch(/^1:10 /);
  });

  it('is hashed exactly as it was read', () => {
    const hash = (source: string | Uint8Array): string | undefined => {
      const loaded = loadPipeline(source, 'slipway.yaml');
      return loaded.ok ? loaded.pipeline.hash : undefined;
    };
    expect(hash(pipelineText)).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(bytes(pipelineText))).toBe(hash(pipelineText));
    expect(hash(`${pipelineText}\n`)).not.toBe(hash(pipelineText));
    expect(hash(`\uFEFF${pipelineText}`)).not.toBe(hash(pipelineText));
  });

  it('is refused where it is not UTF-8', () => {
    const latin1 = Uint8Array.from([...bytes('service: shop\n# caf'), 0xe9, 0x0a]);
    expect(pipelineProblems(latin1)).toEqual(['2:6 the file is not UTF-8 text | save it as UTF-8']);
    const utf16 = Uint8Array.from(Buffer.from(`\uFEFF${pipelineText}`, 'utf16le'));
    expect(pipelineProblems(utf16)).toEqual(['1:1 the file is not UTF-8 text | save it as UTF-8']);
  });

  it.each([
    ['nothing', ''],
    ['blank lines', '\n\n'],
    ['a comment', '# later\n'],
    ['only a byte order mark', '\uFEFF'],
  ])('is refused when there is nothing in it: %s', (_, text) => {
    expect(pipelineProblems(text)).toEqual(['1:1 the file is empty']);
  });

  it.each([
    ['a list', '- service: shop\n', '1:1 the file must be keys and values, not a list'],
    ['a text', 'service\n', '1:1 the file must be keys and values, not a text'],
  ])('is refused when it is not keys and values: %s', (_, text, says) => {
    expect(pipelineProblems(text)).toEqual([says]);
  });

  it.each([
    ['50 MB', 50 * 1024 * 1024],
    ['one byte over 1 MB', 1024 * 1024 + 1],
  ])('is never parsed when it is too large: %s', (_, size) => {
    const started = performance.now();
    expect(pipelineProblems('['.repeat(size))).toEqual(['1:1 the file is larger than 1 MB']);
    expect(pipelineProblems(new Uint8Array(size).fill(0x5b))).toEqual(['1:1 the file is larger than 1 MB']);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is measured in bytes, not in characters', () => {
    expect(pipelineProblems(`# ${'é'.repeat(600_000)}`)).toEqual(['1:1 the file is larger than 1 MB']);
  });

  it('is refused when its aliases multiply', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 12; n++)
      bomb.push(`a${n}: &a${n} [${Array.from({ length: 8 }, () => `*a${n - 1}`).join(', ')}]`);
    expect(pipelineProblems(bomb.join('\n'))).toEqual(['1:1 more than 100000 values, counted with aliases replaced']);
  });

  it('is refused when it has more than 100 aliases', () => {
    const text = ['a: &a 1', ...Array.from({ length: 101 }, (_, n) => `k${n}: *a`)].join('\n');
    expect(pipelineProblems(text)).toEqual(['102:7 more than 100 aliases']);
  });

  it('is refused when it is nested too deeply, whether or not the parser could still follow', () => {
    expect(pipelineProblems('['.repeat(50) + ']'.repeat(50))).toEqual(['1:42 nested more than 40 levels deep']);
    expect(pipelineProblems(Array.from({ length: 5 }, () => '['.repeat(3_990)).join('\n'))).toEqual([
      expect.stringMatching(/^1:\d+ nested too deeply to be read$/),
    ]);
    expect(pipelineProblems(Array.from({ length: 6 }, () => '['.repeat(3_990)).join('\n'))).toEqual([
      '1:1 more than 20000 brackets',
    ]);
  });

  it.each([
    [
      '80,000 keys on long lines',
      Array.from(
        { length: 400 },
        (_, n) => `k${n}: {${Array.from({ length: 190 }, (_, m) => `k${m}: 1`).join(', ')}}`,
      ).join('\n'),
    ],
    ['as many keys as lines are allowed', Array.from({ length: 19_000 }, (_, n) => `k${n}: 1`).join('\n')],
    ['needs without end', `components:\n  a:\n    needs:\n${'      - zzzz\n'.repeat(19_000)}`],
    [
      'components without end',
      `components:\n${Array.from({ length: 9_000 }, (_, n) => `  c${n}:\n    needs: [c${n + 1}]`).join('\n')}`,
    ],
  ])('takes seconds at most to refuse, and at most 100 problems are told: %s', (_, text) => {
    const started = performance.now();
    const problems = pipelineProblems(text);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });

  it('is refused with more than 20,000 lines or a line of more than 4,000 characters', () => {
    expect(pipelineProblems('\n'.repeat(20_001))).toEqual(['20001:1 more than 20000 lines']);
    expect(pipelineProblems(`service: shop\n# ${'x'.repeat(4_000)}`)).toEqual([
      '2:4001 a line of more than 4000 characters',
    ]);
  });
});
