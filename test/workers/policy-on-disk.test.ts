import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyOnDisk } from '../../workers/policy-on-disk.ts';
import { changed, policyText } from '../pipeline/texts.ts';

/** Files of these tests are whole when they are read. */
const quick = { settleMs: 0 };

describe("the operator's policy on disk", () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-policy-'));
    file = join(directory, 'policy.yaml');
  });
  afterEach(() => rm(directory, { recursive: true }));
  const write = (more: string) => writeFile(file, policyText + more);

  it('knows no logins when it names none', async () => {
    await write('');
    expect(await policyOnDisk(file, quick).registryLogins()).toEqual({});
    expect(await policyOnDisk(file, quick).gitLogins()).toEqual({});
  });

  it('names the registries that may be inside: those of its logins, of its environments, and where images come from', async () => {
    const more = 'registries:\n  mirror.example.com: { username: me, password: env:MIRROR }\n';
    const text = changed(
      policyText,
      'testsRequired: true',
      'imagesFrom: [ghcr.io/shop, quay.io]\n    testsRequired: true',
    );
    await writeFile(file, text + more);
    expect((await policyOnDisk(file, quick).registryHosts()).sort()).toEqual([
      'ghcr.io',
      'mirror.example.com',
      'quay.io',
      'registry.example.com:5000',
    ]);
  });

  it('counts as it is now', async () => {
    const policy = policyOnDisk(file, quick);
    for (const username of ['first', 'second']) {
      await write(`registries:\n  ghcr.io: { username: ${username}, password: env:GHCR }\n`);
      expect(await policy.registryLogins()).toEqual({ 'ghcr.io': { username, password: 'env:GHCR' } });
    }
  });

  it('needs no user name for git servers that look at the token alone', async () => {
    await write('git:\n  github.com: { password: env:A }\n  git.example.com: { username: me, password: file:/b }\n');
    expect(await policyOnDisk(file, quick).gitLogins()).toEqual({
      'github.com': { username: 'x-access-token', password: 'env:A' },
      'git.example.com': { username: 'me', password: 'file:/b' },
    });
  });

  it('does not show a secret that stands where a reference belongs', async () => {
    await write('git:\n  github.com: { password: hunter22 }\n');
    const attempt = policyOnDisk(file, quick).gitLogins();
    await expect(attempt).rejects.toThrow(/SLIP-CFG-2.*policy\.yaml:31:27/s);
    await expect(attempt).rejects.not.toThrow(/hunter22/);
  });
});
