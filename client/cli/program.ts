import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { registerApprove } from './commands/approve.ts';
import { registerAudit } from './commands/audit.ts';
import { registerDecisions } from './commands/decisions.ts';
import { registerDeploy } from './commands/deploy.ts';
import { registerDev } from './commands/dev.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerHelp } from './commands/help.ts';
import { registerLane } from './commands/lane.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerReleases } from './commands/releases.ts';
import { registerRollback } from './commands/rollback.ts';
import { registerSchema } from './commands/schema.ts';
import { registerSetup } from './commands/setup.ts';
import { registerStatus } from './commands/status.ts';
import { registerValidate } from './commands/validate.ts';
import { registerWatch } from './commands/watch.ts';

const groups = {
  'Release:': [registerDeploy, registerStatus, registerWatch, registerReleases],
  'Decide:': [registerPlan, registerApprove, registerDecisions, registerRollback],
  'Lane:': [registerLane],
  'Pipeline file:': [registerValidate, registerPolicy, registerSchema],
  'Operate:': [registerSetup, registerDev, registerDoctor, registerAudit, registerHelp],
};

const footer = `
Environment:
  SLIPWAY_GATEWAY    address of the gateway
  SLIPWAY_TOKEN      your token; never an argument, which others on this machine could read
  NO_COLOR           no colours

Examples:
  slipway deploy --service shop
  slipway status --service shop --environment production --why
  slipway help exit-codes`;

/** The command line. Errors are thrown as CommanderError, never printed or exited with here. */
export function buildProgram(cli: Cli, version: string): Command {
  const { io } = cli;
  const program = new Command('slipway')
    .description('Releases, from a commit to the last verified region.')
    .version(version)
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => io.columns(),
      getErrHelpWidth: () => io.columns(),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', footer);
  for (const [group, registrations] of Object.entries(groups)) {
    program.commandsGroup(group);
    for (const register of registrations) register(program, cli);
  }
  return program;
}
