import { describe, expect, it } from '@jest/globals';
import { knownSecrets } from '../../activities/shared/known-secrets.ts';
import { createLog, logFormIn } from '../../activities/shared/log.ts';
import type { Log, LogForm } from '../../activities/shared/log.ts';

type Line = Record<string, unknown> & { err?: Record<string, string> };

function written(form: LogForm, work: (log: Log) => void): string {
  let all = '';
  work(createLog({ form, to: { write: (text) => void (all += text) } }));
  return all;
}

const lines = (work: (log: Log) => void) =>
  written('json', work)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('the log of a process', () => {
  it('is a line of JSON for each thing, also where that has lines of its own', () => {
    const [told, failed] = lines((log) => {
      log.info({ route: '/v1/me', status: 200 }, 'two\nlines');
      log.error(new Error('no answer', { cause: new Error('ECONNREFUSED') }));
    });
    expect(told).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: process.pid,
      route: '/v1/me',
      status: 200,
      msg: 'two\nlines',
    });
    expect(failed).toMatchObject({ level: 'error', msg: 'no answer', err: { type: 'Error', cause: 'ECONNREFUSED' } });
    expect(failed!.err!['stack']).toContain('log.test.ts');
  });

  it('is text for people in which nothing of somebody else looks like a line of ours, or speaks to the terminal', () => {
    const forged = 'a\u001b]0;x\u0007\n2026-01-01 [ERROR] forged';
    const error = Object.assign(new Error('no'), { stack: `Error: ${forged}\n    at here` });
    const text = written('text', (log) => {
      log.info({ workflow: forged }, forged);
      log.error(error);
    });
    expect(text).not.toContain('\u0007');
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.startsWith('2026-01-01'))).toEqual([]);
    expect(text).toContain('at here');
  });

  it('has no secret that the process knows, wherever it stands and however it is written', () => {
    const secret = 'quite "a" secret of the database';
    knownSecrets.know(secret);
    const error = Object.assign(
      new Error(`login with ${secret} failed`, { cause: new Error(encodeURIComponent(secret)) }),
      {
        code: secret,
      },
    );
    const all = written('json', (log) => {
      log.info(`with ${secret}`);
      log.warn(
        { url: `postgres://u:${secret}@h/d`, inside: { deep: [Buffer.from(secret).toString('base64')] } },
        secret,
      );
      log.error(error);
      log.error({ err: error }, 'it failed');
      log.child({}).error(error, `again: ${secret}`);
    });
    expect(all.trimEnd().split('\n')).toHaveLength(5);
    expect(all).toContain('[redacted]');
    for (const form of [secret, 'quite', encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(all).not.toContain(form);
  });

  it('has nothing of fields whose name says what they hold, nor what looks like a token in an error of others', () => {
    const all = written('json', (log) => {
      log.info({ authorization: 'Bearer of-somebody', 'set-cookie': ['a=of-somebody'], apiKey: 'of-somebody' });
      log.info({ headers: { authorization: 'Bearer of-somebody', accept: 'any' } });
      log.error(new Error('they said: Authorization: Bearer of-somebody, and xoxb-of-somebody-who-is-in-slack'));
    });
    expect(all).not.toContain('of-somebody');
    expect(all).toContain('accept');
  });

  it('is of bounded length, whatever is written, and cannot be made to fail', () => {
    const long = 'long '.repeat(1_000_000);
    const deep: Record<string, unknown> = { long, list: Array.from({ length: 1_000 }, () => long) };
    deep['itself'] = deep;
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, nth) => [`field${nth}`, long]));
    const hostile = {
      get [Symbol.toStringTag]() {
        return 'odd';
      },
    };
    const all = lines((log) => {
      log.info(long);
      log.info({ deep }, 'deep');
      log.info(many, 'many');
      log.error(new Error(long));
      log.info({ hostile, nothing: undefined, big: 7n, not: null }, '%s of %d');
    });
    const lengths = all.map((line) => JSON.stringify(line).length);
    expect(Math.max(...lengths)).toBeLessThan(200_000);
    expect(all[4]).toMatchObject({ msg: '%s of %d', big: '7n', not: null });
  });

  it('is text for a person who sits in front of it, and JSON for whoever collects it, or as the operator says', () => {
    expect(logFormIn({}, true)).toBe('text');
    expect(logFormIn({}, false)).toBe('json');
    expect(logFormIn({ SLIPWAY_LOG: 'json' }, true)).toBe('json');
    expect(logFormIn({ SLIPWAY_LOG: 'text' }, false)).toBe('text');
    expect(written('text', (log) => log.warn({ queue: 'build' }, 'it waits'))).toMatch(
      /^\S+Z \[WARN\] it waits queue=build\n$/,
    );
  });
});
