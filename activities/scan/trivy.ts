import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Box } from '../box/port.ts';
import type { Progress } from '../shared/progress.ts';
import { noCredentials, type RegistryCredentials } from '../shared/registry-login.ts';
import { fetchImage } from './image-archive.ts';
import type { ImageScanner } from './port.ts';
import { runTool, scanning } from './scan-tool.ts';
import { runScanTool } from './tool-in-box.ts';
import { readTrivyReport } from './trivy-report.ts';

export interface TrivyOptions {
  /** Where it looks; without it as it is, with the worker's own rights. */
  box?: Box;
  /** The program; `trivy` on PATH by default. 0.58 or newer. */
  program?: string;
  /** Where it keeps its databases; its own default otherwise. */
  databaseDirectory?: string;
  /** Never fetch a database: use what is there. */
  offline?: boolean;
  credentials?: RegistryCredentials;
  /** How the image gets here; by skopeo. */
  fetch?: typeof fetchImage;
  /** For each of fetching databases, fetching the image, and the look. 15 minutes by default. */
  timeoutMs?: number;
}

/**
 * Scans an image by Trivy. What it may do is apart: databases are fetched where nothing of the image is, the image where nothing reads it, and
 * the look has neither network nor login. Findings do not change its exit code, so any code but 0 means that it could not look. An image in
 * which nothing is recognised is `unscanned`.
 */
export function createTrivy(options: TrivyOptions = {}): ImageScanner {
  const { box, program = 'trivy', credentials = noCredentials, fetch = fetchImage, timeoutMs = 15 * 60_000 } = options;
  const database = options.databaseDirectory ?? join(homedir(), '.cache', 'trivy');
  return {
    scanImage: (image, progress) =>
      scanning('Trivy', progress.signal, async (work) => {
        const [login, scan] = [join(work, 'login'), join(work, 'scan')];
        await Promise.all([login, scan, database].map((place) => mkdir(place, { recursive: true })));
        if (!options.offline) await fetchDatabases({ program, database, cwd: login, timeoutMs }, progress);
        await fetch({ image, archive: join(scan, 'image.tar'), work: login, timeoutMs, credentials }, progress);
        await runScanTool(
          box,
          {
            program,
            // The working directory has no .trivyignore and no trivy.yaml that could excuse findings.
            places: { work: scan, database },
            args: (at) => argumentsOf(at.work, at.database ?? database, timeoutMs),
            env: (at) => ({ TMPDIR: at.work }),
            network: 'none',
            timeoutMs,
            progress,
          },
          [0],
        );
        return readTrivyReport(join(scan, 'report.json'));
      }),
  };
}

interface DatabaseFetch {
  program: string;
  database: string;
  cwd: string;
  timeoutMs: number;
}

/** Both of its databases, each only where what is there is too old. */
async function fetchDatabases({ program, database, cwd, timeoutMs }: DatabaseFetch, progress: Progress): Promise<void> {
  for (const which of ['--download-db-only', '--download-java-db-only']) {
    const args = ['image', which, '--no-progress', '--cache-dir', database];
    await runTool({ program, args, cwd, env: { TMPDIR: cwd }, timeoutMs, progress }, [0]);
  }
}

function argumentsOf(work: string, database: string, timeoutMs: number): string[] {
  const offline = ['--skip-db-update', '--skip-java-db-update', '--offline-scan'];
  // What it remembers of layers would go from one image to the next.
  const places = ['--cache-dir', database, '--cache-backend', 'memory'];
  // Older versions leave packages of languages out of the results when nothing is found in them.
  const reporting = ['--format', 'json', '--scanners', 'vuln', '--list-all-pkgs', '--no-progress'];
  const bounds = ['--timeout', `${Math.ceil(timeoutMs / 1000)}s`];
  const files = ['--output', join(work, 'report.json'), '--input', join(work, 'image.tar')];
  return ['image', ...reporting, ...offline, ...places, ...bounds, ...files];
}
