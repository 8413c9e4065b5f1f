import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import type { RegionStatus } from '../../../domain/contract/status.ts';
import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { isOutcome, outcomes } from '../../../domain/outcomes.ts';
import { readFailureInWords } from '../../../domain/rollout-words.ts';
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

/** In the engine's own words: what it does, why it does not move, or how it has ended. */
export function verdictOf(view: ReleaseView, plan?: PlanView): Verdict {
  const { icon, tone } = shownRun(view);
  return { icon, tone, ...sentenceOf(view, plan) };
}

function sentenceOf(view: ReleaseView, plan: PlanView | undefined): Pick<Verdict, 'says' | 'beside'> {
  const { status, why, outcome, summary = '' } = view;
  if (outcome !== undefined) return ended(outcome, summary);
  if (!status) return { says: sentence(why[0] ?? 'nobody says how it stands') };
  const { stage, failure, waitingFor, doing, regions } = status;
  if (stage === 'held' && failure) return failed(regions, failure);
  if (plan && stage === 'awaiting-approval') return { says: missing(view, plan) };
  if (waitingFor) return { says: `It waits for ${waitingFor.what}: ${waitingFor.who} can move it.` };
  return { says: sentence(doing) };
}

/** How many yeses it still needs, and whether there is a way back. */
function missing({ recorded }: ReleaseView, { approval, migrations }: PlanView): string {
  const left = Math.max(1, approval.quorum - (recorded?.approvals.length ?? 0));
  const yeses = left === 1 ? 'one more yes' : `${left} more yeses`;
  const isFinal = migrations.some(({ contracting }) => contracting.length > 0);
  return `It needs ${(recorded?.approvals.length ?? 0) === 0 && left === 1 ? 'a yes' : yeses}${isFinal ? ', and it cannot be rolled back' : ''}.`;
}

/** Which region, after how long, by what; and how the others stand. */
function failed(regions: readonly RegionStatus[], failure: FailureDetails): Pick<Verdict, 'says' | 'beside'> {
  const told = readFailureInWords(failure.detail);
  const where = regions.filter(({ phase }) => phase === 'failed');
  const names = where.length === 0 ? 'It' : where.map(({ region }) => region.toUpperCase()).join(' and ');
  const took = where.length === 1 && where[0] ? tookOf(where[0]) : undefined;
  const after = took === undefined ? '' : ` after ${duration(took)}`;
  const cause = told?.message ? told.message : failure.title;
  const well = regions.filter(({ phase }) => phase === 'verified').map(({ region }) => region.toUpperCase());
  const others = well.length === 0 ? '' : ` ${well.join(' and ')} ${well.length === 1 ? 'is' : 'are'} verified.`;
  return {
    says: `${names} failed${after}: ${cause}.${others}`,
    ...(told?.serving !== undefined && { beside: `${told.deployment}: ${told.serving}.` }),
  };
}

/** What that outcome means, and what the run itself says of it. */
function ended(outcome: string, summary: string): Pick<Verdict, 'says' | 'beside'> {
  const means = isOutcome(outcome) ? `: ${outcomes[outcome].says}` : '';
  return { says: sentence(`${outcome.replaceAll('-', ' ')}${means}`), ...(summary !== '' && { beside: summary }) };
}

const onTheWay: readonly RegionStatus['phase'][] = ['deploying', 'deployed', 'verified', 'failed'];

/** From its first change to what it is now, ms; undefined where it has gone back since. */
export function tookOf({ phase, begunAt, since }: RegionStatus): number | undefined {
  return !onTheWay.includes(phase) || begunAt === undefined || since === undefined
    ? undefined
    : Math.max(0, since - begunAt);
}

function sentence(words: string): string {
  const first = words.split('\n')[0] ?? '';
  const begun = first.charAt(0).toUpperCase() + first.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
