import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRelease, aStatus, noon } from './builders.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const releases = 'GET /v1/releases';

describe('an answer that is not one', () => {
  it.each([
    ['not JSON', '<html>hello</html>'],
    ['cut off', '{"releases": ['],
    ['empty', ''],
    ['a list', []],
    ['null', null],
    ['an object of another kind', { hello: 'world' }],
    ['rows of another kind', { releases: [{ releaseId: 7 }] }],
    ['an id that a shell would obey', { releases: [{ ...aRelease(), releaseId: 'x; rm -rf /' }] }],
  ])('(%s) ends with 4 and asks whether the address is right', async (_, body) => {
    gateway.on(releases, { body });
    const { exitCode, stderr, stdout } = await slipway(['releases'], gateway.url);
    expect(exitCode).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .*\n {2}next: Check that --gateway/);
  });

  it('is not followed when it is a redirect, and the token goes nowhere else', async () => {
    gateway.on(releases, { status: 302, body: 'moved' });
    expect(await slipway(['releases'], gateway.url)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('answered 302'),
    });
  });
});

describe('a refusal', () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 2],
    [409, 3],
    [422, 3],
    [429, 4],
    [503, 4],
    [500, 4],
  ])('%i ends with %i, says what was wrong and what to do', async (status, code) => {
    gateway.on(releases, { status, body: { error: { code: 'some-code', message: 'because of this' } } });
    const { exitCode, stderr } = await slipway(['releases'], gateway.url);
    expect(stderr).toMatch(/^error: because of this\n {2}next: .+\n$/);
    expect(exitCode).toBe(code);
  });

  it.each([
    ['a moment', '2', 4, /^error: too many\n {2}next: Nothing was stored\.\n$/],
    ['a minute', '60', 4, /^error: too many\n {2}next: Nothing was stored\.\n$/],
    [
      'more than a minute',
      '61',
      3,
      /^error: too many\n {2}next: Nothing was stored\. The same is taken again in 1 min 01 s\.\n$/,
    ],
    [
      'hours',
      '43200',
      3,
      /^error: too many\n {2}next: Nothing was stored\. The same is taken again in 12 h 00 min\.\n$/,
    ],
    ['a date', 'Wed, 21 Oct 2026 07:28:00 GMT', 4, /^error: too many\n {2}next: Nothing was stored\.\n$/],
  ])(
    'of an order by a measure that is full for %s is never told as one that may have happened',
    async (_long, after, code, says) => {
      const error = { code: 'too-many-requests', message: 'too many', next: 'Nothing was stored.' };
      gateway.on('POST /v1/lanes/shop/production/freeze', {
        status: 429,
        headers: { 'retry-after': after },
        body: { error },
      });
      const place = ['--service', 'shop', '--environment', 'production', '--reason', 'r'];
      const { exitCode, stderr } = await slipway(['freeze', ...place], gateway.url);
      expect(stderr).toMatch(says);
      expect(exitCode).toBe(code);
      expect(gateway.seen).toHaveLength(1);
    },
  );

  it('is JSON on stdout with --json', async () => {
    gateway.on(releases, { status: 403, body: { error: { code: 'forbidden', message: 'not you' } } });
    const { exitCode, json, stderr } = await slipway(['releases', '--json'], gateway.url);
    expect(json).toEqual({
      version: 1,
      error: { code: 'forbidden', message: 'not you', next: expect.any(String), exitCode: 3 },
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(3);
  });

  it('of a token names the ways to give another, never the token', async () => {
    const other = 'another-secret-token';
    gateway.on(releases, { body: { releases: [] } });
    const { exitCode, stderr, stdout } = await slipway(['releases'], gateway.url, { env: { SLIPWAY_TOKEN: other } });
    expect(stderr).toContain('SLIPWAY_TOKEN');
    expect(stdout + stderr).not.toContain(other);
    expect(exitCode).toBe(3);
  });
});

describe('the address and the token', () => {
  it.each([['not a url'], ['ftp://gateway.test'], ['http://ada:secret@gateway.test'], ['']])(
    'refuses %j as an address',
    async (url) => {
      const { exitCode, stderr } = await slipway(['releases', '--gateway', url], '');
      expect(stderr).not.toContain('secret');
      expect(exitCode).toBe(2);
    },
  );

  it('tries a gateway that is away three times, then says so', async () => {
    const pauses: number[] = [];
    const { exitCode, stderr } = await slipway(['releases'], 'http://127.0.0.1:1', { onPause: (n) => pauses.push(n) });
    expect(pauses).toEqual([1, 2]);
    expect(stderr).toContain('the gateway at http://127.0.0.1:1 cannot be reached');
    expect(exitCode).toBe(4);
  });

  it('takes the token from a file, and says when it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
    try {
      await writeFile(join(folder, 'token'), `${token}\n`);
      gateway.on(releases, { body: { releases: [] } });
      const env = { SLIPWAY_TOKEN: '' };
      expect((await slipway(['releases', '--token-file', 'token'], gateway.url, { env, cwd: folder })).exitCode).toBe(
        0,
      );
      expect((await slipway(['releases', '--token-file', 'none'], gateway.url, { env, cwd: folder })).exitCode).toBe(2);
      await writeFile(join(folder, 'token'), 'two\nlines');
      const two = await slipway(['releases', '--token-file', 'token'], gateway.url, { env, cwd: folder });
      expect(two).toMatchObject({ exitCode: 2, stderr: expect.not.stringContaining('lines\n') });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has no option that takes a token', async () => {
    expect((await slipway(['releases', '--token', 'x'], gateway.url)).exitCode).toBe(2);
  });
});

describe('text that a terminal would obey', () => {
  const evil = '\u001b[2J\u001b]0;owned\u0007\u009b31mred\r\nok problem\u202egnp.exe\u0000';
  const release = aRelease({
    requestedBy: evil,
    summary: evil,
    branch: evil,
    why: [evil],
    status: aStatus({
      doing: evil,
      waitingFor: { what: evil, who: evil },
      failure: { code: evil, title: evil, next: evil, detail: evil, kind: 'terminal', blame: 'release' },
      log: [{ at: noon, line: evil }],
      regions: [
        { region: evil, phase: 'failed', components: [{ component: evil, image: evil, phase: 'failed', note: evil }] },
      ],
    }),
  });
  // eslint-disable-next-line no-control-regex
  const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  it.each([['status'], ['status', '--why'], ['watch', '--timeout', '1s']])(
    'is shown without that by %s %s',
    async (command, ...rest) => {
      gateway.on(`GET /v1/releases/${encodeURIComponent(release.releaseId)}`, { body: release });
      const { stdout, stderr } = await slipway([command, release.releaseId, ...rest], gateway.url);
      expect(stdout + stderr).not.toMatch(obeyed);
      expect(stdout).toContain('red ok problem');
    },
  );

  it('is shown without that in a refusal, and cannot write a line of its own in the next step', async () => {
    gateway.on(releases, { status: 409, body: { error: { code: evil, message: evil, next: evil } } });
    const { stderr } = await slipway(['releases'], gateway.url);
    expect(stderr).not.toMatch(obeyed);
    expect(stderr.split('\n').filter((line) => line.startsWith('ok'))).toEqual([]);
  });
});
