import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { runs, type Cli } from '../cli.ts';
import { connect } from '../connect.ts';
import {
  askReason,
  askUnlessYes,
  channel,
  decidedAbout,
  planInForce,
  repeatable,
  requireAnswer,
  sendDecision,
  withDecision,
  type DecisionOptions,
} from '../decide.ts';
import { isGatewayFailure, refusedFailure, usageFailure } from '../failures.ts';
import { followUp, timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { askWhoMay } from '../gateway-errors.ts';
import { renderRollback } from '../render-rollback.ts';
import { oneLine } from '../safe-text.ts';

interface RollbackOptions extends DecisionOptions, FollowUpOptions {
  region: string[];
  dryRun?: boolean;
  detach?: boolean;
}

const examples = `
A release that is open is told to roll back. One that has ended is rolled back by a run of its own, which is followed to its end.
First it is shown what each region goes back to, and whether the schema lets it.

Examples:
  slipway rollback shop#142 --dry-run
  slipway rollback @latest --reason "checkout errors"
  slipway rollback shop#142 --region eu-west --yes --detach --reason "one region is enough"`;

export function registerRollback(program: Command, cli: Cli): void {
  const command = program.command('rollback').description('return regions to the release verified before this one');
  withFollowing(withDecision(command))
    .option(
      '--region <name>',
      'only this region, of a release that has ended; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--dry-run', 'only show what it would do')
    .option('--detach', 'do not follow: print the id and exit with 0')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: RollbackOptions) => rollback(cli, id, options)));
}

async function rollback(cli: Cli, id: string, options: RollbackOptions): Promise<number> {
  timeoutOf(options);
  if (!options.dryRun) requireAnswer(cli, options, 'Add --yes when you are sure; --dry-run shows what it would do.');
  const gateway = await connect(cli, options);
  const release = await decidedAbout(cli, gateway, { id, options });
  if (release.undoes)
    throw usageFailure(
      `${oneLine(shortName(release))} is a rollback itself`,
      'Name the release that is to go back: `slipway lane` shows what is verified, and what may run instead.',
    );
  if (release.open && options.region.length > 0) {
    throw usageFailure(
      'a release that is still open is rolled back as its own policy says',
      'Leave --region out, or wait until it has ended.',
    );
  }
  planInForce(release, options.plan);
  const preview = await previewed(cli, gateway, release, options);
  if (preview && !options.json) cli.print(renderRollback(preview, cli));
  else if (preview && options.dryRun) cli.printJson('rollback-preview', preview);
  if (options.dryRun) return 0;
  if (preview) requireAny(preview);
  const where = options.region.length > 0 ? ` in ${options.region.join(', ')}` : '';
  const what = `${oneLine(shortName(release))} (${oneLine(release.service)} → ${oneLine(release.environment)})`;
  await askUnlessYes(cli, options, `Roll back ${what}${where}?`);
  const decided = { ...options, reason: await askReason(cli, options) };
  return release.open
    ? sendDecision({ cli, gateway, release, kind: 'roll-back', options: decided })
    : startRollback(cli, gateway, release, decided);
}

/** Undefined where it cannot be had, which is said: an order to go back does not wait for a picture of it. What the order would be refused for is thrown. */
async function previewed(
  cli: Cli,
  gateway: GatewayClient,
  { releaseId }: ReleaseView,
  { region, dryRun }: RollbackOptions,
): Promise<RollbackPreview | undefined> {
  try {
    return await gateway.previewRollback(releaseId, region);
  } catch (error) {
    if (dryRun || !isGatewayFailure(error) || [400, 409].includes(error.details.gateway.status ?? 0)) throw error;
    cli.warn(`what it would do cannot be shown: ${error.message}`);
    return undefined;
  }
}

/** A run that can put nothing back would halt at once, and leave its lane on hold. Whoever may not order it is not asked for a reason first. */
function requireAny({ regions, refused }: RollbackPreview): void {
  if (refused !== undefined) throw refusedFailure(`${oneLine(refused)}; nothing was ordered`, askWhoMay);
  if (regions.length === 0 || regions.some(({ kind }) => kind === 'go')) return;
  throw refusedFailure('no region can go back; nothing was ordered', 'What each region needs instead stands above.');
}

async function startRollback(
  cli: Cli,
  gateway: GatewayClient,
  { releaseId }: ReleaseView,
  options: RollbackOptions,
): Promise<number> {
  const decisionId = options.decisionId ?? randomUUID();
  const request = {
    releaseId,
    decisionId,
    reason: options.reason ?? '',
    channel,
    ...(options.region.length > 0 ? { regions: options.region } : {}),
  };
  const started = await repeatable(decisionId, () => gateway.rollBack(request));
  if (!options.json) cli.print(`rollback: ${started.releaseId}`);
  if (!options.detach) return followUp({ cli, gateway, releaseId: started.releaseId, options, extra: { decisionId } });
  if (options.json) cli.printJson('started', { ...started, decisionId });
  else cli.print(`follow it: slipway watch ${started.releaseId}`);
  return 0;
}
