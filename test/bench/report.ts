import type { Authorising } from './authorising.ts';
import type { BurstFigures } from './burst.ts';
import type { Clicks } from './clicks.ts';
import type { FailingSample } from './failing.ts';
import type { LargeShop } from './large-shop.ts';
import type { RestartSample } from './restart.ts';
import type { Sample, Way } from './runs.ts';
import { median, quantile } from './statistics.ts';
import type { WaitingSeries } from './waiting.ts';

export interface Measured {
  /** By round: what was measured side by side stays side by side. */
  rounds: Record<Way, Sample>[];
  /** Events the lane wrote per release of the engine. */
  laneEvents: number;
  failing: FailingSample[];
  restarts: RestartSample[];
  authorising: Authorising;
  largeShop: LargeShop;
  burst: BurstFigures;
  clicks: Clicks;
  waiting: WaitingSeries;
}

export interface Budget {
  name: string;
  limit: string;
  value: string;
  met: boolean;
}

const kilobyte = 1024;
const megabyte = 2 ** 20;
export const ways: Way[] = ['script', 'minimal', 'engine'];

/** The published form: fields are only added. */
export function toJson(measured: Measured) {
  const { rounds, laneEvents, failing, restarts, authorising, largeShop, burst, clicks, waiting } = measured;
  const { script, minimal, engine } = summaries(rounds);
  return {
    script,
    minimal,
    engine,
    detectMs: median(failing.map((f) => f.detectMs)),
    rollbackMs: median(failing.map((f) => f.rollbackMs)),
    waiting: waiting.waiting,
    rounds: rounds.length,
    engineMinusMinimalMs: engine.medianMs - minimal.medianMs,
    pairedDifferenceMs: pairedDifference(rounds),
    laneEventsPerRelease: laneEvents,
    idleRssBytes: waiting.idleBytes,
    bytesPerCachedRelease: waiting.bytesPerCached,
    restartMs: Math.max(...restarts.map((r) => r.afterRestartMs)),
    bootMs: Math.max(...restarts.map((r) => r.bootMs)),
    authorising,
    largeShop,
    burst,
    clicks,
    killToNextStepMs: Math.max(...restarts.map((r) => r.afterKillMs)),
  };
}

export type Figures = ReturnType<typeof toJson>;

function summaries(rounds: Measured['rounds']) {
  const of = (way: Way) => {
    const samples = rounds.map((round) => round[way]);
    const values = (name: keyof Sample) => samples.map((sample) => sample[name]);
    return {
      medianMs: median(values('ms')),
      p95Ms: quantile(values('ms'), 0.95),
      cpuMs: median(values('cpuMs')),
      events: median(values('events')),
      historyBytes: median(values('historyBytes')),
      externalCalls: median(values('externalCalls')),
      approvalMs: median(values('approvalMs')),
    };
  };
  return { script: of('script'), minimal: of('minimal'), engine: of('engine') };
}

/** Each round's own difference: what slowed the machine down for a while slowed all three. */
function pairedDifference(rounds: Measured['rounds']): number {
  return median(rounds.map(({ engine, minimal }) => engine.ms - minimal.ms));
}

export function budgets(figures: Figures): Budget[] {
  const {
    engine,
    minimal,
    engineMinusMinimalMs: difference,
    restartMs,
    bytesPerCachedRelease,
    waiting,
    largeShop,
    burst,
    clicks,
  } = figures;
  const allowed = Math.max(300, minimal.medianMs / 10);
  const thousand = waiting.find(({ releases }) => releases === 1_000);
  const budget = (name: string, value: number, limit: number, unit: (n: number) => string): Budget => ({
    name,
    limit: unit(limit),
    value: unit(value),
    met: value <= limit,
  });
  return [
    budget('engine − minimal (10 % or 300 ms)', difference, allowed, milliseconds),
    budget('events of a release', engine.events, 300, String),
    budget('bytes of its history', engine.historyBytes, megabyte, kilobytes),
    budget('memory per cached waiting release', bytesPerCachedRelease, 400 * kilobyte, kilobytes),
    ...(thousand
      ? [budget('memory of the worker at 1,000 waiting', thousand.rssBytes, 450 * megabyte, megabytes)]
      : []),
    budget('restarted worker to the next step', restartMs, 3_000, milliseconds),
    budget('rollback decision to verified', figures.rollbackMs, 5_000, milliseconds),
    budget('authorising a step of a release, p95', figures.authorising.releaseP95Ms, 10, milliseconds),
    budget('authorising a step of a rollback, p95', figures.authorising.rollbackP95Ms, 10, milliseconds),
    budget('click in Slack to the next step, p99', clicks.p99Ms, 1_000, milliseconds),
    budget('answer after a burst', burst.afterMs, 1_000, milliseconds),
    budget('replay of a large shop', largeShop.replayMs, 1_000, milliseconds),
    budget('status of a large shop, p95', largeShop.statusP95Ms, 1_000, milliseconds),
    budget('largest event of a large shop', largeShop.largestEventBytes, 256 * kilobyte, kilobytes),
  ];
}

export function toText(figures: Figures, results: Budget[]): string {
  const { minimal, script } = figures;
  const row = (name: string, unit: (n: number) => string, of: (way: Way) => number) =>
    [name.padEnd(26), ...ways.map((way) => unit(of(way)).padStart(12))].join('');
  const difference = (name: string, ms: number, base: number) =>
    `${name.padEnd(26)}${milliseconds(ms).padStart(12)}${`${((100 * ms) / base).toFixed(1)} %`.padStart(12)}`;
  return [
    `${''.padEnd(26)}${ways.map((way) => way.padStart(12)).join('')}`,
    row('median', milliseconds, (way) => figures[way].medianMs),
    row('p95', milliseconds, (way) => figures[way].p95Ms),
    row('of it, giving approval', milliseconds, (way) => figures[way].approvalMs),
    row('CPU', milliseconds, (way) => figures[way].cpuMs),
    row('history events', String, (way) => figures[way].events),
    row('history', kilobytes, (way) => figures[way].historyBytes),
    row('external calls', String, (way) => figures[way].externalCalls),
    '',
    difference('minimal − script', minimal.medianMs - script.medianMs, script.medianMs),
    difference('engine − minimal', figures.engineMinusMinimalMs, minimal.medianMs),
    difference('  by round, median', figures.pairedDifferenceMs, minimal.medianMs),
    '',
    `crash loop to diagnosis       ${milliseconds(figures.detectMs)}`,
    `rollback decision to verified ${milliseconds(figures.rollbackMs)}`,
    `kill -9 to next step          ${milliseconds(figures.killToNextStepMs)} (${milliseconds(figures.restartMs)} after the new process began, which polls after ${milliseconds(figures.bootMs)})`,
    `lane events per release       ${figures.laneEventsPerRelease}`,
    `worker memory                 ${[`idle ${megabytes(figures.idleRssBytes)}`, ...figures.waiting.map((w) => `${w.releases} waiting ${megabytes(w.rssBytes)} (${megabytes(w.uncollectedBytes)} before a collection)`)].join(', ')}`,
    `per cached waiting release    ${kilobytes(figures.bytesPerCachedRelease)}`,
    `authorising a step            ${figures.authorising.releaseP95Ms.toFixed(1)} ms for a release, ${figures.authorising.rollbackP95Ms.toFixed(1)} ms for a rollback (p95 of ${figures.authorising.steps}, the middle of three rounds)`,
    `click to next step            ${milliseconds(figures.clicks.p50Ms)}, p99 ${milliseconds(figures.clicks.p99Ms)} (${figures.clicks.waiting} waiting)`,
    `burst                         ${burstLine(figures.burst)}`,
    `large shop                    ${largeShopLine(figures.largeShop)}`,
    '',
    ...results.map((b) => `${b.met ? 'ok    ' : 'MISSED'} ${b.name}: ${b.value} of ${b.limit}`),
  ].join('\n');
}

function burstLine({ requests, statuses, ms, meanwhile, afterMs }: BurstFigures): string {
  const came = Object.entries(statuses).map(([status, times]) => `${times} × ${status === '0' ? 'cut off' : status}`);
  const others = `others meanwhile: ${meanwhile.answered} answered, the slowest after ${milliseconds(meanwhile.slowestMs)}, ${meanwhile.refused} not`;
  return `${requests} in ${milliseconds(ms)} (${came.join(', ')}); ${others}; then one after ${milliseconds(afterMs)}`;
}

function largeShopLine({ regions, components, events, historyBytes, replayMs, together, ...shop }: LargeShop): string {
  const status = `status after ${milliseconds(shop.statusP95Ms)} (p95; at most ${milliseconds(shop.statusMaxMs)}) while ${together} run`;
  const history = `${events} events, ${kilobytes(historyBytes)} as JSON, the largest ${kilobytes(shop.largestEventBytes)}`;
  return `${regions} regions, ${components} components: ${history}; replayed in ${milliseconds(replayMs)}; ${status}`;
}

function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}
function kilobytes(bytes: number): string {
  return `${Math.round(bytes / kilobyte)} KB`;
}
function megabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}
