import { unknownInWords, type Unknown } from '../../domain/not-begun.ts';
import { isOutcome, otherExitCodes, outcomes } from '../../domain/outcomes.ts';
import { exitCodeOfRun } from '../../domain/run-end.ts';
import { CliFailure } from './failures.ts';

const otherSays: Record<keyof typeof otherExitCodes, string> = {
  usage: 'the command line or what it names is not right, or not there; nothing was started',
  refused: 'the gateway, the pipeline file or a person said no; nothing was changed by this command',
  unreachable: 'the gateway cannot be reached, its answer cannot be understood, or no worker says how a lane stands',
  stillRunning: 'followed until --timeout; the release goes on',
  interrupted: 'Ctrl-C; a release that was followed goes on',
};

/** What these mean of commands that are about no release, or put one back. */
const alsoSays: Readonly<Record<string, string>> = {
  verified: '; of a rollback that was ordered: all of it is back; for other commands: done',
  failed:
    '; `validate`, `policy explain`, `doctor`, `setup` and `audit verify`: there are problems, or something is left to do',
};

/** `validate`, `policy explain`, `doctor` and `setup` found something: the code that checkers use. */
export const foundProblems = outcomes.failed.exitCode;

export interface ExitCodeRow {
  code: number;
  name: string;
  says: string;
}

/** Every exit code, from the table of outcomes and the codes beside it, in order of number. */
export function exitCodeRows(): ExitCodeRow[] {
  const ends = Object.entries(outcomes).map(([name, { exitCode, says }]) => {
    return { code: exitCode, name, says: `${says}${alsoSays[name] ?? ''}` };
  });
  const others = Object.entries(otherExitCodes).map(([name, code]) => ({
    code,
    name,
    says: otherSays[name as keyof typeof otherExitCodes],
  }));
  return [...ends, ...others].sort((a, b) => a.code - b.code);
}

/** The exit code of a release that has ended. Throws when this version does not know the outcome: that is never a success. */
export function exitCodeOf(release: { releaseId: string; outcome?: string; unknown?: Unknown }): number {
  const { releaseId, outcome } = release;
  if (outcome !== undefined && isOutcome(outcome)) return exitCodeOfRun(releaseId, outcome);
  throw new CliFailure({
    code: 'unknown-outcome',
    message: release.outcome
      ? `the release ended as "${release.outcome}", which this version of slipway does not know`
      : release.unknown
        ? `how the release ended is not known: ${unknownInWords(release.unknown)}`
        : 'the release has ended and no outcome is recorded',
    next: `Look at it with: slipway status ${release.releaseId} --why`,
    exitCode: otherExitCodes.unreachable,
    ids: { releaseId: release.releaseId },
  });
}
