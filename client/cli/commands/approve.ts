import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect } from '../connect.ts';
import {
  askUnlessYes,
  canAsk,
  decidedAbout,
  planInForce,
  sendDecision,
  withDecision,
  type DecisionOptions,
} from '../decide.ts';
import { refusedFailure, usageFailure } from '../failures.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';
import { planToShow } from '../plan-to-show.ts';

const examples = `
Examples:
  slipway approve shop#142                    shows what will change, then asks
  slipway approve ID --yes --plan 9f86d081…                          without a terminal: exactly this plan, or nothing`;

export function registerApprove(program: Command, cli: Cli): void {
  withFull(withDecision(program.command('approve').description('approve the plan that a release waits with')))
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: DecisionOptions & FullOption) => approve(cli, id, options)));
}

async function approve(cli: Cli, id: string, options: DecisionOptions & FullOption): Promise<number> {
  if (!canAsk(cli, options) && !(options.yes && options.plan)) {
    throw usageFailure(
      'there is no terminal to show the plan in',
      'Look at it with `slipway plan ID`, then approve it with --yes --plan HASH.',
    );
  }
  const gateway = await connect(cli, options);
  const release = await decidedAbout(cli, gateway, { id, options });
  if (!release.open)
    throw refusedFailure(
      `the release has ended: ${release.outcome ?? 'outcome not recorded yet'}`,
      'Start a new attempt.',
    );
  const hash = planInForce(release, options.plan);
  if (!hash)
    throw refusedFailure(
      'the release has no plan to approve yet',
      `See what it waits for: slipway status ${release.releaseId} --why`,
    );
  const shown = { ...(await planToShow(gateway, hash)), asked: release };
  if (!options.json) cli.print([...planText(cli, shown, options), '']);
  await askUnlessYes(cli, options, `Approve this plan for ${release.environment}?`);
  return sendDecision({ cli, gateway, release, kind: 'approve', options: { ...options, plan: hash } });
}
