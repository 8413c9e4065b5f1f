import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { measureFailing } from './failing.ts';
import { measureLargeShop } from './large-shop.ts';
import { endChild, startChild } from './processes.ts';
import { budgets, toJson, toText, ways } from './report.ts';
import type { Measured } from './report.ts';
import { measureRestart } from './restart.ts';
import { laneEvents, measure } from './runs.ts';
import type { Runners, Sample, Way } from './runs.ts';
import { measureWaiting } from './waiting.ts';
import { startBenchWorld } from './world.ts';
import type { BenchWorld } from './world.ts';

const usage = `usage: npm run bench -- [--rounds 15] [--waiting 1,100,1000] [--repeats 3] [--json] [--no-budgets]

--rounds      how often script, minimal workflow and engine release, one after the other
--repeats     how often a broken release is rolled back, and the worker killed
--waiting     how many releases wait for approval when memory is measured, ascending
--json        one line of figures instead of the table
--no-budgets  exit 0 even when a budget is missed`;

interface Options {
  rounds: number;
  repeats: number;
  waiting: number[];
  json: boolean;
  judge: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '15' },
      repeats: { type: 'string', default: '3' },
      waiting: { type: 'string', default: '1,100,1000' },
      json: { type: 'boolean', default: false },
      'no-budgets': { type: 'boolean', default: false },
    },
  });
  const count = (text: string) => {
    if (!/^[1-9]\d{0,3}$/.test(text))
      throw new Error(`${JSON.stringify(text)} is not a number from 1 to 9999\n\n${usage}`);
    return Number(text);
  };
  const waiting = values.waiting.split(',').map(count);
  if (waiting.some((n, i) => n <= (waiting[i - 1] ?? 0))) throw new Error(`--waiting must ascend\n\n${usage}`);
  return {
    rounds: count(values.rounds),
    repeats: count(values.repeats),
    waiting,
    json: values.json,
    judge: !values['no-budgets'],
  };
}

const begun = Date.now();
const progress = (line: string) =>
  void process.stderr.write(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);

async function measureAll(world: BenchWorld, { rounds, repeats, waiting }: Options): Promise<Measured> {
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
      largeShop: await measureLargeShop(progress),
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

async function main(): Promise<number> {
  const options = readOptions();
  const commits = 3 * (options.rounds + 1) + 2 * options.repeats + Math.max(...options.waiting);
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

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${inspect(error)}\n`);
    process.exit(1);
  },
);
