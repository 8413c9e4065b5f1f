import { describe, expect, it } from '@jest/globals';
import { directivesOf, headingWithoutSyntax } from '../../domain/dockerfile-directives.ts';
import { baseImages } from '../../domain/dockerfile.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the base images of a Dockerfile', () => {
  it.each<[string, string, string[]]>([
    ['a name alone', 'FROM node', ['docker.io/library/node:latest']],
    ['a tag', 'FROM node:24', ['docker.io/library/node:24']],
    ['a user of Docker Hub', 'from grafana/k6:1', ['docker.io/grafana/k6:1']],
    ['a host', 'FROM ghcr.io/acme/base:1', ['ghcr.io/acme/base:1']],
    ['a host with a port and no tag', 'FROM localhost:5000/base', ['localhost:5000/base:latest']],
    ['a platform', 'FROM --platform=$BUILDPLATFORM node:24 AS build', ['docker.io/library/node:24']],
    ['a digest, which cannot move', `FROM node:24@${digest}`, []],
    ['nothing', 'FROM scratch', []],
    ['an earlier stage', 'FROM node:24 AS Build\nFROM build\nCOPY --from=build /a /a', ['docker.io/library/node:24']],
    ['a stage by number', 'FROM node:24\nFROM scratch\nCOPY --from=0 /a /a', ['docker.io/library/node:24']],
    [
      'files of another image',
      'FROM scratch\nCOPY --chown=1 --from=busybox:1 /bin/sh /bin/',
      ['docker.io/library/busybox:1'],
    ],
    [
      'a mount of another image',
      'FROM scratch\nRUN --mount=type=bind,from=ghcr.io/acme/tools:2,target=/t x',
      ['ghcr.io/acme/tools:2'],
    ],
    ['an argument with its default', 'ARG TAG=24\nFROM node:${TAG}-slim', ['docker.io/library/node:24-slim']],
    ['an argument that is given', 'ARG BASE=node\nFROM $BASE', ['ghcr.io/acme/given:1']],
    ['a default in place', 'ARG TAG\nFROM node:${TAG:-22}', ['docker.io/library/node:22']],
    [
      'an argument made of another',
      'ARG V=24\nARG TAG="${V}-slim"\nFROM node:$TAG',
      ['docker.io/library/node:24-slim'],
    ],
    ['a line that goes on', 'FROM \\\n  # a remark\n  node:24', ['docker.io/library/node:24']],
    ['another escape', '# escape=`\nFROM `\nnode:24', ['docker.io/library/node:24']],
    ['the same twice', 'FROM node:24 AS a\nFROM node:24', ['docker.io/library/node:24']],
    ['what only looks like one', 'FROM scratch\n# FROM node\nRUN echo FROM node\nRUN <<EOF\nFROM node\nEOF', []],
    [
      'what comes after a text',
      'FROM scratch\nCOPY <<-"END" /a\n\tFROM x\n\tEND\nFROM node:24',
      ['docker.io/library/node:24'],
    ],
    [
      'what comes after several texts of one line',
      'FROM scratch\nRUN cat <<A <<B\nA\nFROM x\nB\nFROM node:24',
      ['docker.io/library/node:24'],
    ],
    [
      'what comes after a hundred thousand of them',
      `FROM scratch\nRUN ${'<<A '.repeat(150_000)}\n${'A\n'.repeat(150_000)}FROM node:24`,
      ['docker.io/library/node:24'],
    ],
  ])('%s', (_what, text, references) => {
    expect(baseImages(text, { BASE: 'ghcr.io/acme/given:1' })).toEqual({ references, untold: [] });
  });

  it.each([
    ['a variable that nobody has set', 'ARG BASE\nFROM $BASE', 'what `$BASE` stands for'],
    ['a variable that only the builder knows', 'FROM base-${TARGETARCH}', 'what `base-${TARGETARCH}` stands for'],
    ['an argument of a stage', 'FROM scratch\nARG X=node\nFROM $X', 'what `$X` stands for'],
    ['a form of variable that is not read here', 'ARG X=a/b\nFROM ${X##*/}', 'what `${X##*/}` stands for'],
    ['a variable in COPY', 'FROM scratch\nCOPY --from=$X /a /a', 'what `$X` stands for'],
    ['a text without an end', 'FROM scratch\nRUN x <<EOF\nFROM node', 'where the text that ends with EOF ends'],
    ['nothing behind FROM', 'FROM', 'what `` stands for'],
  ])('says what it cannot tell: %s', (_what, text, why) => {
    expect(baseImages(text, {}).untold).toEqual([why]);
  });
});

describe('what a Dockerfile says of how it is read', () => {
  it.each<[string, string, [string, string][]]>([
    [
      'in its first lines',
      '# syntax=docker/dockerfile:1\n#escape = `\nFROM scratch',
      [
        ['syntax', 'docker/dockerfile:1'],
        ['escape', '`'],
      ],
    ],
    ['in large letters', '# SYNTAX = a/b \r\nFROM scratch', [['syntax', 'a/b']]],
    ['behind the mark of its bytes', '\uFEFF#syntax=a/b', [['syntax', 'a/b']]],
    ['not after a comment', '# hello\n# escape=`', []],
    ['not after an empty line', '\n# escape=`', []],
    ['not after an instruction', 'FROM scratch\n# escape=`', []],
  ])('counts %s', (_, text, found) => {
    expect([...directivesOf(text)]).toEqual(found);
  });

  it.each([
    '# syntax=evil/frontend\n',
    '// syntax=evil/frontend\n',
    '{"syntax":"evil/frontend"}',
    '#!/bin/x\n# syntax=evil\n',
  ])('names nobody who reads it, below our heading: %j', (text) => {
    const heading = headingWithoutSyntax(text);
    expect(heading).toMatch(/^# [^=\n]+\n$/);
    expect([...directivesOf(heading + text)]).toEqual([]);
  });

  it('keeps what it says of its escape', () => {
    const text = '# syntax=evil/frontend\n# escape=`\nFROM scratch';
    expect([...directivesOf(headingWithoutSyntax(text) + text)]).toEqual([['escape', '`']]);
  });
});
