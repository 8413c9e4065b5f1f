import { z } from 'zod';
import type { ScanFinding } from '../../domain/findings.ts';
import { severityOfScore, severityOfVector, severityOfWord, worstOf } from '../../domain/severity.ts';
import { apart } from '../shared/apart.ts';
import { inBounds, readReport } from './scan-report.ts';

/** Where databases put their word: GitHub at the top, distributions at the package. */
const word = z
  .object({ severity: z.string().optional().catch(undefined) })
  .nullish()
  .catch(undefined);
const vulnerability = z.object({
  id: z.string(),
  aliases: z.array(z.string()).nullish(),
  /** What the record of a distribution repeats: `DEBIAN-CVE-2026-1` names `CVE-2026-1` here, an advisory all that it is about. */
  upstream: z.array(z.string()).nullish(),
  severity: z
    .array(z.object({ score: z.string() }))
    .nullish()
    .catch(undefined),
  affected: z
    .array(
      z.object({
        package: z.object({ name: z.string() }).nullish(),
        ecosystem_specific: word,
        database_specific: word,
        ranges: z.array(z.object({ events: z.array(z.object({ fixed: z.string().optional() })).nullish() })).nullish(),
      }),
    )
    .nullish(),
  database_specific: word,
});
const group = z.object({
  ids: z.array(z.string()).min(1),
  aliases: z.array(z.string()).nullish(),
  max_severity: z.string().nullish(),
});

/** What OSV-Scanner 2 writes as JSON, as far as it is needed. */
export const osvReport = z.object({
  results: z.array(
    z.object({
      packages: z
        .array(
          z.object({
            package: z.object({ name: z.string(), version: z.string().default(''), ecosystem: z.string().default('') }),
            groups: z.array(group).nullish(),
            vulnerabilities: z.array(vulnerability).nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});
type OsvReport = z.infer<typeof osvReport>;
type OsvPackage = NonNullable<OsvReport['results'][number]['packages']>[number];
type Vulnerability = z.infer<typeof vulnerability>;

/** In a thread of its own. Throws an Error, in words, for a report that is missing or not understood. */
export const readOsvReport = apart<typeof readHere>(import.meta.url, 'readHere');

export async function readHere(path: string): Promise<ScanFinding[]> {
  return inBounds(osvFindings(await readReport(path, osvReport)));
}

/** One finding per group: records of several databases that speak of the same thing. Named by its CVE where it has one. */
export function osvFindings(report: OsvReport): ScanFinding[] {
  return report.results.flatMap((result) => (result.packages ?? []).flatMap(findingsOf));
}

function findingsOf(found: OsvPackage): ScanFinding[] {
  const { name, version, ecosystem } = found.package;
  const known = found.vulnerabilities ?? [];
  const grouped = found.groups ?? [];
  const lone = known
    .filter((record) => !grouped.some((one) => one.ids.includes(record.id)))
    .map((record) => ({ ids: [record.id] }));
  return [...grouped, ...lone].map((one: z.infer<typeof group>) => {
    const records = known.filter((record) => one.ids.includes(record.id));
    const names = [...new Set([...one.ids, ...(one.aliases ?? []), ...records.flatMap(otherNames)])];
    const id = nameOf(names);
    const aliases = names.filter((other) => other !== id);
    const fixedIn = records.map((record) => fixOf(record, name)).find((fix) => fix !== undefined);
    return {
      id,
      ...(aliases.length > 0 ? { aliases } : {}),
      severity: severityOf(one.max_severity, records),
      where: `${name} ${version}${ecosystem === '' ? '' : ` (${ecosystem})`}`,
      ...(fixedIn === undefined ? {} : { fixedIn }),
    };
  });
}

function otherNames({ aliases, upstream }: Vulnerability): string[] {
  return [...(aliases ?? []), ...(upstream ?? [])];
}

/** Its CVE; an advisory about several goes by its own name. */
function nameOf(names: readonly string[]): string {
  const cves = names.filter((name) => name.startsWith('CVE-'));
  const [advisory] = names.filter((name) => !cves.includes(name));
  return cves.length === 1 ? cves[0]! : (advisory ?? names[0]!);
}

function fixOf(record: Vulnerability, packageName: string): string | undefined {
  const affected = (record.affected ?? []).filter((entry) => !entry.package || entry.package.name === packageName);
  const events = affected.flatMap((entry) => entry.ranges ?? []).flatMap((range) => range.events ?? []);
  return events.map((event) => event.fixed).findLast((fixed) => fixed !== undefined);
}

/** By the highest CVSS score that the scanner worked out; else by the vectors and words of the records, the worst of them. */
function severityOf(score: string | null | undefined, records: Vulnerability[]) {
  const scored = severityOfScore(score ? Number(score) : Number.NaN);
  if (scored !== 'UNKNOWN') return scored;
  const said = records.flatMap(({ severity, database_specific: own, affected }) => [
    ...(severity ?? []).map(({ score: vector }) => severityOfVector(vector)),
    ...(severity ?? []).map(({ score: word }) => severityOfWord(word)),
    severityOfWord(own?.severity ?? ''),
    ...(affected ?? []).flatMap((entry) =>
      [entry.ecosystem_specific, entry.database_specific].map((place) => severityOfWord(place?.severity ?? '')),
    ),
  ]);
  return worstOf(said);
}
