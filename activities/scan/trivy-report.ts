import { z } from 'zod';
import type { ScanFinding } from '../../domain/findings.ts';
import { severityOfScore, severityOfWord, worstOf } from '../../domain/severity.ts';
import { apart } from '../shared/apart.ts';
import { inBounds, readReport } from './scan-report.ts';

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

/** In a thread of its own. Throws an Error, in words, for a report that is missing or not understood. */
export const readTrivyReport = apart<typeof readHere>(import.meta.url, 'readHere');

export async function readHere(path: string): Promise<ScanFinding[]> {
  return inBounds(trivyFindings(await readReport(path, trivyReport)));
}

function trivyFindings({ Results: results }: z.infer<typeof trivyReport>): ScanFinding[] {
  // a clean image has results without findings; none at all means that there was nothing that it knows how to look at
  if (!results?.length) {
    throw new Error(
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

/** Trivy's own word; where it has none, the worst score that anybody gives. */
function severityOf({ Severity: word, CVSS: scores }: z.infer<typeof vulnerability>) {
  const said = severityOfWord(word);
  if (said !== 'UNKNOWN') return said;
  const given = Object.values(scores ?? {}).map(({ V40Score, V3Score, V2Score }) => V40Score ?? V3Score ?? V2Score);
  return worstOf(given.map((value) => severityOfScore(value ?? 0)));
}
