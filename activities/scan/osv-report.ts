import { z } from 'zod';
import type { Severity } from '../../domain/contract/release.ts';
import type { Finding } from './port.ts';

const vulnerability = z.object({
  id: z.string(),
  aliases: z.array(z.string()).nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ name: z.string() }).nullish(),
        ranges: z.array(z.object({ events: z.array(z.object({ fixed: z.string().optional() })).nullish() })).nullish(),
      }),
    )
    .nullish(),
  database_specific: z.object({ severity: z.string().optional().catch(undefined) }).nullish(),
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

/** One finding per group: records of several databases that speak of the same thing. Named by its CVE where it has one. */
export function osvFindings(report: OsvReport): Finding[] {
  return report.results.flatMap((result) => (result.packages ?? []).flatMap(findingsOf));
}

function findingsOf(found: OsvPackage): Finding[] {
  const { name, version, ecosystem } = found.package;
  const known = found.vulnerabilities ?? [];
  const grouped = found.groups ?? [];
  const lone = known
    .filter((record) => !grouped.some((one) => one.ids.includes(record.id)))
    .map((record) => ({ ids: [record.id], aliases: record.aliases }));
  return [...grouped, ...lone].map((one) => {
    const records = known.filter((record) => one.ids.includes(record.id));
    const names = [...one.ids, ...(one.aliases ?? []), ...records.flatMap((record) => record.aliases ?? [])];
    const fixedIn = records.map((record) => fixOf(record, name)).find((fix) => fix !== undefined);
    return {
      id: names.find((id) => id.startsWith('CVE-')) ?? one.ids[0]!,
      severity: severityOf('max_severity' in one ? one.max_severity : undefined, records),
      where: `${name} ${version}${ecosystem === '' ? '' : ` (${ecosystem})`}`,
      ...(fixedIn === undefined ? {} : { fixedIn }),
    };
  });
}

function fixOf(record: Vulnerability, packageName: string): string | undefined {
  const affected = (record.affected ?? []).filter((entry) => !entry.package || entry.package.name === packageName);
  const events = affected.flatMap((entry) => entry.ranges ?? []).flatMap((range) => range.events ?? []);
  return events.map((event) => event.fixed).findLast((fixed) => fixed !== undefined);
}

/** The highest CVSS score, in the bands of the CVSS 3.1 specification (section 5); else the database's own word. */
function severityOf(score: string | null | undefined, records: Vulnerability[]): Severity {
  const value = score ? Number(score) : Number.NaN;
  if (value >= 9) return 'CRITICAL';
  if (value >= 7) return 'HIGH';
  if (value >= 4) return 'MEDIUM';
  if (value > 0) return 'LOW';
  const words: Record<string, Severity> = {
    CRITICAL: 'CRITICAL',
    HIGH: 'HIGH',
    MODERATE: 'MEDIUM',
    MEDIUM: 'MEDIUM',
    LOW: 'LOW',
  };
  const said = records.map((record) => words[(record.database_specific?.severity ?? '').toUpperCase()]);
  return (['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const).find((severity) => said.includes(severity)) ?? 'UNKNOWN';
}
