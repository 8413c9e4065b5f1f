import { join } from 'node:path';
import { z } from 'zod';
import type { ScanFinding } from '../../domain/findings.ts';
import { parsePinnedImage } from '../../domain/images.ts';
import { severityOfScore, severityOfWord, worstOf } from '../../domain/severity.ts';
import { isLoopback } from '../shared/loopback.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import type { ImageScanner } from './port.ts';
import { CouldNotScan, readReport, runTool, scanning } from './scan-tool.ts';

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

const score = z.object({
  V40Score: z.number().optional(),
  V3Score: z.number().optional(),
  V2Score: z.number().optional(),
});
const vulnerability = z.object({
  VulnerabilityID: z.string(),
  PkgName: z.string(),
  InstalledVersion: z.string().default(''),
  FixedVersion: z.string().optional(),
  Severity: z.string().default('UNKNOWN'),
  VendorIDs: z.array(z.string()).nullish(),
  CVSS: z.record(z.string(), score).nullish().catch(undefined),
});

/** Schema version 2, which Trivy writes since 0.20. Results without findings have no list at all. */
const trivyReport = z.object({
  SchemaVersion: z.literal(2),
  Results: z
    .array(z.object({ Target: z.string().default(''), Vulnerabilities: z.array(vulnerability).nullish() }))
    .nullish(),
});

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
        return trivyFindings(await readReport(report, trivyReport));
      }),
  };
}

function trivyFindings({ Results: results }: z.infer<typeof trivyReport>): ScanFinding[] {
  // a clean image has results without findings; none at all means that there was nothing that it knows how to look at
  if (!results?.length) {
    throw new CouldNotScan(
      'nothing in the image was recognised, neither a distribution nor packages of a language: build it on a base image that Trivy knows, and keep lock files or package metadata in it',
    );
  }
  return results.flatMap((result) =>
    (result.Vulnerabilities ?? []).map((found) => ({
      id: found.VulnerabilityID,
      ...(found.VendorIDs?.length ? { aliases: found.VendorIDs } : {}),
      severity: severityOf(found),
      where: `${found.PkgName} ${found.InstalledVersion} (${result.Target})`,
      ...(found.FixedVersion ? { fixedIn: found.FixedVersion } : {}),
    })),
  );
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

/** Trivy's own word; where it has none, the worst score that anybody gives. */
function severityOf({ Severity: word, CVSS: scores }: z.infer<typeof vulnerability>) {
  const said = severityOfWord(word);
  if (said !== 'UNKNOWN') return said;
  const given = Object.values(scores ?? {}).map(({ V40Score, V3Score, V2Score }) => V40Score ?? V3Score ?? V2Score);
  return worstOf(given.map((value) => severityOfScore(value ?? 0)));
}
