import { readFileSync } from 'node:fs';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { createCli } from './cli.ts';
import { processIo, type Io } from './io.ts';
import { lazyParts, type Parts } from './dev-parts.ts';
import { buildProgram } from './program.ts';
import { reportFailure } from './report.ts';

/** Runs one command. `argv` is what stands after the program's name; returns the exit code and never throws. */
export async function run(argv: readonly string[], io: Io, parts: Parts = lazyParts): Promise<number> {
  const cli = createCli(io, parts);
  try {
    const program = buildProgram(cli, version());
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return otherExitCodes.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    return reportFailure(cli, error, argv.includes('--json'));
  }
}

/** Runs the command line of this process and sets its exit code. The first Ctrl-C ends what can be ended, the second everything. */
export async function main(): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(otherExitCodes.interrupted);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // `slipway releases | head`: the reader may leave; the exit code still says how the command ended.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.exitCode = await run(process.argv.slice(2), processIo(stop.signal));
  process.stdin.unref?.();
}

/** From package.json beside the sources, or one folder higher when this runs compiled. */
function version(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

if (import.meta.main) await main();
