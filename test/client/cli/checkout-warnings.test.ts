import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkoutWarnings } from '../../../client/cli/checkout-warnings.ts';
import { aRepository, type TestRepository } from '../../support/git-repository.ts';

let shared: TestRepository;
let own: TestRepository;
let commit = '';
beforeEach(async () => {
  [shared, own] = await Promise.all([aRepository(), aRepository()]);
  commit = await own.commit({ files: { 'core/a.txt': '1' } });
  await own.git('remote', 'add', 'origin', shared.directory);
});
afterEach(() => Promise.all([shared.remove(), own.remove()]));

const warnings = (of = commit, isHead = true) =>
  checkoutWarnings(own.directory, { commit: of, branch: 'main', isHead });
const push = () => own.git('push', '--quiet', '--set-upstream', 'origin', 'main:trunk');

describe('a checkout that something is released from', () => {
  it('says nothing where all is committed, pushed and the newest', async () => {
    await push();
    expect(await warnings()).toEqual([]);
  });

  it('says what is in no commit, and only of the commit that is checked out', async () => {
    await push();
    await writeFile(join(own.directory, 'core/a.txt'), '2');
    await writeFile(join(own.directory, 'notes.txt'), 'nobody knows of this');
    expect(await warnings()).toEqual(['1 file here has changes that are in no commit: they are not released']);
    expect(await warnings(commit, false)).toEqual([]);
  });

  it('says that a commit was not pushed', async () => {
    expect(await warnings()).toEqual([`no remote branch known here has ${commit.slice(0, 12)}: push it first`]);
    await push();
    const later = await own.commit({ files: { 'core/a.txt': '2' } });
    expect(await warnings(later)).toEqual([`no remote branch known here has ${later.slice(0, 12)}: push it first`]);
  });

  it('says that others have gone on', async () => {
    await own.commit({ files: { 'core/a.txt': '2' } });
    await own.commit({ files: { 'core/a.txt': '3' } });
    await push();
    expect(await warnings()).toEqual(['the remote branch of main is 2 commits ahead: they are not released']);
  });

  it('says nothing outside of a repository', async () => {
    expect(await checkoutWarnings(tmpdir(), { commit, branch: 'main', isHead: true })).toEqual([]);
  });
});
