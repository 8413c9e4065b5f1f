import { asksAPerson } from '../../../domain/asks-a-person.ts';
import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { ApprovalWanted, OpenRun, Overview } from '../../../domain/contract/overview.ts';
import { stages } from '../../../domain/contract/status.ts';
import type { Stage } from '../../../domain/contract/status.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { sentence } from './sentence.ts';
import { shownRun } from './states.ts';
import type { Shown } from './states.ts';
import { failureInWords } from './verdict.ts';

/** An open run in one line: how it stands, what is to be known first, and what comes behind it. */
export interface Line {
  run: OpenRun;
  shown: Shown;
  says: string;
  beside: string;
}

/** What waits for this person, and all the rest that goes on. */
export interface OpenLines {
  forMe: Line[];
  /** Whether it is known of all of them if they wait for this person. */
  isAllKnown: boolean;
  running: Line[];
}

/** What is held comes first, then what has the least time; what goes on stays in the order in which it was asked for. */
export function linesOf({ runs, moreRuns }: Pick<Overview, 'runs' | 'moreRuns'>): OpenLines {
  const lines = runs.map(lineOf);
  const isMine = ({ run }: Line) => run.waitsForMe === true;
  const rank = ({ run }: Line) => (run.state?.stage === 'held' ? 0 : 1);
  const until = ({ run }: Line) => run.state?.waitingFor?.until ?? Infinity;
  return {
    forMe: lines.filter(isMine).sort((a, b) => rank(a) - rank(b) || compared(until(a), until(b))),
    isAllKnown: moreRuns !== true && runs.every(isJudged),
    running: lines.filter((line) => !isMine(line)),
  };
}

/** What waits for nobody is not looked at. Of a run of which nobody says how it stands nobody knows. */
function isJudged({ state, waitsForMe }: OpenRun): boolean {
  return waitsForMe !== undefined || (state !== undefined && !asksAPerson(state));
}

const compared = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

export function lineOf(run: OpenRun): Line {
  return { run, shown: shownRun({ ...run, open: true }), ...sentencesOf(run) };
}

function sentencesOf({
  state,
  regions,
  failure,
  isTriedAgain,
  approval,
  waitsForMe,
}: OpenRun): Pick<Line, 'says' | 'beside'> {
  if (!state) return { says: 'No worker has said in time how it stands.', beside: '' };
  const { stage, waitingFor } = state;
  const doing = firstLine(state.doing);
  if (stage === 'held' && failure && !isTriedAgain) {
    const { says, well } = failureInWords(regions ?? [], failure);
    return { says, beside: joined(well, waysInWords(waitingFor?.decisions)) };
  }
  if (stage === 'held') return { says: sentence(firstSentence(doing)), beside: waysInWords(waitingFor?.decisions) };
  if (stage === 'awaiting-approval' && approval)
    return { says: neededInWords(approval), beside: givenInWords(approval, waitsForMe ? '' : (waitingFor?.who ?? '')) };
  return { says: '', beside: doing };
}

function firstLine(words: string): string {
  return visible(words.split('\n')[0] ?? '');
}

function neededInWords({ given, missing }: ApprovalWanted): string {
  if (missing === 0) return 'Has all its yeses, and goes on by itself.';
  if (missing > 1) return `Needs ${missing} ${given.length > 0 ? 'more ' : ''}yeses.`;
  return given.length > 0 ? 'Needs one more yes.' : 'Needs a yes.';
}

/** `who`: of whom it is wanted, where that is not whoever reads it. */
function givenInWords({ given, noReturn }: ApprovalWanted, who: string): string {
  const yes = given.length > 0 ? `${given.map(visible).join(', ')} said yes.` : '';
  const final = noReturn.length > 0 ? `No way back after ${noReturn.map(visible).join(', ')}.` : '';
  return joined(yes, final, who === '' ? '' : `Wanted: ${visible(who)}.`);
}

const ways: Partial<Record<DecisionKind, string>> = {
  'roll-back': 'roll back',
  retry: 'try again',
  'accept-failure': 'accept the failure',
  abort: 'abort',
};

/** `Roll back, try again or accept the failure.` */
function waysInWords(decisions: readonly DecisionKind[] = []): string {
  const named = (Object.keys(ways) as DecisionKind[])
    .filter((kind) => decisions.includes(kind))
    .map((kind) => ways[kind]);
  const last = named.pop();
  if (last === undefined) return '';
  return sentence(named.length === 0 ? last : `${named.join(', ')} or ${last}`);
}

const joined = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');

/** The way of a run that goes well, step by step. */
const way: readonly Stage[] = stages.filter((stage) => !['held', 'rolling-back', 'done'].includes(stage));

interface Pip {
  stage: Stage;
  is: 'done' | 'now' | 'now ask' | 'ahead';
}

/** How far it is: of one that is held, or goes back, the step that brought it there. None where nobody says it, or the step is a new one. */
export function pipsOf({ state }: Pick<OpenRun, 'state'>): Pip[] {
  const stage = state?.stage === 'held' || state?.stage === 'rolling-back' ? 'deploying' : state?.stage;
  const at = way.findIndex((one) => one === stage);
  if (at < 0) return [];
  const now = shownRun({ ...(state && { state }), open: true }).tone === 'live' ? 'now' : 'now ask';
  return way.map((one, nth) => ({ stage: one, is: nth < at ? 'done' : nth === at ? now : 'ahead' }));
}

/** What is told to whoever cannot see it change: how many wait for them, and which; and where lanes are on hold that they may open. */
export function waitsInWords(
  { forMe, isAllKnown }: Pick<OpenLines, 'forMe' | 'isAllKnown'>,
  holds: readonly LaneKey[] = [],
): string {
  const lanes = holds.map(({ service, environment }) => `${service} in ${environment}`);
  const held = lanes.length === 0 ? '' : `On hold: ${lanes.join('; ')}.`;
  if (forMe.length === 0)
    return held || (isAllKnown ? 'Nothing waits for you.' : 'Nothing that is known waits for you.');
  const named = forMe.map(({ run, shown }) => `${run.service} to ${run.environment}, ${shown.word}`);
  return joined(`${forMe.length} ${forMe.length === 1 ? 'waits' : 'wait'} for you: ${named.join('; ')}.`, held);
}
