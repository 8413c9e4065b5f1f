import { z } from 'zod';
import type { Severity } from '../../domain/contract/release.ts';
import { compareSeverity, severityOfScore, worstOf } from '../../domain/severity.ts';
import { head } from '../../domain/whole-text.ts';
import { apart } from '../shared/apart.ts';
import { placeIn, type SarifPlace, type Seen } from './sarif-place.ts';
import { readReport } from './scan-report.ts';

const mostReportBytes = 50_000_000;
/** Nobody reads more. The worst of them are kept. */
const mostFindings = 10_000;

const text = z.string().max(4_096);
const level = z.enum(['none', 'note', 'warning', 'error']);
const index = z.number().int();
const message = z
  .object({ text: z.string().nullish(), id: z.string().nullish(), arguments: z.array(z.string()).nullish() })
  .nullish();
const properties = z
  .object({ 'security-severity': z.union([z.string(), z.number()]).nullish().catch(undefined) })
  .nullish()
  .catch(undefined);
const artifact = z.object({ uri: z.string().nullish(), uriBaseId: text.nullish(), index: index.nullish() });
const rule = z.object({
  id: text.nullish(),
  defaultConfiguration: z.object({ level: level.nullish() }).nullish(),
  properties,
});
const component = z.object({ rules: z.array(rule).nullish() });
const notifications = z.array(z.object({ level: level.nullish(), message })).nullish();
const result = z.object({
  ruleId: text.nullish(),
  ruleIndex: index.nullish(),
  rule: z
    .object({
      id: text.nullish(),
      index: index.nullish(),
      toolComponent: z.object({ index: index.nullish() }).nullish(),
    })
    .nullish(),
  kind: text.nullish(),
  level: level.nullish(),
  message,
  properties,
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: artifact.nullish(),
            region: z.object({ startLine: index.nullish(), endLine: index.nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
const run = z.object({
  tool: z.object({ driver: component, extensions: z.array(component).nullish() }),
  invocations: z
    .array(
      z.object({
        executionSuccessful: z.boolean().nullish(),
        toolExecutionNotifications: notifications,
        toolConfigurationNotifications: notifications,
      }),
    )
    .nullish(),
  artifacts: z.array(z.object({ location: artifact.nullish() })).nullish(),
  originalUriBaseIds: z.record(z.string(), z.object({ uri: text.nullish() })).nullish(),
  results: z.array(result).nullish(),
});

/** SARIF 2.1.0 (OASIS), as far as it is needed. `suppressions` are not even read: what stands in the tree excuses nothing. */
const sarif = z.object({ version: z.literal('2.1.0'), runs: z.array(run).nullish() });
type Run = z.infer<typeof run>;
type Result = z.infer<typeof result>;
type Rule = z.infer<typeof rule>;

export interface SarifFinding {
  rule: string;
  severity: Severity;
  /** Absent where it names no file. */
  place?: SarifPlace;
  /** The first and the last, from 1. */
  lines?: [number, number];
  /** What it says; not for people, since it may quote what it has found. */
  message: string;
}

export interface SarifReport {
  /** The worst first. */
  findings: SarifFinding[];
  /** Beyond the 10,000 that are read: how many, and how bad they are. */
  leftOut: { count: number; severities: Severity[] };
  /** Why it is not a look at all of it, in the tool's words. */
  trouble?: string;
}

/** In a thread of its own. Throws an Error, in words, for a report that is missing or not understood. */
export const readSarif = apart<typeof readHere>(import.meta.url, 'readHere');

export async function readHere(path: string, seen: Seen): Promise<SarifReport> {
  const { runs } = await readReport(path, sarif, mostReportBytes);
  if (!runs?.length) throw new Error('the report has no runs: nothing was looked at');
  const all = runs.flatMap((one) => findingsOf(one, seen)).sort((a, b) => compareSeverity(a.severity, b.severity));
  const [findings, others] = [all.slice(0, mostFindings), all.slice(mostFindings)];
  const severities = [...new Set(others.map(({ severity }) => severity))];
  const trouble = runs.flatMap(troubleOf).slice(0, mostTroubles).join('; ');
  return {
    findings,
    leftOut: { count: others.length, severities },
    ...(trouble !== '' && { trouble: head(trouble, 1_000) }),
  };
}

const mostTroubles = 5;

/** What keeps a run from being a look. A list that is not there is not an empty one: nobody has looked for what would be in it. */
function troubleOf({ results, invocations }: Run): string[] {
  const said = (invocations ?? []).flatMap((one) => [
    ...[...(one.toolExecutionNotifications ?? []), ...(one.toolConfigurationNotifications ?? [])]
      // Without a level it is a warning, as SARIF has it: of a file that was too large, that it does not understand, or took too long for.
      .filter((told) => ['error', 'warning'].includes(told.level ?? 'warning'))
      .map((told) => `it says: ${head(wordsOf(told.message) || `a word of ${told.level ?? 'warning'}`, 300)}`),
    ...(one.executionSuccessful === false ? ['it says of itself that it did not succeed'] : []),
  ]);
  const open = (results ?? []).filter(({ kind, level: own }) => !own && ['open', 'review'].includes(kind ?? '')).length;
  return [
    ...said,
    ...(open > 0 ? [`it leaves ${open} results for a person to look at`] : []),
    ...(results ? [] : ['the report has a run without results']),
  ];
}

function findingsOf(found: Run, seen: Seen): SarifFinding[] {
  const byId = new Map<string, Rule>();
  for (const { rules } of [found.tool.driver, ...(found.tool.extensions ?? [])])
    for (const one of rules ?? []) if (one.id && !byId.has(one.id)) byId.set(one.id, one);
  return (found.results ?? []).flatMap((one) => {
    const id = one.ruleId ?? one.rule?.id ?? '';
    const at = ruleOf(found, one);
    // A place in another list than is meant has another rule: its id says which one it is, also of a rule within one (`x/1`).
    const known = at && (id === '' || !at.id || isOf(id, at.id)) ? at : (byId.get(id) ?? byId.get(id.split('/')[0]!));
    const severity = severityOf(one, known);
    if (severity === undefined) return [];
    const place = placeOf(found, one, seen);
    return [
      {
        rule: one.ruleId || one.rule?.id || known?.id || 'unnamed',
        severity,
        ...place,
        message: head(wordsOf(one.message).replaceAll(seen.tree, ''), 500),
      },
    ];
  });
}

function isOf(id: string, rule: string): boolean {
  return id === rule || id.startsWith(`${rule}/`);
}

/** By its place in the list of the component that has it; -1 is none. */
function ruleOf({ tool }: Run, { rule: reference, ruleIndex }: Result): Rule | undefined {
  const at = reference?.index ?? ruleIndex ?? -1;
  const of = reference?.toolComponent?.index ?? -1;
  const { rules } = (of < 0 ? tool.driver : tool.extensions?.[of]) ?? {};
  return at < 0 ? undefined : rules?.[at];
}

const byLevel: Record<z.infer<typeof level>, Severity | undefined> = {
  none: undefined,
  note: 'LOW',
  warning: 'MEDIUM',
  error: 'HIGH',
};

/**
 * Undefined for what is no finding. By the level of the result, else of its rule, else `warning`, as SARIF has it; and by the score of the
 * rule, whichever is worse: OSV-Scanner calls everything a warning, and has the score beside it.
 */
function severityOf({ kind, level: own, properties: mine }: Result, known: Rule | undefined): Severity | undefined {
  if (own === 'none' || (!own && kind && kind !== 'fail')) return undefined;
  const given = [mine, known?.properties].map((one) =>
    severityOfScore(Number(one?.['security-severity'] ?? Number.NaN)),
  );
  const scored = given.filter((one) => one !== 'UNKNOWN');
  const said = own ?? known?.defaultConfiguration?.level ?? (scored.length > 0 ? 'none' : 'warning');
  const leveled = byLevel[said];
  const all = [...scored, ...(leveled ? [leveled] : [])];
  return all.length > 0 ? worstOf(all) : undefined;
}

function placeOf(found: Run, one: Result, seen: Seen): Pick<SarifFinding, 'place' | 'lines'> {
  const { artifactLocation: named, region } = one.locations?.[0]?.physicalLocation ?? {};
  const at = typeof named?.uri === 'string' ? named : found.artifacts?.[named?.index ?? -1]?.location;
  if (typeof at?.uri !== 'string') return {};
  const base = found.originalUriBaseIds?.[at.uriBaseId ?? '']?.uri ?? undefined;
  const first = region?.startLine ?? 0;
  const lines: Pick<SarifFinding, 'lines'> = first > 0 ? { lines: [first, Math.max(first, region?.endLine ?? 0)] } : {};
  return { place: placeIn(seen, at.uri, base), ...lines };
}

/** As the report has it, with what stands in its gaps. */
function wordsOf(said: z.infer<typeof message>): string {
  return [said?.text ?? said?.id ?? '', ...(said?.arguments ?? [])].join(' ').trim();
}
