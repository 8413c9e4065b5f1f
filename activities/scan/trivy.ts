import { join } from 'node:path';
import { parsePinnedImage } from '../../domain/images.ts';
import { isLoopback } from '../shared/loopback.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import type { ImageScanner } from './port.ts';
import { runTool, scanning } from './scan-tool.ts';
import { readTrivyReport } from './trivy-report.ts';

export interface TrivyOptions {
  /** The program; `trivy` on PATH by default. */
  program?: string;
  /** Where Trivy keeps its database; its own default otherwise. */
  cacheDirectory?: string;
  /** Never fetch a database: use the one in the cache. */
  offline?: boolean;
  credentials?: RegistryCredentials;
  /** 15 minutes by default. */
  timeoutMs?: number;
}

/**
 * Scans an image by Trivy. Findings do not change its exit code, so any code but 0 means that it could not look. An image in which nothing
 * is recognised is `unscanned`.
 */
export function createTrivy(options: TrivyOptions = {}): ImageScanner {
  const timeoutMs = options.timeoutMs ?? 15 * 60_000;
  return {
    scanImage: (image, progress) =>
      scanning('Trivy', progress.signal, async (work) => {
        const host = parsePinnedImage(image).repository.split('/', 1)[0]!;
        await writeAuthFile(join(work, 'config.json'), host, options.credentials ?? noCredentials);
        const report = join(work, 'report.json');
        await runTool(
          {
            program: options.program ?? 'trivy',
            args: [...argumentsOf(options, timeoutMs), '--output', report, image],
            // an empty directory, so that neither .trivyignore nor trivy.yaml is picked up from anywhere
            cwd: work,
            env: {
              DOCKER_CONFIG: work,
              TMPDIR: work,
              ...(isLoopback(host) ? { TRIVY_INSECURE: 'true', TRIVY_NON_SSL: 'true' } : {}),
            },
            timeoutMs,
            progress,
          },
          [0],
        );
        return readTrivyReport(report);
      }),
  };
}

function argumentsOf(options: TrivyOptions, timeoutMs: number): string[] {
  const fixed = [
    'image',
    '--format',
    'json',
    '--scanners',
    'vuln',
    '--image-src',
    'remote',
    // older versions leave packages of languages out of the results when nothing is found in them
    '--list-all-pkgs',
    '--no-progress',
    '--timeout',
    `${Math.ceil(timeoutMs / 1000)}s`,
  ];
  const offline = options.offline ? ['--skip-db-update', '--skip-java-db-update', '--offline-scan'] : [];
  return [
    ...fixed,
    ...offline,
    ...(options.cacheDirectory === undefined ? [] : ['--cache-dir', options.cacheDirectory]),
  ];
}
