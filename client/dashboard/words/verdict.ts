import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import type { RegionStatus, ReleaseStatus } from '../../../domain/contract/status.ts';
import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { isOutcome } from '../../../domain/outcomes.ts';
import { endInWords } from '../../../domain/run-end.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { rolloutIn } from './rollout.ts';
import { sentence } from './sentence.ts';
import type { Tone } from './states.ts';
import { shownRun } from './states.ts';
import { duration } from './times.ts';

/** What a page says first: one sentence, and what is to be known with it. */
export interface Verdict {
  tone: Tone;
  icon: string;
  says: string;
  beside?: string;
}

/** In the engine's own words: what it does, why it does not move, or how it has ended. What is wrong with that is told with it, and is never shown as good. */
export function verdictOf(view: ReleaseView, plan?: PlanView): Verdict {
  const { icon, tone } = shownRun(view);
  const isWrong = tone === 'good' && (view.troubles ?? []).length > 0;
  return { ...(isWrong ? { icon: 'warn', tone: 'ask' } : { icon, tone }), ...sentenceOf(view, plan) };
}

function sentenceOf(view: ReleaseView, plan: PlanView | undefined): Pick<Verdict, 'says' | 'beside'> {
  const { releaseId, status, why, outcome, summary = '' } = view;
  if (outcome !== undefined) return ended(releaseId, outcome, summary);
  if (!status) return { says: firstLine(why[0] ?? 'nobody says how it stands') };
  const { stage, failure, waitingFor, doing, regions } = status;
  if (stage === 'held' && failure && !isTriedAgain(status)) return failed(regions, failure);
  if (stage === 'held') return { says: firstLine(firstSentence(why[0] ?? doing)) };
  if (plan && stage === 'awaiting-approval') return { says: missing(view, plan), ...wayBackIn(plan) };
  if (waitingFor) return { says: `It waits for ${waitingFor.what}: ${waitingFor.who} can move it.` };
  return { says: firstLine(doing) };
}

/** Held by a step that the run goes on to try: no failure of the release. */
export function isTriedAgain({ failing }: Pick<ReleaseStatus, 'failing'>): boolean {
  return (failing ?? []).some(({ heldUntil }) => heldUntil !== undefined);
}

/** How many yeses it still needs, and whether there is a way back. */
function missing({ recorded }: ReleaseView, { approval, migrations }: PlanView): string {
  const given = recorded?.approvals.length ?? 0;
  const left = Math.max(1, approval.quorum - given);
  const yeses = left === 1 ? 'one more yes' : `${left} more yeses`;
  const isFinal = migrations.some(({ contracting }) => contracting.length > 0);
  return `It needs ${given === 0 && left === 1 ? 'a yes' : yeses}${isFinal ? ', and it cannot be rolled back' : ''}.`;
}

/** What the schema says of a way back, where it lets there be one. */
function wayBackIn({ migrations }: PlanView): Pick<Verdict, 'beside'> {
  if (migrations.some(({ contracting }) => contracting.length > 0)) return {};
  const isChanged = migrations.some(({ pending }) => pending.length > 0);
  return {
    beside: isChanged
      ? 'Its migrations take nothing away: the schema lets it be rolled back.'
      : 'It does not change the schema, which lets it be rolled back.',
  };
}

/** Which region, after how long, by what words of a pod; and how the others stand. */
function failed(regions: readonly RegionStatus[], failure: FailureDetails): Pick<Verdict, 'says' | 'beside'> {
  const told = rolloutIn(failure);
  const { says, well } = failureInWords(regions, failure);
  return {
    says: well === '' ? says : `${says} ${well}`,
    ...(told?.serving !== undefined && { beside: `${told.deployment}, when it failed: ${told.serving}.` }),
  };
}

type Reached = Pick<RegionStatus, 'region' | 'phase' | 'begunAt' | 'since'>;

/** `well`: how the others stand; empty where none does. */
export function failureInWords(regions: readonly Reached[], failure: FailureDetails): { says: string; well: string } {
  const told = rolloutIn(failure);
  const where = regions.filter(({ phase }) => phase === 'failed');
  const names = where.length === 0 ? 'It' : where.map(({ region }) => region.toUpperCase()).join(' and ');
  const took = where.length === 1 && where[0] ? tookOf(where[0]) : undefined;
  const after = took === undefined ? '' : ` after ${duration(took)}`;
  // In quotes: a pod says what it likes.
  const cause = told?.message && where.length === 1 ? `“${visible(told.message)}”.` : `${failure.title}.`;
  const well = regions.filter(({ phase }) => phase === 'verified').map(({ region }) => region.toUpperCase());
  return {
    says: `${names} failed${after}: ${cause}`,
    well: well.length === 0 ? '' : `${well.join(' and ')} ${well.length === 1 ? 'is' : 'are'} verified.`,
  };
}

/** What that outcome means of this run, and what it says itself. */
function ended(releaseId: string, outcome: string, summary: string): Pick<Verdict, 'says' | 'beside'> {
  const means = isOutcome(outcome) ? `: ${firstPart(endInWords(releaseId, outcome))}` : '';
  return {
    says: firstLine(`${outcome.replaceAll('-', ' ')}${means}`),
    ...(summary !== '' && { beside: visible(firstSentence(summary)) }),
  };
}

/** Without the command behind it: which one that is here, is told below. */
function firstPart(words: string): string {
  return words.split(';')[0] ?? '';
}

const onTheWay: readonly RegionStatus['phase'][] = ['deployed', 'verified', 'failed'];

/** From its first change to what it is now, ms; undefined while it goes on, and where it has gone back since. */
export function tookOf({ phase, begunAt, since }: Omit<Reached, 'region'>): number | undefined {
  return !onTheWay.includes(phase) || begunAt === undefined || since === undefined
    ? undefined
    : Math.max(0, since - begunAt);
}

/** Its first line, of what may have several. */
function firstLine(words: string): string {
  return sentence(visible(words.split('\n')[0] ?? ''));
}
