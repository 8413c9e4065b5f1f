import { nudgesOf, waitInWords } from './approval-course.ts';
import type { Nudge } from './approval-course.ts';
import { approversBy } from './deciders.ts';
import type { LaneKey } from './contract/names.ts';
import type { Notice, NoticeEvent } from './contract/notices.ts';
import type { Millis, ReleasePlan } from './contract/release.ts';
import type { Stage } from './contract/status.ts';
import { entryOf, errorCatalogue } from './errors/catalogue.ts';
import { asHeldFor } from './errors/end-it-first.ts';
import { gapsInWords, olderCode } from './schema-age.ts';
import { head } from './whole-text.ts';

/**
 * What people may be told about a run that goes on. The run says which of these it is, and about what; the words are the engine's, of what is
 * on record: whoever can start a workflow has not the ear of those who approve.
 */
export type Announcement =
  | { message: Event<'approval'> }
  /** `number`: which of them it is, from one. */
  | { message: Event<'approval-reminder'>; number: number }
  | { message: Event<'approval-escalated'> }
  /**
   * `code`: of what holds it. `stage`: in which, so that it is told once more when it is held by the same later on. `places`: names of regions, components and
   * databases that it is about. `retries`: how many the run had heard when the try began that failed; absent of runs of older engines.
   */
  | { message: Event<'held'>; code: string; places: string[]; stage: Stage; retries?: number }
  | { message: Event<'failed'>; code: string }
  | { message: Event<'region-failed'>; region: string };

/** So many of them one run carries that are not written down yet, the newest. */
export const mostUntold = 50;

/** One of those that people can choose to be told of. */
type Event<Name extends NoticeEvent> = Name;

/** What is on record of a run, as far as it can be told. */
export interface KnownOfRun {
  run: string;
  lane: LaneKey;
  /** In force for the release that it is about. */
  plan?: ReleasePlan & { hash: string };
  /** Regions, components and databases of that release. */
  names: readonly string[];
  /** Groups that are looked to after a failure; none where nobody is named. */
  lookedTo: readonly string[];
  /** How often people have said that it is to be tried again. */
  retries: number;
  /** Since when the plan waits for people, by the records, and how many have approved it; absent where nobody waits any more. */
  waits?: { since: Millis; now: Millis; approvals: number };
}

const mostPlaces = 3;

/** In words; undefined for what is about nothing that is on record. One key for each thing that can be told, so that their number has an end. */
export function announcementOf(said: Announcement, known: KnownOfRun): Notice | undefined {
  const { run, lane, plan, names, retries } = known;
  const title = (what: string) => `${lane.service} → ${lane.environment}: ${what}`;
  const about = { event: said.message, level: 'problem' } as const;
  const facts = { release: run, more: `slipway status ${run} --why` };
  const groups = known.lookedTo.length > 0 && { groups: known.lookedTo.join(', ') };
  switch (said.message) {
    case 'approval':
      return plan?.approval.required ? approvalWanted(run, plan, title('approval wanted')) : undefined;
    case 'approval-reminder':
    case 'approval-escalated':
      return nudged(said, known);
    case 'held': {
      const { code, title: why, next } = asHeldFor(failureNamed(said.code));
      const places = names.filter((name) => said.places.includes(name)).slice(0, mostPlaces);
      const at = places.length > 0 ? ` (${places.join(', ')})` : '';
      // Held by the same after a `retry` is news to whoever has said it. Which time that is, the run tells, as the same hold is told the same whenever it
      // is written; how many there can be, the records: they have no end by a run's word.
      const after = Math.min(said.retries ?? retries, retries);
      const again = after > 0 ? [`after ${after}`] : [];
      const key = [run, 'held', said.stage, code, ...places, ...again].join('/');
      return { ...about, key, title: title(`held${at}: ${why}`), facts: { ...facts, next, ...groups } };
    }
    case 'failed': {
      if (!plan) return undefined;
      const { title: why } = failureNamed(said.code);
      const policy = plan.onFailure.partial;
      return { ...about, key: `${run}/failure`, title: title(why), facts: { ...facts, policy, ...groups } };
    }
    case 'region-failed': {
      const region = plan?.regions.find(({ name }) => name === said.region)?.name;
      if (region === undefined) return undefined;
      return { ...about, key: `${run}/failure/${region}`, title: title(`${region} failed and goes back`), facts };
    }
    default:
      // Of whoever is no workflow of ours.
      said satisfies never;
      return undefined;
  }
}

function approvalWanted(run: string, plan: ReleasePlan & { hash: string }, title: string): Notice {
  const { hash, commit, approval, olderThanSchema = [] } = plan;
  const warning = gapsInWords(olderThanSchema).map(olderCode).join('; ');
  const facts = { release: run, plan: hash, commit, groups: approval.groups.join(', ') };
  return {
    key: `${run}/approval/${hash}`,
    event: 'approval',
    level: 'attention',
    title,
    facts: { ...facts, ...(warning !== '' && { warning: head(warning, 500) }) },
  };
}

/** The clocks of Temporal and of the records may differ by so much. */
const clocksDiffer = 60_000;

/**
 * What the plan says that people are told of, at its time by the records: whoever can start a workflow calls nobody sooner, or more often. It is
 * told as the plan has it, so that the same one is the same message whenever it is written.
 */
function nudged(
  said: Extract<Announcement, { message: 'approval-reminder' | 'approval-escalated' }>,
  { run, lane, plan, waits }: KnownOfRun,
): Notice | undefined {
  if (!plan?.approval.required || !waits) return undefined;
  const { hash, commit, approval } = plan;
  const nudges = nudgesOf(approval);
  const isMeant = (nudge: Nudge) =>
    said.message === 'approval-escalated'
      ? nudge.kind === 'escalate'
      : nudge.kind === 'remind' && nudge.number === said.number;
  const nudge = nudges.find(isMeant);
  if (!nudge || waits.now + clocksDiffer < waits.since + nudge.afterMs) return undefined;
  const isReminder = nudge.kind === 'remind';
  const { escalate, expiresMs, quorum } = approval;
  const groups = approversBy(approval, nudge.afterMs).join(', ');
  const widening = isReminder ? nudges.find(({ kind }) => kind === 'escalate') : undefined;
  const what = isReminder
    ? `nobody has decided for ${waitInWords(nudge.afterMs)}`
    : `nobody has decided for ${waitInWords(nudge.afterMs)}: ${escalate?.groups.join(', ')} may approve, too`;
  return {
    key: `${run}/approval/${hash}/${isReminder ? `reminder/${nudge.number}` : 'escalated'}`,
    event: said.message,
    level: 'attention',
    title: `${lane.service} → ${lane.environment}: ${what}`,
    facts: {
      ...{ release: run, plan: hash, commit, groups },
      approvals: `${waits.approvals} of ${Math.max(1, quorum)}`,
      ...(widening && {
        widens: `from ${isoAt(waits.since + widening.afterMs)} also ${escalate?.groups.join(', ')} may approve`,
      }),
      ends: isoAt(waits.since + expiresMs),
      more: `slipway status ${run} --why`,
    },
  };
}

function isoAt(at: Millis): string {
  return new Date(at).toISOString();
}

/** Of this version's catalogue: a code that is in none is told as what it is, something that nobody has a name for. */
function failureNamed(code: string) {
  const entry = entryOf(code);
  return entry ? { code, ...entry } : { code: 'SLIP-REL-5', ...errorCatalogue['SLIP-REL-5'] };
}
