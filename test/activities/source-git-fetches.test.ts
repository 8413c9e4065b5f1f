import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createGitSource } from '../../activities/source/git-source.ts';
import { aRepository, type TestRepository } from '../support/git-repository.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';

describe('fetches of one repository', () => {
  let work: string;
  let repository: TestRepository;
  let server: GitServer;
  let clock = 0;
  beforeEach(async () => {
    work = await mkdtemp(join(tmpdir(), 'slipway-fetches-'));
    repository = await aRepository();
    server = await startGitServer({ directory: dirname(repository.directory) });
    clock = 0;
  });
  afterEach(async () => {
    await server.stop();
    await repository.remove();
    await rm(work, { recursive: true, force: true });
  });
  const aSource = () =>
    createGitSource({ cacheDirectory: join(work, 'mirrors'), allowedProtocols: ['http'], clock: () => clock });
  const url = () => `http://${server.host}/${basename(repository.directory)}/.git`;
  const guess = (n: number) => n.toString(16).padStart(40, '0');
  /** How often the server was asked what branches it has. */
  const asked = () => server.seen.length;

  it('answer all that asked before they began: three hundred guesses cost no more than two, and an honest caller waits no longer', async () => {
    const commit = await repository.commit({ files: { a: '1' } });
    const source = aSource();
    const at = { repository: url(), branch: 'main' };
    await source.confirm({ ...at, commit });
    const one = asked();
    const guesses = Array.from({ length: 300 }, (_, n) => source.confirm({ ...at, commit: guess(n) }).catch(String));
    await source.confirm({ ...at, commit });
    for (const answer of await Promise.all(guesses)) expect(answer).toMatch(/SLIP-SRC-1/);
    expect(asked() - one).toBeLessThanOrEqual(3 * one);
  });

  it('are not made again for a commit that one has just not brought, and are some seconds later', async () => {
    await repository.commit({ files: { a: '1' } });
    const source = aSource();
    const late = await repository.commit({ files: { a: '2' } });
    await repository.git('reset', '--quiet', '--hard', 'HEAD~');
    const at = { repository: url(), branch: 'main', commit: late };
    await expect(source.confirm(at)).rejects.toThrow(/SLIP-SRC-1/);
    const before = asked();
    await repository.git('reset', '--quiet', '--hard', late);
    await expect(source.confirm(at)).rejects.toThrow(/SLIP-SRC-1/);
    expect(asked()).toBe(before);
    clock += 3_000;
    await expect(source.confirm(at)).resolves.toBeUndefined();
  });

  it('go on after one that failed', async () => {
    const commit = await repository.commit({ files: { a: '1' } });
    const source = aSource();
    const at = { repository: url(), branch: 'main', commit };
    const { host } = server;
    await server.stop();
    await expect(Promise.all([source.confirm(at), source.confirm(at)])).rejects.toThrow(/SLIP-SRC-2/);
    server = await startGitServer({ directory: dirname(repository.directory) });
    expect(server.host).not.toBe(host);
    await expect(source.confirm({ ...at, repository: url() })).resolves.toBeUndefined();
  });
});
