import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { stages, type ReleaseStatus, type Stage } from '../../domain/contract/status.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import type { Colors } from './cli.ts';
import { columnsOf, table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { duration } from './words.ts';

interface Options {
  now: number;
  width: number;
  colors: Colors;
}

/** A mark, the stage, and how long it took or takes; nothing of what is still ahead. */
type StageCells = [mark: string, stage: string, took: string];

/** The way of a run, a line for each stage. */
export function renderStages(view: ReleaseView, status: ReleaseStatus, options: Options): string[] {
  return [options.colors.bold('Stages'), ...table(stageCells(view, status, options), '  ')];
}

/** The same beside one another, on as many lines as that takes. */
export function stagesBeside(view: ReleaseView, status: ReleaseStatus, options: Options): string[] {
  const lines: string[] = [];
  for (const cells of stageCells(view, status, options)) {
    const text = cells.filter((cell) => cell !== '').join(' ');
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 3 + columnsOf(text) <= options.width)
      lines[lines.length - 1] = `${last}   ${text}`;
    else lines.push(`  ${text}`);
  }
  return lines;
}

function stageCells(view: ReleaseView, status: ReleaseStatus, { now, colors }: Options): StageCells[] {
  const begun = status.timings.filter(({ stage }) => stage !== 'done');
  const seen = begun.map(({ stage, startedAt, endedAt }, at): StageCells => {
    const took = duration((endedAt ?? view.endedAt ?? now) - startedAt);
    if (endedAt === undefined && view.open) return [colors.cyan('●'), oneLine(stage), took];
    return [wentWell(view, stage, begun[at + 1]?.stage) ? colors.green('✔') : colors.red('✖'), oneLine(stage), took];
  });
  const ahead = view.open ? stagesAhead(status) : [];
  return [...seen, ...ahead.map((stage): StageCells => [colors.dim('·'), colors.dim(stage), ''])];
}

/** A stage failed when the run was held or rolled back after it, or ended with it in any other way than well. */
function wentWell({ open, outcome }: ReleaseView, stage: Stage, next: Stage | undefined): boolean {
  // From here a run goes to a rollback on purpose: a person has said so, or has ordered one of a release that had ended.
  if (stage === 'held' || stage === 'awaiting-lane') return next !== undefined || open;
  if (next !== undefined) return next !== 'held' && next !== 'rolling-back';
  // A way back that was completed went well, though the release did not.
  const { level, close } = meaningOf(outcome);
  return open || level === 'info' || (stage === 'rolling-back' && close === 'completed');
}

/** What the story has left after the stage it is in. Off the straight way (held, rolling back) nothing is promised. */
function stagesAhead({ stage, timings }: ReleaseStatus): Stage[] {
  const offTheWay: Stage[] = ['held', 'rolling-back', 'done'];
  if (offTheWay.includes(stage)) return [];
  const been = new Set(timings.map((timing) => timing.stage));
  return stages.slice(stages.indexOf(stage) + 1).filter((next) => !been.has(next) && !offTheWay.includes(next));
}
