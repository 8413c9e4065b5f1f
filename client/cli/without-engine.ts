import type { Command } from 'commander';
import type { Parts } from './dev-parts.ts';
import { usageFailure, type CliFailure } from './failures.ts';

/** The commands that are the engine's own work. */
const ofTheEngine = ['setup', 'dev'];

/** The parts of an installation that has the command alone: without workers, and without Temporal's SDK. */
export const withoutEngine: Parts = {
  setUpTemporal: () => Promise.reject(noEngine('setup')),
  setUpRecords: () => Promise.reject(noEngine('setup')),
  checkTemporal: () => Promise.reject(noEngine('setup')),
  checkRecords: () => Promise.reject(noEngine('setup')),
  checkSlack: () => Promise.reject(noEngine('setup')),
  recordsSql: () => Promise.reject(noEngine('setup')),
  runDev: () => Promise.reject(noEngine('dev')),
};

/** Says so before anything else is asked of whoever calls them, such as variables that would not help. */
export function refuseWithoutEngine(program: Command, parts: Parts): void {
  if (parts !== withoutEngine) return;
  program.hook('preAction', (_program, command) => {
    if (ofTheEngine.includes(command.name())) throw noEngine(command.name());
  });
}

function noEngine(command: string): CliFailure {
  return usageFailure(
    `\`slipway ${command}\` needs the engine itself, and this installation is the command alone`,
    `Run it where the engine is: \`npm run slipway -- ${command}\` in a checkout of Slipway, or \`slipway ${command}\` in its image.`,
  );
}
