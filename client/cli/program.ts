import { Command } from 'commander';
import type { OwnVersion } from '../own-package.ts';
import type { Cli } from './cli.ts';
import { registerApprove } from './commands/approve.ts';
import { registerAudit } from './commands/audit.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerDecisions } from './commands/decisions.ts';
import { registerDeploy } from './commands/deploy.ts';
import { registerDev } from './commands/dev.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerHelp } from './commands/help.ts';
import { registerInsights } from './commands/insights.ts';
import { registerLane } from './commands/lane.ts';
import { registerNotifications } from './commands/notifications.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPromote } from './commands/promote.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerReleases } from './commands/releases.ts';
import { registerRollback } from './commands/rollback.ts';
import { registerSchema } from './commands/schema.ts';
import { registerSetup } from './commands/setup.ts';
import { registerStatus } from './commands/status.ts';
import { registerToken } from './commands/token.ts';
import { registerUse } from './commands/use.ts';
import { registerDiff } from './commands/diff.ts';
import { registerLogs } from './commands/logs.ts';
import { registerLogin, registerLogout } from './commands/login.ts';
import { registerOpen } from './commands/open.ts';
import { registerWait } from './commands/wait.ts';
import { registerWhoami } from './commands/whoami.ts';
import { registerValidate } from './commands/validate.ts';
import { registerWatch } from './commands/watch.ts';
import { foldedHelp, helpWidth } from './help-text.ts';
import { refuseWithoutEngine } from './without-engine.ts';
import { shortCommit } from './words.ts';

const groups = {
  'Release:': [
    registerDeploy,
    registerPromote,
    registerStatus,
    registerWatch,
    registerWait,
    registerLogs,
    registerOpen,
    registerReleases,
  ],
  'Decide:': [registerPlan, registerDiff, registerApprove, registerDecisions, registerRollback],
  'Lane:': [registerLane],
  'Insights:': [registerInsights],
  'Pipeline file:': [registerValidate, registerPolicy, registerSchema],
  'Operate:': [
    registerSetup,
    registerDev,
    registerDoctor,
    registerNotifications,
    registerAudit,
    registerToken,
    registerUse,
    registerLogin,
    registerLogout,
    registerWhoami,
    registerCompletion,
    registerHelp,
  ],
};

const footer = `
Environment:
  SLIPWAY_GATEWAY             address of the gateway
  SLIPWAY_TOKEN               your token; never an argument, which others on this machine could read
  SLIPWAY_NO_UPDATE_NOTICE    no word about a gateway of another version
  NO_COLOR                    no colours, and lines where a picture would be drawn
  COLUMNS                     how wide help is written

Examples:
  slipway use shop production       keep what commands are about
  slipway deploy
  slipway status --why
  slipway help exit-codes`;

/** The command line. Errors are thrown as CommanderError, never printed or exited with here. */
export function buildProgram(cli: Cli, { version, commit }: OwnVersion): Command {
  const { io } = cli;
  const program = new Command('slipway')
    .description('Releases, from a commit to the last verified region.')
    .version(commit ? `${version} (commit ${shortCommit(commit)})` : version)
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(foldedHelp(text, helpWidth(io))),
      writeErr: (text) => void io.stderr.write(foldedHelp(text, helpWidth(io))),
      outputError: () => {},
      getOutHelpWidth: () => helpWidth(io),
      getErrHelpWidth: () => helpWidth(io),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', footer);
  refuseWithoutEngine(program, cli.parts);
  for (const [group, registrations] of Object.entries(groups)) {
    program.commandsGroup(group);
    for (const register of registrations) register(program, cli);
  }
  return program;
}
