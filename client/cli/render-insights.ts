import type { Dora, Insights, TargetMeasure, Trouble } from '../../domain/contract/insights.ts';
import {
  boundsInWords,
  briefly,
  bucketInWords,
  causeInWords,
  endedInWords,
  headlineOf,
  limitIn,
  metInWords,
  percent,
  restoredInWords,
  restoreInWords,
  stepInWords,
  titleOf,
} from '../../domain/insights/words.ts';
import { firstSentence } from '../../domain/whole-text.ts';
import { visible } from '../../domain/visible.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { plural } from './words.ts';

interface InsightsOptions {
  colors: Colors;
}

/** The rest is on the page, and with `--json`. */
const mostTroubles = 5;

/** What the page says, in the same words: the sentence, the five targets, DORA's four, and what takes longest. Pure. */
export function renderInsights(insights: Insights, { colors }: InsightsOptions): string[] {
  const { tone, says, slowest } = headlineOf(insights);
  const colored = { good: colors.green, ask: colors.yellow, stop: colors.red, mute: colors.dim }[tone];
  return [
    colored(says),
    ...(slowest === undefined ? [] : [slowest]),
    aboutWhat(insights),
    ...boundsInWords(insights).map((line) => colors.yellow(line)),
    ...titled('Time targets, without waiting', table(insights.targets.map(targetCells), '  '), colors),
    ...titled('The four of DORA', table(doraRows(insights.dora), '  '), colors),
    ...titled('Slowest steps', stepLines(insights), colors),
    ...titled('Time to the last yes', approvalLines(insights), colors),
    ...titled('Rollbacks and holds', troubleLines(insights, colors), colors),
    '',
    colors.dim('How each is counted: slipway insights --how'),
  ];
}

const titled = (title: string, lines: readonly string[], { bold }: Colors) =>
  lines.length === 0 ? [] : ['', bold(title), ...lines];

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function aboutWhat({ lookedAt, services, since, until, service, environment, counted }: Insights): string {
  const what = counted === 'production' ? 'production' : (environment ?? 'all environments');
  const whose = service === undefined ? plural(services, 'service') : oneLine(service);
  return `${plural(lookedAt, 'release')} of ${whose} to ${oneLine(what)}, ${dayOf(since)} to ${dayOf(until)} (UTC)`;
}

function targetCells(target: TargetMeasure): string[] {
  const { name, medianMs, count, leftOut } = target;
  const left = leftOut === undefined ? '' : `; ${leftOut} left out: the time of the commit is not known`;
  return [
    titleOf(name),
    medianMs === undefined ? '-' : briefly(medianMs),
    `of ${limitIn(target)}`,
    `${metInWords(target)}${count > 0 ? ` (${count})` : ''}${left}`,
  ];
}

function doraRows({ deployments, leadTime, failed, restore }: Dora): string[][] {
  return [
    ['Deployments', `${deployments.perWeek.toFixed(1)} a week`, `${deployments.count} in all`],
    [
      'Lead time for changes',
      leadTime.medianMs === undefined ? '-' : briefly(leadTime.medianMs),
      leadTime.waitedMs === undefined ? 'nothing to count yet' : `and ${briefly(leadTime.waitedMs)} waited`,
    ],
    [
      'Changes that failed',
      failed.share === undefined ? '-' : percent(failed.share),
      `${failed.count} of ${failed.changed}${failed.endedBefore > 0 ? `; ${failed.endedBefore} more failed before they changed anything` : ''}`,
    ],
    ['Time to restore', restore.medianMs === undefined ? '-' : briefly(restore.medianMs), restoreInWords(restore)],
  ];
}

function stepLines({ steps }: Insights): string[] {
  const rows = steps.map((step) => [
    oneLine(stepInWords(step)),
    briefly(step.medianMs),
    `one of ten over ${briefly(step.mostMs)}`,
  ]);
  return table(rows, '  ');
}

function approvalLines({ approvals: { count, medianMs, buckets } }: Insights): string[] {
  if (count === 0 || medianMs === undefined) return [];
  const shown = buckets.map(({ underMs, count: many }, nth) => [
    bucketInWords(underMs, buckets[nth - 1]?.underMs),
    `${many}`,
  ]);
  return [`  ${plural(count, 'approval')}, median ${briefly(medianMs)}`, ...table(shown, '  ')];
}

function troubleLines({ troubles, moreTroubles = 0 }: Insights, colors: Colors): string[] {
  const more = troubles.length + moreTroubles - mostTroubles;
  return [
    ...troubles.slice(0, mostTroubles).flatMap((one) => troubleOf(one, colors)),
    ...(more > 0 ? [`  and ${more} older: on the page, or with --json`] : []),
  ];
}

/** Causes are words of others. */
function troubleOf(trouble: Trouble, colors: Colors): string[] {
  const { at, service, number, releaseId, regions, ended } = trouble;
  const name = number === undefined ? releaseId : `${service}#${number}`;
  const where = regions.length === 0 ? '' : ` in ${regions.map(oneLine).join(', ')}`;
  return [
    `  ${dayOf(at)}  ${oneLine(name)}${where}: ${colors.red(endedInWords(ended))}, restored in ${restoredInWords(trouble)}`,
    `      ${visible(oneLine(firstSentence(causeInWords(trouble))))}`,
  ];
}
