import type { ComponentStatus, RegionPhase, RegionStatus, ReleaseResult, ReleaseStatus } from './contract/status.ts';
import { placesOf } from './left-behind.ts';

export interface EndFacts {
  releaseId: string;
  /** How it ended, in a line. */
  summary: string;
  /** What it recorded about its end; absent when it was ended from outside, or has not. */
  result?: ReleaseResult;
  /** Its log and checks, as it recorded them. */
  report?: Pick<ReleaseStatus, 'log' | 'checks'>;
  /** What the run itself says, where a worker answers for it. */
  answered?: ReleaseStatus;
  /** By the records. */
  approvals: ReleaseStatus['approvals'];
  /** What the records know that was changed under its id: `core in nl`, `database main`. */
  changed: readonly string[];
}

/**
 * How a run that has ended stands. By the records: what a run says of itself needs a worker of its version, and one that was terminated or
 * reset does not know how it ended, or what it changed. Undefined when nothing is known of it.
 */
export function endedStatus(facts: EndFacts): ReleaseStatus | undefined {
  const { releaseId, summary, result, report, answered, approvals, changed } = facts;
  const source = hasSaidMore(result) ? result : answered;
  const regions = regionsAtEnd(source?.regions ?? [], changed, hasSaidMore(result));
  if (!source && regions.length === 0 && !result) return undefined;
  const failure = (hasSaidMore(result) ? result : undefined)?.failure;
  const planHash = source?.planHash;
  return {
    releaseId,
    stage: 'done',
    doing: summary,
    ...(planHash && { planHash }),
    artifacts: source?.artifacts ?? [],
    migrations: answered?.migrations ?? [],
    regions,
    checks: report?.checks ?? answered?.checks ?? [],
    timings: source?.timings ?? [],
    approvals,
    ...(failure && { failure }),
    log: report?.log ?? answered?.log ?? [],
  };
}

/** What is recorded of a run that was ended from outside has nothing in it but that it has ended. */
function hasSaidMore(result: ReleaseResult | undefined): result is ReleaseResult {
  return result !== undefined && result.timings.length > 0;
}

/** What nobody has looked at since it was changed is not known: neither as it was, nor as it should be. */
function regionsAtEnd(regions: readonly RegionStatus[], changed: readonly string[], toItsEnd: boolean): RegionStatus[] {
  const touched = regionsOf(changed);
  const names = new Set([...regions.map(({ region }) => region), ...touched.keys()]);
  return [...names].map((region) => {
    const known = regions.find((one) => one.region === region) ?? { region, phase: 'pending', components: [] };
    const components = touched.get(region) ?? [];
    const wasChanged = known.phase === 'pending' && components.length > 0;
    if (!wasChanged && (toItsEnd || !onItsWay.has(known.phase))) return known;
    const what = components.length > 0 ? `${components.join(', ')} was changed, and` : 'it was on its way, and';
    return {
      ...known,
      phase: 'unknown',
      note: `${what} its run was ended from outside: what is there now is not known`,
      components: known.components.map((one) =>
        onItsWay.has(one.phase) || components.includes(one.component) ? nowUnknown(one) : one,
      ),
    };
  });
}

/** Since when it is not known, either. */
function nowUnknown({ since: _, ...component }: ComponentStatus): ComponentStatus {
  return { ...component, phase: 'unknown' };
}

const onItsWay: ReadonlySet<RegionPhase> = new Set(['deploying', 'deployed', 'interrupted', 'rolling-back']);

/** The components that were changed, by region; a database is in none. */
function regionsOf(changed: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { component, region } of placesOf(changed)) found.set(region, [...(found.get(region) ?? []), component]);
  return found;
}
