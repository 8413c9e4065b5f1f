import { createCli } from '../client/cli/cli.ts';
import type { Cli } from '../client/cli/cli.ts';
import { lazyParts } from '../client/cli/dev-parts.ts';
import { processIo } from '../client/cli/io.ts';
import type { Io } from '../client/cli/io.ts';
import { otherExitCodes } from '../domain/outcomes.ts';
import { createLifetime } from './demo/lifetime.ts';
import type { Lifetime } from './demo/lifetime.ts';
import { keepRunning } from './demo/keep.ts';
import { createNarrator } from './demo/narrator.ts';
import type { Narrator } from './demo/narrator.ts';
import { parseDemoOptions } from './demo/options.ts';
import type { DemoOptions } from './demo/options.ts';
import { problemOf } from './demo/problem.ts';
import { renderResult } from './demo/result.ts';
import type { DemoResult } from './demo/result.ts';
import { tellDemo } from './demo/story.ts';
import { runOwn } from './own-command.ts';

/** `npm run demo`: sets up a whole world on this machine, releases a sample shop in it, reads back what is, and takes everything down. */
async function demo(options: DemoOptions): Promise<number> {
  const stop = new AbortController();
  const cli = createCli(ioFor(options, stop.signal), lazyParts);
  const narrator = createNarrator(cli);
  stopOnSignals(stop, narrator);
  const lifetime = createLifetime(stop.signal);
  const exitCode = await runDemo(options, cli, narrator, lifetime);
  const problems = await lifetime.end();
  for (const problem of problems) narrator.step(`could not be stopped: ${problem}`);
  if (problems.length === 0) narrator.step('everything is stopped and removed');
  return stop.signal.aborted && !keptUntilCtrlC ? otherExitCodes.interrupted : exitCode;
}

/** With `--keep`, Ctrl-C is the ordinary end. */
let keptUntilCtrlC = false;

async function runDemo(options: DemoOptions, cli: Cli, narrator: Narrator, lifetime: Lifetime): Promise<number> {
  const interrupted = new Promise<never>((_resolve, reject) => {
    lifetime.signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
  });
  const told = tellDemo({ options, cli, narrator, lifetime });
  for (const promise of [told, interrupted]) promise.catch(() => {}); // whichever is the later one is told of by nobody
  try {
    const { world, result } = await Promise.race([told, interrupted]);
    narrator.block(['', ...renderResult(result, cli)]);
    narrator.block([...addressLines(result, options), '']);
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    if (options.keep) {
      keptUntilCtrlC = true;
      await keepRunning(world, result.outcome, cli, narrator);
    }
    return result.exitCode;
  } catch (error) {
    if (lifetime.signal.aborted) return otherExitCodes.interrupted;
    const { message, next } = problemOf(error);
    if (options.json)
      process.stdout.write(`${JSON.stringify({ ok: false, exitCode: 1, error: { message, next } }, null, 2)}\n`);
    narrator.block(['', `${cli.errorColors.red('error:')} ${message}`, `  next: ${next}`, '']);
    return 1;
  }
}

function addressLines({ dashboard, temporal }: DemoResult, { keep }: DemoOptions): string[] {
  const page = dashboard && (dashboard.run ?? dashboard.url);
  return [
    ...(page === undefined ? [] : [`Its page: ${page}`]),
    `Temporal UI: ${temporal.run ?? temporal.ui ?? 'off'}`,
    ...(keep
      ? []
      : [`${page === undefined ? 'It is' : 'Both are'} gone with the demo; --keep leaves everything running.`]),
  ];
}

/** With `--json`, what people read goes to stderr. */
function ioFor({ json }: DemoOptions, signal: AbortSignal): Io {
  const io = processIo(signal);
  if (!json) return io;
  return { ...io, stdout: process.stderr, isTTY: { ...io.isTTY, stdout: io.isTTY.stderr } };
}

/** The first Ctrl-C ends everything in good order, the second at once: then the next demo clears up. */
function stopOnSignals(stop: AbortController, narrator: Narrator): void {
  const onSignal = (): void => {
    if (stop.signal.aborted) {
      process.stderr.write('stopped at once; the next demo clears up what is left\n');
      process.exit(otherExitCodes.interrupted);
    }
    narrator.step('stopping everything (Ctrl-C again: at once)');
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error; // the reader of a pipe may leave
    });
  }
}

runOwn(parseDemoOptions(process.argv.slice(2), process.stdout.columns || undefined), demo).then(
  // Native handles may keep the process alive after everything has stopped.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
