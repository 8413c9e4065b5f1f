import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { runOwn } from '../../lab/own-command.ts';
import { measureAuthorising } from './authorising.ts';
import { measureFailing } from './failing.ts';
import { measureLargeShop } from './large-shop.ts';
import { parseBenchOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { measureBurst } from './burst.ts';
import { measureClicks } from './clicks.ts';
import { endChild, startChild } from './processes.ts';
import { budgets, toJson, toText, ways } from './report.ts';
import type { Measured } from './report.ts';
import { measureRestart } from './restart.ts';
import { laneEvents, measure } from './runs.ts';
import type { Runners, Sample, Way } from './runs.ts';
import { measureWaiting } from './waiting.ts';
import { startBenchWorld } from './world.ts';
import type { BenchWorld } from './world.ts';

const begun = Date.now();
const progress = (line: string) =>
  void process.stderr.write(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);

async function measureAll(world: BenchWorld, { rounds, repeats, clicks, waiting }: BenchOptions): Promise<Measured> {
  const log = (name: string) => join(world.directory, `${name}.log`);
  const environment = world.engine.environment;
  const script = await startChild('./script.ts', environment, log('script'));
  const minimal = await startChild('./minimal-worker.ts', environment, log('minimal')).catch(async (error: unknown) => {
    await endChild(script);
    throw error;
  });
  try {
    const runners = { world, script, minimal };
    // The first release of each loads and compiles what it needs. The engine's makes the lane, whose tickets the others go by.
    for (const way of ['engine', 'minimal', 'script'] as const) await told(way, runners, 'first');
    const before = await laneEvents(world);
    const measured: Measured['rounds'] = [];
    for (let round = 1; round <= rounds; round += 1) measured.push(await oneRound(runners, `${round}/${rounds}`));
    const perRelease = ((await laneEvents(world)) - before) / rounds;
    const failing = [];
    for (let i = 0; i < repeats; i += 1) {
      failing.push(await measureFailing(world, i));
      progress(`broken release: noticed after ${Math.round(failing.at(-1)?.detectMs ?? 0)} ms`);
    }
    const restarts = [];
    for (let i = 0; i < repeats; i += 1) {
      restarts.push(await measureRestart(world, i));
      progress(`worker killed: went on ${Math.round(restarts.at(-1)?.afterRestartMs ?? 0)} ms after its restart`);
    }
    return {
      rounds: measured,
      laneEvents: perRelease,
      failing,
      restarts,
      authorising: await measureAuthorising(world.records, progress),
      largeShop: await measureLargeShop(progress),
      burst: await measureBurst(world, progress),
      clicks: await measureClicks(world, clicks, progress),
      waiting: await measureWaiting(world, waiting, progress),
    };
  } finally {
    await Promise.all([endChild(script), endChild(minimal)]);
  }
}

/** Side by side in time: what slows the machine down for a while slows all three. */
async function oneRound(runners: Runners, name: string): Promise<Record<Way, Sample>> {
  const samples: Partial<Record<Way, Sample>> = {};
  for (const way of ways) samples[way] = await told(way, runners, name);
  return samples as Record<Way, Sample>;
}

async function told(way: Way, runners: Runners, name: string): Promise<Sample> {
  const sample = await measure(way, runners);
  const { ms, cpuMs, events, approvalMs } = sample;
  progress(`${name} ${way}: ${Math.round(ms)} ms, approval ${Math.round(approvalMs)}, CPU ${cpuMs}, ${events} events`);
  return sample;
}

/** Rejects when somebody has had enough: the world is then cleared away as after a failure. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
}

async function bench(options: BenchOptions): Promise<number> {
  const commits = 3 * (options.rounds + 1) + 2 * options.repeats + options.clicks + Math.max(...options.waiting);
  const world = await startBenchWorld({ commits, progress });
  try {
    const figures = toJson(await Promise.race([measureAll(world, options), interrupted()]));
    const results = budgets(figures);
    process.stdout.write(`${options.json ? JSON.stringify(figures) : toText(figures, results)}\n`);
    const missed = results.filter((budget) => !budget.met);
    for (const { name, value, limit } of missed) progress(`budget missed: ${name}: ${value} of ${limit}`);
    return options.judge && missed.length > 0 ? 1 : 0;
  } catch (error) {
    const log = join(process.cwd(), 'slipway-bench-worker.log');
    await copyFile(join(world.directory, 'worker.log'), log).then(
      () => progress(`the worker's log: ${log}`),
      () => undefined,
    );
    throw error;
  } finally {
    await world.stop();
  }
}

runOwn(parseBenchOptions(process.argv.slice(2), process.stdout.columns || undefined), bench).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${inspect(error)}\n`);
    process.exit(1);
  },
);
