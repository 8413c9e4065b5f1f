import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument, visit } from 'yaml';
import { loadPipeline } from '../../pipeline/index.ts';
import { markBeyond } from '../../pipeline/work-bound.ts';
import { pipelineProblems, pipelineText, policyProblems, policyText } from './texts.ts';

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
    [
      'a list',
      '- service: shop\n',
      '1:1 the file must be keys and values, not a list | write each as a key, without `-`: `service: shop`',
    ],
    ['a text', 'service\n', '1:1 the file must be keys and values, not a text'],
  ])('is refused when it is not keys and values: %s', (_, text, says) => {
    expect(pipelineProblems(text)).toEqual([says]);
  });

  it.each([
    ['50 MB', 50 * 1024 * 1024],
    ['one byte over 256 KB', 256 * 1024 + 1],
  ])('is never parsed when it is too large: %s', (_, size) => {
    expect(pipelineProblems('['.repeat(size))).toEqual(['1:1 the file is larger than 256 KB']);
    expect(pipelineProblems(new Uint8Array(size).fill(0x5b))).toEqual(['1:1 the file is larger than 256 KB']);
  });

  it('may be larger where it is the operator who wrote it', () => {
    expect(policyProblems(`${policyText}${'# more services\n'.repeat(20_000)}`)).toEqual([]);
    expect(policyProblems(new Uint8Array(1024 * 1024 + 1).fill(0x5b))).toEqual(['1:1 the file is larger than 1024 KB']);
  });

  it('is measured in bytes, not in characters', () => {
    expect(pipelineProblems(`# ${'é'.repeat(140_000)}`)).toEqual(['1:1 the file is larger than 256 KB']);
  });

  it('is refused when its aliases multiply', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 12; n++)
      bomb.push(`a${n}: &a${n} [${Array.from({ length: 8 }, () => `*a${n - 1}`).join(', ')}]`);
    expect(pipelineProblems(bomb.join('\n'))).toEqual(['1:1 more than 100000 values, counted with aliases replaced']);
  });

  it.each([
    ['aliases', 'more than 100 aliases', `\na: &a x\nmore: [${Array(101).fill('*a').join(', ')}]\n`],
    [
      'values',
      'more than 100000 values',
      `\na: &a [${Array(1_200).fill('x').join(', ')}]\nmore: [${Array(99).fill('*a').join(', ')}]\n`,
    ],
    ['a key that is special', '`__proto__` cannot be a key', '\n__proto__: x\n'],
  ])('is refused for %s however many texts of it are wrong, and is not built', (_what, message, more) => {
    const texts = Array(150).fill('  - "\\u0001"').join('\n');
    const problems = pipelineProblems(`texts:\n${texts}${more}`);
    expect(problems).toHaveLength(100);
    expect(problems.filter((problem) => problem.includes(message))).toHaveLength(1);
    // What was built would be held against the schema, and told to have unknown keys.
    expect(problems.filter((problem) => problem.includes('unknown key'))).toEqual([]);
  });

  it('is refused when it has more than 100 aliases', () => {
    const text = ['a: &a 1', ...Array.from({ length: 101 }, (_, n) => `k${n}: *a`)].join('\n');
    expect(pipelineProblems(text)).toEqual(['102:7 more than 100 aliases']);
  });

  it('is refused when it is nested too deeply, whether or not the parser could still follow', () => {
    expect(pipelineProblems('['.repeat(50) + ']'.repeat(50))).toEqual(['1:42 nested more than 40 levels deep']);
    expect(pipelineProblems(Array.from({ length: 4 }, () => '['.repeat(2_400)).join('\n'))).toEqual([
      expect.stringMatching(/^1:\d+ nested too deeply to be read$/),
    ]);
  });

  it.each([
    ['brackets', Array.from({ length: 3 }, () => '['.repeat(3_990)).join('\n')],
    ['entries', `a: [${Array.from({ length: 60 }, () => '1,'.repeat(1_990)).join('\n ')}]`],
    [
      'keys on long lines',
      Array.from({ length: 50 }, (_, n) => `k${n}: {${'a: 1, '.repeat(600).slice(0, -2)}}`).join('\n'),
    ],
    ['keys on lines of their own', Array.from({ length: 19_000 }, (_, n) => `k${n}: 1`).join('\n')],
    ['needs', `components:\n  a:\n    needs:\n${'      - zzzz\n'.repeat(10_000)}`],
    ['dashes', Array.from({ length: 60 }, () => `${'- '.repeat(1_990)}x`).join('\n')],
    ['anchors', Array.from({ length: 9_000 }, (_, n) => `k${n}: &a${n} 1`).join('\n')],
    ['quotes', `a: '${Array.from({ length: 60 }, () => "''".repeat(1_900)).join('\n ')}'`],
    ['lines', `a: |\n${'  x\n'.repeat(20_000)}`],
    ['comments', '# x\n'.repeat(20_000)],
  ])('is never parsed when there is too much to build, whatever its size: %s without end', (_, text) => {
    expect(text.length).toBeLessThan(256 * 1024);
    expect(pipelineProblems(text)).toEqual([
      expect.stringMatching(/^\d+:\d+ more than 10000 values, brackets and lines$/),
    ]);
  });

  it('never makes the parser build more than two nodes for each mark that was counted', () => {
    const pieces = [
      'a: 1',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      ': ',
      '? ',
      '&a ',
      '*a',
      '!t ',
      '"',
      "'",
      '#',
      '\n',
      '  ',
      'x',
      '::',
      '|\n',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 60 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const document = parseDocument(source, { uniqueKeys: false, prettyErrors: false });
        let nodes = 0;
        visit(document, { Node: () => void (nodes += 1) });
        // A bound of as many marks as it has would have let it pass; one less would have refused it.
        const marks = Array.from({ length: source.length + 1 }, (_, n) => n).find(
          (maxMarks) => markBeyond(source, { maxBytes: Infinity, maxMarks }) === undefined,
        );
        expect(nodes).toBeLessThanOrEqual(2 * marks! + 2);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells at most 100 problems of what it is not refused for at once', () => {
    const problems = pipelineProblems(Array.from({ length: 4_000 }, (_, n) => `k${n}: 1`).join('\n'));
    expect(problems).toHaveLength(100);
  });

  it('is refused with a line of more than 4,000 characters', () => {
    expect(pipelineProblems(`service: shop\n# ${'x'.repeat(4_000)}`)).toEqual([
      '2:4001 a line of more than 4000 characters',
    ]);
  });
});
