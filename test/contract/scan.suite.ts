import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageScanner, SecretScanner } from '../../activities/scan/port.ts';
import { aProgress } from '../support/progress.ts';

export interface ImageScannerWorld {
  scanner: ImageScanner;
  /** A scanner of the same kind that has no database. */
  withoutDatabase: ImageScanner;
  /** A scanner of the same kind whose program is not there. */
  withoutProgram: ImageScanner;
  /** Carries Debian's openssl 3.0.9-1, which the database knows as CVE-2023-5363 (HIGH), fixed in 3.0.11-1~deb12u2. */
  bad: string;
  /** Carries the fixed version. */
  good: string;
  /** Carries nothing that any scanner knows. */
  empty: string;
  missing: string;
  tearDown(): Promise<void>;
}

export function describeImageScanner(name: string, setUp: () => Promise<ImageScannerWorld>): void {
  describe(`ImageScanner: ${name}`, () => {
    jest.setTimeout(600_000);
    let world: ImageScannerWorld;
    beforeAll(async () => {
      world = await setUp();
    }, 900_000); // the scanner may have to be built
    afterAll(() => world?.tearDown());

    it('finds the same again when the reply was lost', async () => {
      expect(await world.scanner.scanImage(world.bad, aProgress())).toEqual(
        await world.scanner.scanImage(world.bad, aProgress()),
      );
    });

    it('finds a known vulnerability, with the version that mends it', async () => {
      const report = await world.scanner.scanImage(world.bad, aProgress());
      expect(report).toMatchObject({
        kind: 'scanned',
        findings: [{ id: 'CVE-2023-5363', severity: 'HIGH', fixedIn: '3.0.11-1~deb12u2' }],
      });
      expect(report.kind === 'scanned' && report.findings[0]?.where).toContain('openssl 3.0.9-1');
    });

    it('finds nothing in an image that is mended', async () => {
      expect(await world.scanner.scanImage(world.good, aProgress())).toMatchObject({ kind: 'scanned', findings: [] });
    });

    it.each([
      ['an image in which it recognises nothing', (w: ImageScannerWorld) => w.scanner.scanImage(w.empty, aProgress())],
      ['an image that is not in the registry', (w: ImageScannerWorld) => w.scanner.scanImage(w.missing, aProgress())],
      [
        'an image while there is no database',
        (w: ImageScannerWorld) => w.withoutDatabase.scanImage(w.bad, aProgress()),
      ],
      [
        'an image while the program is not there',
        (w: ImageScannerWorld) => w.withoutProgram.scanImage(w.bad, aProgress()),
      ],
    ])('has not scanned %s, and says why', async (_what, scan) => {
      const report = await scan(world);
      expect(report).toMatchObject({ kind: 'unscanned', reason: expect.stringMatching(/\S/) });
    });

    it('passes cancelling on', async () => {
      const stopped = aProgress(AbortSignal.abort(new Error('stopped by the test')));
      await expect(world.scanner.scanImage(world.bad, stopped)).rejects.toThrow('stopped by the test');
    });
  });
}

/** Put together here, so that no scanner finds them in this file. */
const token = `ghp_${'Ab3dE5gH1jK7mN9pQ2sT'}${'4vW6yZ8bC0dF5hJ7'}`;
const key = `AKIA${'IMNOJVGFDXXXE4OA'}`;

export function describeSecretScanner(
  name: string,
  setUp: () => Promise<{ scanner: SecretScanner; withoutProgram: SecretScanner }>,
): void {
  describe(`SecretScanner: ${name}`, () => {
    jest.setTimeout(600_000);
    let world: Awaited<ReturnType<typeof setUp>>;
    beforeAll(async () => {
      world = await setUp();
    }, 900_000);

    async function withTree<T>(files: Record<string, string>, work: (directory: string) => Promise<T>): Promise<T> {
      const directory = await mkdtemp(join(tmpdir(), 'slipway-tree-'));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(directory, path, '..'), { recursive: true });
        await writeFile(join(directory, path), content);
      }
      return work(directory).finally(() => rm(directory, { recursive: true }));
    }
    const scan = (files: Record<string, string>) =>
      withTree(files, (directory) => world.scanner.scanTree(directory, aProgress()));

    it('finds the same again when the reply was lost', async () => {
      await withTree({ 'a.py': `key = "${key}"\n` }, async (directory) => {
        const first = await world.scanner.scanTree(directory, aProgress());
        expect(await world.scanner.scanTree(directory, aProgress())).toEqual(first);
      });
    });

    it('says the file and the line of a secret, and never the secret', async () => {
      const report = await scan({ 'deep/config.py': `# config\nkey = "${key}"\n` });
      expect(report).toMatchObject({
        kind: 'scanned',
        findings: [{ where: 'deep/config.py:2', severity: 'CRITICAL' }],
      });
      expect(JSON.stringify(report)).not.toContain(key);
    });

    it('names a secret so that another one in its place is another finding, and moving it is not', async () => {
      const idsOf = async (text: string) => {
        const report = await scan({ 'deep/a.py': text });
        return report.kind === 'scanned' ? report.findings.map(({ id }) => id) : [];
      };
      const fixture = await idsOf(`key = "${key}"\n`);
      expect(fixture).toEqual([expect.stringMatching(/^[\w-]+:deep\/a\.py:[0-9a-f]{16}$/)]);
      expect(await idsOf(`# moved\n\nkey = "${key}"\n`)).toEqual(fixture);
      expect(await idsOf(`key = "${key.replace('IMNO', 'OMNI')}"\n`)).not.toEqual(fixture);
    });

    it('finds nothing in a tree without secrets', async () => {
      expect(await scan({ 'a.py': 'print("hello")\n' })).toMatchObject({ kind: 'scanned', findings: [] });
    });

    it.each([
      ['rules of its own', { '.gitleaks.toml': '[allowlist]\npaths = [".*"]\n' }],
      ['an ignore file', { '.gitleaksignore': 'a.py:github-pat:1\n/a.py:github-pat:1\n' }],
      ['an ignore file that knows where it is looked at', { '.gitleaksignore': '/tree/a.py:github-pat:1\n' }],
    ])('is not talked out of a finding by %s', async (_what, files) => {
      expect(await scan({ ...files, 'a.py': `t = "${token}"\n` })).toMatchObject({
        kind: 'scanned',
        findings: [{ where: 'a.py:1' }],
      });
    });

    it('is not talked out of a finding by a comment', async () => {
      expect(await scan({ 'a.py': `t = "${token}" # ${'gitleaks'}:allow\n` })).toMatchObject({
        kind: 'scanned',
        findings: [{ where: 'a.py:1' }],
      });
    });

    it('has not scanned a tree that is not there, or while the program is not there, and says why', async () => {
      expect(await world.scanner.scanTree('/none/at/all', aProgress())).toMatchObject({
        kind: 'unscanned',
        reason: expect.stringMatching(/\S/),
      });
      const report = await withTree({ a: '' }, (directory) => world.withoutProgram.scanTree(directory, aProgress()));
      expect(report).toMatchObject({ kind: 'unscanned', reason: expect.stringMatching(/not on PATH/) });
    });

    it('reports no secret as progress', async () => {
      const progress = aProgress();
      await withTree({ 'a.py': `t = "${token}"\n` }, (directory) => world.scanner.scanTree(directory, progress));
      expect(progress.lines.join('\n')).not.toContain(token);
    });
  });
}
