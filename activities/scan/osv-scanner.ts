import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Box } from '../box/port.ts';
import { noCredentials, type RegistryCredentials } from '../shared/registry-login.ts';
import { fetchImage } from './image-archive.ts';
import { readOsvReport } from './osv-report.ts';
import type { ImageScanner } from './port.ts';
import { CouldNotScan, scanning } from './scan-tool.ts';
import { runScanTool } from './tool-in-box.ts';

export interface OsvScannerOptions {
  /** Where it runs; without it as it is, with the worker's own rights. */
  box?: Box;
  /** The program; `osv-scanner` on PATH by default. */
  program?: string;
  /** Holds `osv-scanner/<Ecosystem>/all.zip`. Without it osv.dev is asked, which learns the names of the packages. */
  databaseDirectory?: string;
  credentials?: RegistryCredentials;
  /** For fetching the image, and again for the scan. 15 minutes by default. */
  timeoutMs?: number;
}

const nothingFound = 0;
const somethingFound = 1;

/** Scans an image by OSV-Scanner 2; skopeo fetches it by digest, so no daemon and no tag has a say. An image in which no package is recognised is `unscanned`. */
export function createOsvScanner(options: OsvScannerOptions = {}): ImageScanner {
  const timeoutMs = options.timeoutMs ?? 15 * 60_000;
  return {
    scanImage: (image, progress) =>
      scanning('OSV-Scanner', progress.signal, async (work) => {
        // The login is apart from what the scanner sees.
        const [login, scan] = [join(work, 'login'), join(work, 'scan')];
        await Promise.all([login, scan].map((place) => mkdir(place)));
        const credentials = options.credentials ?? noCredentials;
        await fetchImage({ image, archive: join(scan, 'image.tar'), work: login, timeoutMs, credentials }, progress);
        // given, so that no file in the image can excuse findings
        await writeFile(join(scan, 'none.toml'), '');
        const log: string[] = [];
        const keep = (line: string) => (log.push(line), progress.report(line));
        const { databaseDirectory: database } = options;
        await runScanTool(
          options.box,
          {
            program: options.program ?? 'osv-scanner',
            places: { work: scan, ...(database !== undefined && { database }) },
            args: (at) => {
              const reporting = ['--format', 'json', '--output', join(at.work, 'report.json')];
              const offline = at.database === undefined ? [] : ['--offline-vulnerabilities'];
              const configuration = ['--config', join(at.work, 'none.toml')];
              return [
                'scan',
                'image',
                '--archive',
                join(at.work, 'image.tar'),
                ...reporting,
                ...configuration,
                ...offline,
              ];
            },
            env: (at): Record<string, string> =>
              at.database === undefined ? {} : { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: at.database },
            network: database === undefined ? 'outside' : 'none',
            timeoutMs,
            progress: { report: keep, signal: progress.signal },
          },
          [nothingFound, somethingFound],
        );
        refuseHalfLook(log);
        return readOsvReport(join(scan, 'report.json'));
      }),
  };
}

/** It goes on without a database, or past a part that it cannot read, and says so only in its log. */
function refuseHalfLook(log: readonly string[]): void {
  const missing = log.find((line) =>
    /could not load db|no offline version|failed to (load|fetch|read)|error during extraction/i.test(line),
  );
  if (missing !== undefined) throw new CouldNotScan(missing.trim());
}
