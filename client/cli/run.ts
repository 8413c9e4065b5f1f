import { CommanderError } from 'commander';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { ownPackage, type OwnVersion } from '../own-package.ts';
import { createCli } from './cli.ts';
import { checkNames } from './check-names.ts';
import { processIo, type Io } from './io.ts';
import type { Parts } from './dev-parts.ts';
import { buildProgram } from './program.ts';
import { reportFailure } from './report.ts';
import { usageInWords } from './usage-words.ts';
import { tellVersions } from './version-notice.ts';

/** Runs one command. `argv` is what stands after the program's name; returns the exit code and never throws. */
export async function run(
  argv: readonly string[],
  io: Io,
  parts: Parts,
  own: OwnVersion = ownPackage(),
): Promise<number> {
  const json = argv.includes('--json');
  // What checks documents is loaded where there is one: other commands begin without it.
  const cli = createCli(io, parts, json ? (await import('./json-documents.ts')).shapeDocument : undefined);
  try {
    const program = buildProgram(cli, own);
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return otherExitCodes.usage;
    }
    checkNames(program, argv);
    await program.parseAsync(argv, { from: 'user' }).catch((error: unknown) => {
      const isUsage = error instanceof CommanderError && error.exitCode !== 0;
      throw isUsage ? usageInWords(error, program, argv) : error;
    });
    return cli.exitCode;
  } catch (error) {
    return reportFailure(cli, error, json);
  } finally {
    if (!json) tellVersions(cli, own.version);
  }
}

/** Runs the command line of this process and sets its exit code. The first Ctrl-C ends what can be ended, the second everything. */
export async function runProcess(parts: Parts): Promise<void> {
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
  process.exitCode = await run(process.argv.slice(2), processIo(stop.signal), parts);
  process.stdin.unref?.();
}
