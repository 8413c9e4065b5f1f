import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textOfEvidence } from '../../domain/evidence/file.ts';
import { anEvidence, evidenceKeys } from '../support/evidence.ts';
import { root } from './markdown.ts';

const page = readFileSync(join(root, 'docs/evidence.md'), 'utf8');
const [, byHand = ''] = /^## Checking it by hand\n.*?```sh\n(.*?)```/ms.exec(page) ?? [];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-by-hand-'));
  await writeFile(join(directory, 'gateway.pem'), evidenceKeys.publicKeyPem);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function checked(text: string): Promise<string> {
  await writeFile(join(directory, 'shop-production-142.evidence.json'), text);
  return execFileSync('bash', ['-e', '-c', byHand], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
}

describe('what docs/evidence.md says of checking by hand', () => {
  it('takes what the gateway has signed', async () => {
    expect(await checked(textOfEvidence(anEvidence()))).toContain('Signature Verified Successfully');
  });

  it('refuses what was changed', async () => {
    const text = textOfEvidence(anEvidence()).replace('"kim"', '"max"');
    await expect(checked(text)).rejects.toThrow('Command failed');
  });
});
