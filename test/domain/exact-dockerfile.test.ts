import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readExactly } from '../../domain/exact-dockerfile.ts';

const read = (text: string, args: Record<string, string> = {}) => {
  const found = readExactly(text, args);
  if ('problem' in found) throw new Error(found.problem);
  return { images: found.images, written: found.written((image) => `<${image}>`) };
};
const node = '<docker.io/library/node:24>';

describe('a Dockerfile that is read exactly', () => {
  it.each<[string, string, string]>([
    ['an image', 'from node:24', `FROM ${node}`],
    ['a stage', 'FROM node:24 as Build\nFROM BUILD', `FROM ${node} AS build\nFROM build`],
    [
      'a stage by its number',
      'FROM node:24\nFROM scratch\nCOPY --from=0 /a /a',
      `FROM ${node}\nFROM scratch\nCOPY --from=0 /a /a`,
    ],
    [
      'a number that is no stage yet',
      'FROM scratch\nCOPY --from=0 /a /a',
      'FROM scratch\nCOPY --from=<docker.io/library/0:latest> /a /a',
    ],
    ['a number in FROM, which is an image', 'FROM node:24\nFROM 0', `FROM ${node}\nFROM <docker.io/library/0:latest>`],
    [
      'its own stage, which is none',
      'FROM scratch AS a\nCOPY --from=a /x /x',
      'FROM scratch AS a\nCOPY --from=<docker.io/library/a:latest> /x /x',
    ],
    [
      'files of a stage',
      'FROM node:24 AS a\nFROM a\nCOPY --chown=1 --from=A /x /x',
      `FROM ${node} AS a\nFROM a\nCOPY --chown=1 --from=a /x /x`,
    ],
    [
      'files of an image',
      'FROM scratch\nCOPY --from=node:24 --link /x /x',
      `FROM scratch\nCOPY --from=${node} --link /x /x`,
    ],
    [
      'a mount of an image, whatever stands around it',
      'FROM scratch\nRUN --mount=type=cache,id=a,From=node:24,target=/x --mount=type=tmpfs,target=/t a',
      `FROM scratch\nRUN --mount=type=cache,id=a,from=${node},target=/x --mount=type=tmpfs,target=/t a`,
    ],
    ['a platform', 'FROM --platform=$BUILDPLATFORM node:24', `FROM --platform=$BUILDPLATFORM ${node}`],
    ['an argument', 'ARG TAG=24\nFROM node:${TAG}\nARG TAG', `ARG TAG=24\nFROM ${node}\nARG TAG`],
    ['a line that goes on', 'FROM \\\n  # a remark\n\n  node:24 \\  \n  AS \\\na', `FROM ${node} AS a`],
    ['words that go on without a space', 'FROM scratch\nRUN a\\\nb && \\\n  c', 'FROM scratch\nRUN ab &&   c'],
    ['another escape', '# escape=`\nFROM `\nnode:24\nWORKDIR C:\\', `# escape=\`\nFROM ${node}\nWORKDIR C:\\`],
    ['remarks of any kind', '# syntax=evil/frontend\n \t# \u00A0\u2028\nFROM scratch', 'FROM scratch'],
    ['the line ends of Windows', '\uFEFFFROM node:24\r\nRUN a \\\r\n  b\r\n', `FROM ${node}\nRUN a   b`],
    ['what a file ends with', 'FROM scratch\nRUN a \\', 'FROM scratch\nRUN a'],
    [
      'what only looks like one',
      'FROM scratch\nRUN echo FROM node:24 --from=x\nCMD ["--from=x"]',
      'FROM scratch\nRUN echo FROM node:24 --from=x\nCMD ["--from=x"]',
    ],
  ])('is written again with other names for its images: %s', (_what, text, written) => {
    expect(read(text).written).toBe(`${written}\n`);
  });

  it('takes what is given for an argument, before its default', () => {
    expect(read('ARG BASE=node\nFROM $BASE', { BASE: 'ghcr.io/acme/base:1' }).images).toEqual(['ghcr.io/acme/base:1']);
  });

  it('names each image once', () => {
    expect(read('FROM node:24\nFROM node:24\nCOPY --from=docker.io/library/node:24 a b').images).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['a variable that nobody has set', 'ARG B\nFROM $B'],
    ['a variable that only the builder knows', 'FROM node:$TARGETARCH'],
    ['a form of variable that is not read here', 'ARG X=a/b\nFROM ${X##*/}'],
    ['a variable in COPY', 'FROM scratch\nCOPY --from=$X a b'],
    ['a variable in a mount', 'FROM scratch\nRUN --mount=from=$X,target=/x a'],
    ['two images in one mount', 'FROM scratch\nRUN --mount=from=a,target=/x,FROM=b a'],
    ['a quoted name', 'FROM "node:24"'],
    ['an escaped name', 'FROM no\\de:24'],
    ['a name with a scheme', 'FROM docker-image://node:24'],
    ['a name in large letters', 'FROM registry.test/Payments/api:1'],
    ['words after the image', 'FROM node:24 evil'],
    ['words after the stage', 'FROM node:24 AS a b'],
    ['a stage that could be an image', 'FROM node:24 AS a/b'],
    ['a stage that is called scratch', 'FROM node:24 AS scratch'],
    ['nothing behind FROM', 'FROM'],
    ['a quoted flag', 'FROM scratch\nCOPY "--from"=x a b\nCOPY --f"ro"m=x a b'],
    ['an escaped flag', 'FROM scratch\nCOPY --\\from=x a b'],
    ['a quoted mount', 'FROM scratch\nRUN --mount=type=bind,"from=x",target=/x a'],
    ['the end of flags', 'FROM scratch\nCOPY -- --from=x a b'],
    ['a flag of another instruction', 'FROM scratch\nADD --from=x a b'],
    ['a flag that nobody knows', 'FROM scratch\nRUN --device=x a'],
    ['rights of the machine', 'FROM scratch\nRUN --security=insecure a'],
    ['the network of the machine', 'FROM scratch\nRUN --network=host a'],
    ['the network of the machine by a variable', 'FROM scratch\nRUN --network=$N a'],
    ['a text that one builder reads as instructions', 'FROM scratch\nRUN <<EOF\nFROM evil\nEOF'],
    ['such a text in COPY', 'FROM scratch\nCOPY <<A /x\nA'],
    ['an instruction in disguise', 'FROM scratch\nONBUILD COPY --from=x a b'],
    ['an instruction that nobody knows', 'FROM scratch\nINCLUDE x'],
    ['a space that is none to all', 'FROM scratch\nCOPY \u00A0--from=x a b'],
    ['a line that goes on for some', 'FROM scratch\nRUN a \\\u00A0\nFROM evil'],
    ['a line break that is none to all', 'FROM scratch\rFROM evil'],
    ['one of Unicode', 'FROM scratch\u2028FROM evil'],
    ['a form feed', 'FROM scratch\nCOPY\f--from=x a b'],
    ['a mark of bytes in the middle', 'FROM scratch\n\uFEFFFROM evil'],
    ['two escapes, which some read as an end', 'FROM scratch\nRUN a \\\\\nFROM evil'],
    ['escapes that meet at the end', 'FROM scratch\nRUN a \\ \\\n'],
    ['other letters in a flag', 'FROM scratch\nCOPY --chown=\u00E0 a b'],
  ])('is none with %s', (_what, text) => {
    expect(readExactly(text, {})).toEqual({ problem: expect.any(String) });
  });

  it('says what to write instead', () => {
    const problemOf = (text: string) => (readExactly(text, {}) as { problem: string }).problem;
    expect(problemOf('ARG B\nFROM $B')).toMatch(/give the ARG before it a default, or a value in `args`/);
    expect(problemOf('FROM scratch\nRUN --mount=from=$X,target=/x a')).toMatch(
      /name a stage, and the image in its FROM/,
    );
    expect(problemOf('FROM scratch\nRUN <<A\nA')).toMatch(/write it to a file and COPY that/);
  });

  /** Pieces that tell builders apart, in any order. */
  const piece = fc.constantFrom(
    ...[
      'FROM ',
      'node:24',
      'COPY ',
      '--from=x',
      'RUN ',
      '--mount=from=x,target=/x',
      ' AS a',
      '\n',
      '\r\n',
      '\\\n',
      '\\',
      ' ',
      '\t',
    ],
    ...[
      '# ',
      '<<EOF',
      '"',
      "'",
      '$X',
      '`',
      '\u00A0',
      'ONBUILD ',
      '--',
      ',',
      'FROM=y',
      'scratch',
      'EOF\n',
      '\\\\\n',
      '\\ \n',
    ],
  );

  it('holds, as it is written, no image but those that it tells, and reads again as the same', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = `FROM scratch\n${pieces.join('')}`;
        const found = readExactly(text, {});
        if ('problem' in found) return;
        const digest = `@sha256:${'a'.repeat(64)}`;
        const pinned = (image: string) => image.replace(/:[^:/]*$/, digest);
        const written = found.written(pinned);
        const again = readExactly(written, {});
        expect(again).toMatchObject({ images: [...new Set(found.images.map(pinned))] });
        expect((again as { written: typeof found.written }).written((image) => image)).toBe(written);
        // By a reader of the plainest kind: one line is one instruction, and nothing goes on.
        for (const line of written.split('\n').slice(0, -1)) {
          expect(line).toMatch(/^([A-Z]+( |$)|# escape=`$)/);
          expect(line).not.toMatch(/\\[ \t]*$/);
          if (line.startsWith('FROM ')) expect(line).toMatch(/^FROM (scratch|[a-z]+|\S+@sha256:a{64})( AS \S+)?$/);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
