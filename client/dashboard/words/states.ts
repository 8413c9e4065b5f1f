import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { RegionOverview } from '../../../domain/contract/overview.ts';
import type { VerifiedRelease } from '../../../domain/contract/release.ts';
import type { RegionPhase, Stage } from '../../../domain/contract/status.ts';
import { isOutcome, meaningOf, outcomes } from '../../../domain/outcomes.ts';

/** Six, and no seventh: it holds, it moves, somebody decides, it failed, it is not as recorded, it is over or not known. */
export type Tone = 'good' | 'live' | 'ask' | 'stop' | 'odd' | 'mute';

/** How a state is shown: an icon and a word, always both. */
export interface Shown {
  icon: string;
  tone: Tone;
  word: string;
}

const moving = (word: string): Shown => ({ icon: 'deploying', tone: 'live', word });

const ofStage: Record<Stage, Shown> = {
  joining: moving('joining'),
  building: moving('building'),
  checking: moving('checking'),
  planning: moving('planning'),
  'awaiting-approval': { icon: 'waiting', tone: 'ask', word: 'waiting for approval' },
  'awaiting-lane': { icon: 'waiting', tone: 'ask', word: 'waiting for the lane' },
  migrating: moving('migrating'),
  deploying: moving('deploying'),
  verifying: moving('verifying'),
  recording: moving('recording'),
  held: { icon: 'held', tone: 'stop', word: 'held' },
  'rolling-back': { icon: 'rollback', tone: 'live', word: 'rolling back' },
  done: moving('ending'),
};

/** Everything that a run, an end and a region can be, for the page that shows each once. */
export const everyState = {
  stages: () => Object.keys(ofStage) as Stage[],
  phases: () => Object.keys(ofPhase) as RegionPhase[],
};

/** A stage that this page does not know is told by its own name. */
export function shownStage(stage: Stage): Shown {
  return (ofStage as Partial<typeof ofStage>)[stage] ?? moving(stage);
}

export const unknown: Shown = { icon: 'unknown', tone: 'mute', word: 'unknown' };

const ofRecord: Record<RegionOverview['state'] | VerifiedRelease['state'], Shown> = {
  verified: { icon: 'verified', tone: 'good', word: 'verified' },
  proven: { icon: 'proven', tone: 'good', word: 'proven' },
  revoked: { icon: 'revoked', tone: 'mute', word: 'revoked' },
  unknown,
};

/** What is on record of a place. A state of a newer gateway is told by its own word, and never shown as good. */
export function shownRecord(state: string): Shown {
  return (ofRecord as Partial<Record<string, Shown>>)[state] ?? { ...unknown, word: state };
}

/** How a run stands: by its stage while it is open, by its outcome afterwards. What nobody says is unknown, and never shown as good. */
export function shownRun({
  open,
  outcome,
  status,
  state,
}: Pick<ReleaseView, 'outcome' | 'status' | 'state'> & { open: boolean }): Shown {
  if (outcome !== undefined) return shownOutcome(outcome);
  const stage = status?.stage ?? state?.stage;
  return open && stage !== undefined ? shownStage(stage) : unknown;
}

const iconOfEnd: Record<string, string | undefined> = {
  rejected: 'cross',
  aborted: 'cross',
  expired: 'clock',
  superseded: 'next',
};

function shownOutcome(outcome: string): Shown {
  const { proven, level } = meaningOf(outcome);
  if (proven) return { icon: 'verified', tone: 'good', word: outcome };
  if (outcome === 'rolled-back') return { icon: 'rollback', tone: 'ask', word: 'rolled back' };
  if (outcome === 'halted') return { icon: 'halted', tone: 'stop', word: outcome };
  if (level === 'problem') return { icon: 'failed', tone: 'stop', word: outcome };
  return { icon: iconOfEnd[outcome] ?? 'unknown', tone: 'mute', word: outcome };
}

/** What an end means, for whoever does not know its word. Of a word that a region has as well nothing: there it means less. */
export function meaningInWords({ word }: Pick<Shown, 'word'>): string | undefined {
  const outcome = word.replaceAll(' ', '-');
  // Which command there is for it is told where it can be pressed.
  const isOfRegion = Object.values(ofPhase).some((shown) => shown.word === word);
  return isOutcome(outcome) && !isOfRegion ? `${word}: ${outcomes[outcome].says.split(';')[0] ?? ''}` : undefined;
}

const ofPhase: Record<RegionPhase, Shown> = {
  pending: { icon: 'pending', tone: 'mute', word: 'not begun' },
  deploying: moving('deploying'),
  deployed: { icon: 'same', tone: 'mute', word: 'deployed' },
  verified: { icon: 'verified', tone: 'good', word: 'verified' },
  unproven: { icon: 'unknown', tone: 'mute', word: 'unproven' },
  failed: { icon: 'failed', tone: 'stop', word: 'failed' },
  interrupted: { icon: 'halted', tone: 'ask', word: 'interrupted' },
  'rolling-back': { icon: 'rollback', tone: 'live', word: 'rolling back' },
  'rolled-back': { icon: 'rollback', tone: 'ask', word: 'rolled back' },
  'partly-back': { icon: 'warn', tone: 'ask', word: 'partly back' },
  unknown,
  unchanged: { icon: 'same', tone: 'mute', word: 'unchanged' },
};

export function shownPhase(phase: RegionPhase): Shown {
  return (ofPhase as Partial<typeof ofPhase>)[phase] ?? { ...unknown, word: phase };
}
