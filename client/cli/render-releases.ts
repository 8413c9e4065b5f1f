import type { ReleaseRow, RunState } from '../../domain/contract/gateway.ts';
import { endedWell } from '../../domain/run-end.ts';
import { shortName } from '../../domain/short-names.ts';
import { firstSentence } from '../../domain/whole-text.ts';
import { requesterInWords } from '../../domain/requester.ts';
import type { Colors } from './cli.ts';
import { columnsOf, table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { ago, duration, inLargest, shortCommit } from './words.ts';

interface ListOptions {
  now: number;
  /** Columns of the terminal; Infinity where nothing is folded. */
  width: number;
  colors: Colors;
}

/** Less of a line than that cannot be read. */
const narrowestState = 24;

/** Newest first, as the gateway gives them. Names are never cut: they are there to be copied. Pure. */
export function renderReleases(rows: ReleaseRow[], { now, width, colors }: ListOptions): string[] {
  if (rows.length === 0) return ['No releases.'];
  const heading = ['RELEASE', 'ENVIRONMENT', 'COMMIT', 'ASKED', 'BY'].map((word) => colors.bold(word));
  const names = rows.map((row) => [
    oneLine(shortName(row)),
    oneLine(row.environment),
    shortCommit(oneLine(row.commit)),
    ago(row.startedAt, now),
    oneLine(requesterInWords(row)),
  ]);
  const states = [colors.bold('STATE'), ...rows.map((row) => stateText(row, { now, colors }))];
  const beside = table([heading, ...names].map((row, at) => [...row, states[at]!]));
  const [title, ...alone] = table([heading, ...names]);
  if (Math.max(...[title!, ...alone].map(columnsOf)) + 2 + narrowestState <= width) return beside;
  return [title!, ...alone.flatMap((line, at) => [line, `    ${states[at + 1]}`])];
}

function stateText(row: ReleaseRow, { now, colors }: Pick<ListOptions, 'now' | 'colors'>): string {
  const { outcome, endedAt, startedAt, releaseId, undoes, state } = row;
  const what = undoes ? 'rollback: ' : '';
  if (outcome === undefined) return `${what}${openText({ state, endedAt }, now, colors)}`;
  const took = endedAt === undefined ? '' : colors.dim(` in ${duration(endedAt - startedAt)}`);
  const words = `${what}${oneLine(outcome)}`;
  return `${endedWell(releaseId, outcome) ? colors.green(`✔ ${words}`) : colors.red(`✖ ${words}`)}${took}`;
}

function openText(
  { state, endedAt }: { state: RunState | undefined; endedAt: number | undefined },
  now: number,
  colors: Colors,
): string {
  if (endedAt !== undefined) return colors.yellow('? unknown');
  if (!state) return `${colors.yellow('●')} open; how far it is cannot be seen`;
  const since = `since ${inLargest(now - state.since)}`;
  if (state.stage === 'awaiting-lane')
    return `${colors.yellow('●')} waits ${since} for ${oneLine(firstSentence(state.waitingFor?.what ?? 'the lane'))}`;
  if (state.waitingFor)
    return `${colors.yellow('●')} ${oneLine(state.stage)}: waits for ${oneLine(state.waitingFor.who)} ${since}`;
  return `${colors.cyan('●')} ${oneLine(state.stage)} ${since}`;
}
