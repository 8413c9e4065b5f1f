import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basicCredentials, noLogins, resolveLogin } from '../../activities/shared/logins.ts';
import { isLoopback } from '../../activities/shared/loopback.ts';
import { redact } from '../../activities/shared/redact.ts';
import { noCredentials, writeAuthFile } from '../../activities/shared/registry-login.ts';

const login = { username: 'bot', password: 'p@ss word' };
const pair = Buffer.from('bot:p@ss word').toString('base64');

describe('a login by reference', () => {
  afterEach(() => void delete process.env['SLIPWAY_TEST_LOGIN']);
  const logins = async () => ({ 'ghcr.io': { username: 'bot', password: 'env:SLIPWAY_TEST_LOGIN' } });

  it('has the password of this moment', async () => {
    for (const password of ['one', 'two']) {
      process.env['SLIPWAY_TEST_LOGIN'] = password;
      expect(await resolveLogin(logins, 'ghcr.io')).toEqual({ username: 'bot', password });
    }
  });

  it.each(['evil-ghcr.io', 'ghcr.io.example.com', 'ghcr.io:5000', 'constructor', ''])('is not for %j', async (host) => {
    expect(await resolveLogin(logins, host)).toBeUndefined();
    expect(await resolveLogin(noLogins, host)).toBeUndefined();
  });

  it('names the reference that cannot be resolved', async () => {
    await expect(resolveLogin(logins, 'ghcr.io')).rejects.toThrow(/SLIPWAY_TEST_LOGIN.*not set/);
  });
});

describe('what a server was sent', () => {
  it.each(['said p@ss word', `said ${pair}`, 'said ?password=p%40ss%20word'])('is not shown by %j', (text) => {
    basicCredentials(login);
    expect(redact(text)).toMatch(/^said .*\[redacted\]$/);
  });

  it('leaves other texts alone', () => {
    basicCredentials(login);
    expect(redact('bot was refused')).toBe('bot was refused');
  });
});

describe('the auth file of one command', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'slipway-auth-'))));
  afterEach(() => rm(directory, { recursive: true }));
  const written = async () => JSON.parse(await readFile(join(directory, 'auth.json'), 'utf8')) as unknown;

  it('can be read by the worker alone', async () => {
    expect(await writeAuthFile(join(directory, 'auth.json'), 'ghcr.io', async () => login)).toBe(true);
    expect(await written()).toEqual({ auths: { 'ghcr.io': { auth: pair } } });
    expect((await stat(join(directory, 'auth.json'))).mode & 0o777).toBe(0o600);
  });

  it('names Docker Hub as each of the programs calls it', async () => {
    await writeAuthFile(join(directory, 'auth.json'), 'docker.io', async () => login);
    expect(await written()).toEqual({
      auths: { 'docker.io': { auth: pair }, 'https://index.docker.io/v1/': { auth: pair } },
    });
  });

  it('is empty without a login, so that nobody else’s is used', async () => {
    expect(await writeAuthFile(join(directory, 'auth.json'), 'ghcr.io', noCredentials)).toBe(false);
    expect(await written()).toEqual({ auths: {} });
  });
});

describe('isLoopback', () => {
  it.each(['localhost', 'localhost:5000', '127.0.0.1:80', '127.1.2.3', '[::1]:5000'])('%s is', (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(['localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', 'example.com:127', '128.0.0.1'])(
    '%s is not',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
