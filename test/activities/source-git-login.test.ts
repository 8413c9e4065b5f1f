import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { LoginReferences } from '../../activities/shared/logins.ts';
import { createGitSource } from '../../activities/source/git-source.ts';
import { aRepository, type TestRepository } from '../support/git-repository.ts';
import { startGitServer, type GitServerOptions } from '../support/git-server.ts';
import { logArguments } from '../support/program-log.ts';

const login = { username: 'bot', password: 'hunter22-of-git' };
const pair = Buffer.from(`${login.username}:${login.password}`).toString('base64');
const shown = `Basic ${pair}`;
/** Neither the password nor its form on the wire. */
const secret = new RegExp(`${login.password}|${pair}`);

describe('a private git repository by http', () => {
  let cacheDirectory: string;
  let repository: TestRepository;
  let commit: string;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    process.env['SLIPWAY_TEST_GIT'] = login.password;
    cacheDirectory = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
    repository = await aRepository();
    commit = await repository.commit({ files: { 'slipway.yaml': 'service: shop\n' } });
    ends.push(
      () => rm(cacheDirectory, { recursive: true, force: true }),
      () => repository.remove(),
    );
  });
  afterEach(async () => {
    delete process.env['SLIPWAY_TEST_GIT'];
    for (const end of ends.splice(0)) await end();
  });

  const aServer = async (options: Partial<GitServerOptions> = {}) => {
    const server = await startGitServer({ directory: dirname(repository.directory), login, ...options });
    ends.push(server.stop);
    return server;
  };
  const sourceWith = (logins: LoginReferences) =>
    createGitSource({ cacheDirectory, allowedProtocols: ['http'], logins });
  const at = (host: string) => ({ repository: `http://${host}/${basename(repository.directory)}/.git`, commit });
  const botAt = (host: string): LoginReferences => {
    return async () => ({ [host]: { username: 'bot', password: 'env:SLIPWAY_TEST_GIT' } });
  };
  const failureOf = async (attempt: Promise<unknown>) => {
    const error: unknown = await attempt.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error as Error & { details: { code: string; kind: string } };
  };

  it('is read with the login of its host, which stays out of arguments and off the disk', async () => {
    const { host } = await aServer();
    const log = await logArguments('git');
    ends.push(log.remove);
    const source = sourceWith(botAt(host));
    await source.confirm({ ...at(host), branch: 'main' });
    expect(await source.read({ ...at(host), path: 'slipway.yaml', maxBytes: 100 })).toBe('service: shop\n');
    await source.checkOut({ ...at(host), directory: join(cacheDirectory, 'tree') });

    const given = await log.arguments();
    expect(given).toMatch(new RegExp(`remote-http .*${host}`)); // it sees what git starts, too
    expect(given).not.toMatch(secret);
    const files = await allText(cacheDirectory);
    expect(files).toContain('service: shop');
    expect(files).not.toMatch(secret);
  });

  it('is read by a login that was changed a moment ago', async () => {
    const { host } = await aServer();
    const source = sourceWith(botAt(host));
    process.env['SLIPWAY_TEST_GIT'] = 'not yet';
    expect((await failureOf(source.confirm({ ...at(host), branch: 'main' }))).details.code).toBe('SLIP-SRC-8');
    process.env['SLIPWAY_TEST_GIT'] = login.password;
    await expect(source.confirm({ ...at(host), branch: 'main' })).resolves.toBeUndefined();
  });

  it.each([
    ['a wrong password', 'wrong-password', /git fetch \(the login bot of 127/],
    ['no password', undefined, /SLIPWAY_TEST_GIT cannot be resolved: the variable is not set/],
  ])('says who was refused, and what to look at: %s', async (_, password, says) => {
    const { host } = await aServer();
    if (password === undefined) delete process.env['SLIPWAY_TEST_GIT'];
    else process.env['SLIPWAY_TEST_GIT'] = password;
    const error = await failureOf(sourceWith(botAt(host)).confirm({ ...at(host), branch: 'main' }));
    expect(error.details).toMatchObject({ code: 'SLIP-SRC-8', kind: 'terminal' });
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain('wrong-password');
    expect(JSON.stringify(error.details)).toMatch(/`git:` in the policy.*gateway and engine and build workers/);
  });

  it('says that there is no login for the host, when another host has one', async () => {
    const server = await aServer();
    const error = await failureOf(sourceWith(botAt('git.example.com')).confirm({ ...at(server.host), branch: 'main' }));
    expect(error.message).toMatch(/SLIP-SRC-8.*no login for 127\.0\.0\.1/s);
    expect(server.seen.filter(Boolean)).toEqual([]);
  });

  it('takes the login out of what a server repeats', async () => {
    const { host } = await aServer({ repeatsLogin: true });
    const error = await failureOf(sourceWith(botAt(host)).confirm({ ...at(host), branch: 'main' }));
    expect(error.details.code).toBe('SLIP-SRC-8');
    expect(error.message).toContain('[redacted]');
    expect(`${error.message} ${error.stack} ${JSON.stringify(error.details)}`).not.toMatch(secret);
  });

  it('does not show the login to a host that it is sent on to', async () => {
    const elsewhere = await aServer({ login: undefined });
    const { host, seen } = await aServer({ redirectTo: elsewhere.host });
    const error = await failureOf(sourceWith(botAt(host)).confirm({ ...at(host), branch: 'main' }));
    expect(error.message).toMatch(/SLIP-SRC-8.*sends to another address/s);
    expect(seen).toEqual([shown]);
    expect(elsewhere.seen).toEqual([]);
  });

  it('is still followed to where a host without a login sends it', async () => {
    const elsewhere = await aServer({ login: undefined });
    const { host } = await aServer({ redirectTo: elsewhere.host });
    await expect(sourceWith(async () => ({})).confirm({ ...at(host), branch: 'main' })).resolves.toBeUndefined();
  });

  it('never shows a login by plain http to another machine', async () => {
    const asked: string[] = [];
    const logins: LoginReferences = async () => (asked.push('asked'), {});
    const attempt = sourceWith(logins).confirm({ repository: 'http://git.invalid/a.git', commit, branch: 'main' });
    await expect(attempt).rejects.toThrow(/SLIP-SRC-2/);
    expect(asked).toEqual([]);
  });
});

/** All files below the directory, as one text. */
async function allText(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}
