import { auditedRun } from '../audit-about.ts';
import type { ChainedEntry } from '../audit-chain.ts';
import { mostSkewMs } from '../clock-skew.ts';
import type { BundledDecision, EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { Millis } from '../contract/release.ts';
import type { RegionPhase, RegionStatus } from '../contract/status.ts';
import { isOutcome, outcomes } from '../outcomes.ts';

/** Steps that change something outside: of each that was not refused. */
const changing = ['startMigration', 'applyComponent'];

/** What the rows of the audit say of a run: the rest of the file may have been changed by whoever writes to the records, and these are chained. */
export interface ToldByRows {
  /** Whether there is any row at all. */
  isThere: boolean;
  /** When its first step began that changes something; undefined where none has. */
  changeBegan?: Millis;
  /** One of those went well, or has no end on record. */
  hasChanged: boolean;
  /** Approvals of the plan in force that the run has gone by; undefined where no row says so. */
  consumed?: ReadonlySet<string>;
  /** Plans by which something was changed. */
  byPlans: readonly string[];
  /** What was put where, as the step has said it. */
  put: readonly Put[];
}

export interface Put {
  row: ChainedEntry;
  region: string;
  component: string;
  image: string;
}

export function toldByRows({ audit, release, planHash }: EvidenceBundle): ToldByRows {
  const run = auditedRun(release.id);
  const rows = audit.flatMap((chain) => chain.rows);
  const own = rows.filter(({ who }) => who === run.who);
  const begun = own.filter(({ what }) => changing.some((step) => what === `${step} begun`));
  const done = own.filter(({ what }) => changing.some((step) => what === `${step} done`));
  const keys = new Set(own.map(({ key }) => key));
  const consumed = own.filter(({ what, facts }) => what === 'consumeApproval done' && facts['planHash'] === planHash);
  return {
    isThere: rows.length > 0,
    ...(begun.length > 0 && { changeBegan: Math.min(...begun.map(({ at }) => at)) }),
    hasChanged: done.length > 0 || begun.some(({ key }) => !keys.has(key.replace(/begun$/, 'failed'))),
    ...(consumed.length > 0 && { consumed: new Set(consumed.flatMap(idsIn)) }),
    byPlans: [
      ...new Set(done.flatMap(({ facts }) => (typeof facts['planHash'] === 'string' ? [facts['planHash']] : []))),
    ],
    put: done.flatMap(putBy),
  };
}

/** What goes back is what stood there before, and in no plan of this release. */
function putBy(row: ChainedEntry): Put[] {
  const { purpose, region, component, image } = row.facts;
  const isPut = typeof region === 'string' && typeof component === 'string' && typeof image === 'string';
  return isPut && purpose === 'deploy' ? [{ row, region, component, image }] : [];
}

function idsIn({ facts: { decisionIds } }: ChainedEntry): string[] {
  return Array.isArray(decisionIds) ? decisionIds.filter((id) => typeof id === 'string') : [];
}

/** Whether it has changed anything, by whatever tells it: each may have been taken away by itself. */
export function hasChanged(bundle: EvidenceBundle): boolean {
  const { changed, verified, migrations, end } = bundle;
  return (
    changed.length + verified.length + migrations.length > 0 ||
    (end !== undefined && [end.outcome, end.result?.outcome].some(hasCertainlyChanged)) ||
    (end?.result?.regions ?? []).some(wasChanged) ||
    toldByRows(bundle).hasChanged
  );
}

/** One that has halted may have changed nothing: so does one that was ended from outside. */
function hasCertainlyChanged(outcome: string | undefined): boolean {
  if (outcome === undefined || !isOutcome(outcome)) return false;
  const { changed, undoable, back } = outcomes[outcome];
  return changed && (undoable === 'current' || back);
}

const untouched: readonly RegionPhase[] = ['pending', 'unchanged', 'failed', 'unknown'];

function wasChanged({ phase, begunAt, components }: RegionStatus): boolean {
  return (
    begunAt !== undefined || [phase, ...components.map((one) => one.phase)].some((one) => !untouched.includes(one))
  );
}

/**
 * Whether a decision came after the first change: by its own time, which is signed, and that of the row of the change; `unclear`: the clocks of the two may be so far apart.
 * Without any row by what the records say.
 */
export function cameLate(
  { decision, afterChange }: Pick<BundledDecision, 'decision' | 'afterChange'>,
  { isThere, changeBegan }: ToldByRows,
): 'late' | 'in time' | 'unclear' {
  if (!isThere) return afterChange ? 'late' : 'in time';
  if (changeBegan === undefined || decision.decidedAt < changeBegan - mostSkewMs) return 'in time';
  return decision.decidedAt > changeBegan + mostSkewMs ? 'late' : 'unclear';
}
