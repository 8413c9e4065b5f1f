import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus, WaitingFor } from '../../domain/contract/status.ts';
import { courseInWords } from '../../domain/approval-course.ts';
import { decisionCommands } from '../../domain/decision-commands.ts';
import { unknownInWords } from '../../domain/not-begun.ts';
import { isOutcome } from '../../domain/outcomes.ts';
import { endedWell, endInWords } from '../../domain/run-end.ts';
import { shortName } from '../../domain/short-names.ts';
import { firstSentence } from '../../domain/whole-text.ts';
import { requesterInWords } from '../../domain/requester.ts';
import type { Colors } from './cli.ts';
import { planOf } from './decide.ts';
import { columnsOf, foldedToRead, indented, table } from './layout.ts';
import { renderRegions } from './render-regions.ts';
import { renderStages } from './render-stages.ts';
import { oneLine, safeText } from './safe-text.ts';
import { clock, dateAndTime, deadline, duration, shortCommit } from './words.ts';

export interface RenderOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** Columns; lines go on in the next where they are longer, except those that hold the release id. Infinity folds nothing. */
  width: number;
  colors: Colors;
  /** IANA name; the machine's own when absent. */
  timeZone?: string;
  /** How many of the newest log lines are shown. 10 when absent. */
  logLines?: number;
}

/** How a release stands, as lines for a person. Pure: the same view at the same time gives the same lines. */
export function renderStatus(view: ReleaseView, options: RenderOptions): string[] {
  const { status } = view;
  const sections = [
    heading(view, options),
    status?.failure ? failureLines(status.failure, options) : [],
    troubleLines(view, options),
    decisionLines(view, options),
    waitingLines(view, options),
    status ? renderRegions(status.regions, options) : [],
    status ? renderStages(view, status, options) : [],
    status ? checkLines(status, options) : [],
    status ? logLines(status, options) : [],
    addressLines(view),
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ['', ...section]));
  return lines.flatMap((line) => foldedToRead(line, options.width));
}

function addressLines({ pageUrl, temporalUrl }: ReleaseView): string[] {
  return [
    ...(pageUrl ? [`Page: ${oneLine(pageUrl)}`] : []),
    ...(temporalUrl ? [`Temporal: ${oneLine(temporalUrl)}`] : []),
  ];
}

/** The `why` lines alone, under one line that says what they are about. */
export function renderWhy(view: ReleaseView, { colors }: Pick<RenderOptions, 'colors'>): string[] {
  const atEnd = view.unknown ? unknownInWords(view.unknown) : (view.outcome ?? 'ended');
  const state = oneLine(view.open ? (view.status?.stage ?? 'open') : atEnd);
  return [`${colors.bold(oneLine(view.releaseId))}  ${state}`, ...view.why.map((line) => `  ${oneLine(line)}`)];
}

export function heading(view: ReleaseView, { now, width, colors, timeZone }: RenderOptions): string[] {
  const name = shortName(view);
  const id = oneLine(view.releaseId);
  const title = `${oneLine(name === view.releaseId ? view.service : name)} → ${oneLine(view.environment)}`;
  const about = `commit ${shortCommit(oneLine(view.commit))} on ${oneLine(view.branch)}, attempt ${view.attempt}`;
  return [
    // In one piece where that is possible: it is there to be copied.
    ...(columnsOf(title) + 2 + columnsOf(id) <= width
      ? [`${colors.bold(title)}  ${colors.dim(id)}`]
      : [colors.bold(title), colors.dim(id)]),
    `${about}, requested by ${oneLine(requesterInWords(view))} at ${clock(view.startedAt, timeZone)}`,
    view.open ? openLine(view, now, colors) : endLine(view, colors),
  ];
}

function openLine(view: ReleaseView, now: number, colors: Colors): string {
  const running = colors.dim(`(${duration(now - view.startedAt)})`);
  if (!view.status) return `${colors.yellow('●')} open; how far it is cannot be seen right now ${running}`;
  const doing = oneLine(view.status.doing);
  return `${colors.cyan('●')} ${colors.bold(oneLine(view.status.stage))}${doing ? `: ${doing}` : ''} ${running}`;
}

function endLine(view: ReleaseView, colors: Colors): string {
  if (view.unknown) return colors.yellow(`? ${unknownInWords(view.unknown)}`);
  // As it came: a word that only looks like one of ours is none.
  const { outcome: word = '' } = view;
  const outcome = isOutcome(word) ? word : oneLine(word || 'ended, outcome not recorded yet');
  const says = oneLine(firstSentence(view.summary ?? '') || (isOutcome(word) ? endInWords(view.releaseId, word) : ''));
  // Of one that was ended from outside nobody knows when.
  const took = view.endedAt === undefined ? '' : colors.dim(` (${duration(view.endedAt - view.startedAt)})`);
  const mark = endedWell(view.releaseId, word) ? colors.green(`✔ ${outcome}`) : colors.red(`✖ ${outcome}`);
  return `${mark}${says ? ` — ${says}` : ''}${took}`;
}

/** How it has ended, with all that is said of it: a line for each sentence. */
export function endLines({ outcome, summary }: Pick<ReleaseView, 'outcome' | 'summary'>): string[] {
  const [first = '', ...rest] = (summary ?? '').trim().split('\n');
  const says = oneLine(rest.length > 0 ? first : (summary ?? ''));
  return [`${oneLine(outcome ?? '')}${says ? `: ${says}` : ''}`, ...rest.map((line) => `  ${oneLine(line)}`)];
}

export function checkLines({ checks }: ReleaseStatus, { colors }: RenderOptions): string[] {
  if (checks.length === 0) return [];
  // What did not pass is what people look for.
  const sorted = [...checks].sort((a, b) => Number(a.verdict === 'pass') - Number(b.verdict === 'pass'));
  return [colors.bold('Checks'), ...checkRows(sorted, colors)];
}

/** Those that did not pass; of the others how many there are. */
export function checksInShort({ checks }: ReleaseStatus, { colors }: RenderOptions): string[] {
  const others = checks.filter(({ verdict }) => verdict !== 'pass');
  const passed = checks.length - others.length;
  return [
    colors.bold('Checks'),
    ...checkRows(others, colors),
    ...(passed > 0 ? [`  ${colors.green('✔')} ${passed} passed`] : []),
  ];
}

function checkRows(checks: ReleaseStatus['checks'], colors: Colors): string[] {
  const marks: Record<string, string> = { pass: colors.green('✔ pass'), fail: colors.red('✖ fail') };
  const rows = checks.map(({ name, verdict, summary }) => [
    marks[verdict] ?? colors.yellow(`? ${oneLine(verdict)}`),
    oneLine(name),
    oneLine(summary),
  ]);
  return table(rows, '  ');
}

/** Who has decided what, when and why; what the run did not take, too. */
export function decisionLines({ recorded }: ReleaseView, { colors, timeZone }: RenderOptions): string[] {
  const { decisions = [] } = recorded ?? {};
  if (decisions.length === 0) return [];
  return [
    colors.bold('Decided'),
    ...decisions.map(({ kind, by, at, reason, refused }) => {
      const why = reason ? `: ${oneLine(reason)}` : '';
      const taken = refused === undefined ? '' : colors.yellow(` (not taken: ${oneLine(refused)})`);
      return `  ${dateAndTime(at, timeZone)} ${oneLine(kind)} by ${oneLine(by)}${why}${taken}`;
    }),
  ];
}

export function troubleLines({ troubles = [] }: ReleaseView, { colors }: RenderOptions): string[] {
  return troubles.length === 0 ? [] : [colors.bold('Trouble'), ...troubles.map((line) => `  ${oneLine(line)}`)];
}

export function waitingLines(view: ReleaseView, { now, colors, timeZone }: RenderOptions): string[] {
  const waiting = view.open ? view.status?.waitingFor : undefined;
  if (!waiting) return view.open && view.status ? [] : whyLines(view, colors);
  return [
    colors.bold('Waits'),
    ...(isForLane(view.status) ? view.why.map((line) => `  ${oneLine(line)}`) : [`  for ${waitingText(waiting)}`]),
    ...(waiting.until === undefined ? [] : [`  ${deadline(waiting.until, now, timeZone)}`]),
    ...courseLine(waiting, now, timeZone),
    ...hints(view).map((hint) => `  ${colors.cyan(hint)}`),
  ];
}

/** The deadline stands above. */
function courseLine({ until: _above, ...waiting }: WaitingFor, now: number, timeZone?: string): string[] {
  const course = courseInWords(waiting, now, (at) => dateAndTime(at, timeZone));
  return course === undefined ? [] : [`  ${oneLine(course)}`];
}

/** But for what stands above: how it ended, and what is in its way. */
function whyLines({ open, outcome, why, troubles = [] }: ReleaseView, colors: Colors): string[] {
  const isSaid = (line: string) => troubles.includes(line) || (!open && line.startsWith(`It has ended: ${outcome}`));
  const lines = why.filter((line) => !isSaid(line));
  return lines.length === 0 ? [] : [colors.bold('Why'), ...lines.map((line) => `  ${oneLine(line)}`)];
}

/** How it can be moved, as commands; of an approval the one that approves. */
function hints(view: ReleaseView): string[] {
  if (view.status?.stage === 'awaiting-approval') return [approveHint(view)];
  return decisionCommands(oneLine(shortName(view)), view.status?.waitingFor?.decisions);
}

/** No lane moves a run: the reasons say who opens it, or which run has it. */
export function isForLane(status: Pick<ReleaseStatus, 'stage'> | undefined): boolean {
  return status?.stage === 'awaiting-lane';
}

export function waitingText({ what, who }: WaitingFor): string {
  return `${oneLine(firstSentence(what))}; who can move it: ${oneLine(who)}`;
}

/** The command that approves exactly the plan that waits. */
export function approveHint(release: ReleaseView): string {
  const hash = planOf(release);
  return `slipway approve ${oneLine(shortName(release))}${hash ? ` --plan ${oneLine(hash)}` : ''}`;
}

export function failureLines(
  failure: NonNullable<ReleaseStatus['failure']>,
  { colors }: Pick<RenderOptions, 'colors'>,
): string[] {
  return [
    colors.red(`${oneLine(failure.code)} ${oneLine(failure.title)}`),
    ...indented(safeText(failure.detail ?? ''), '  '),
    `  next: ${oneLine(failure.next)}`,
  ];
}

export function logLines({ log }: ReleaseStatus, { logLines: wanted = 10, colors, timeZone }: RenderOptions): string[] {
  const newest = wanted > 0 ? log.slice(-wanted) : [];
  if (newest.length === 0) return [];
  return [colors.bold('Log'), ...newest.map(({ at, line }) => `  ${colors.dim(clock(at, timeZone))} ${oneLine(line)}`)];
}
