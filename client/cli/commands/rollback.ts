import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { runs, type Cli } from '../cli.ts';
import { connect } from '../connect.ts';
import {
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
import { usageFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';

interface RollbackOptions extends DecisionOptions {
  region: string[];
}

const examples = `
A release that is open is told to roll back. One that has ended is rolled back by a run of its own, whose id is printed.

Examples:
  slipway rollback shop#142 --reason "checkout errors"
  slipway rollback ID --region eu-west --yes --reason "one region is enough"`;

export function registerRollback(program: Command, cli: Cli): void {
  withDecision(program.command('rollback').description('return regions to the release verified before this one'))
    .option(
      '--region <name>',
      'only this region, of a release that has ended; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: RollbackOptions) => rollback(cli, id, options)));
}

async function rollback(cli: Cli, id: string, options: RollbackOptions): Promise<number> {
  requireAnswer(cli, options, 'Add --yes when you are sure.');
  const gateway = await connect(cli, options);
  const release = await decidedAbout(cli, gateway, { id, options });
  if (release.open && options.region.length > 0) {
    throw usageFailure(
      'a release that is still open is rolled back as its own policy says',
      'Leave --region out, or wait until it has ended.',
    );
  }
  planInForce(release, options.plan);
  const where = options.region.length > 0 ? ` in ${options.region.join(', ')}` : '';
  await askUnlessYes(
    cli,
    options,
    `${release.service} → ${release.environment}: return${where} to the release verified before this one?`,
  );
  return release.open
    ? sendDecision({ cli, gateway, release, kind: 'roll-back', options })
    : startRollback(cli, gateway, release, options);
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
  if (options.json) cli.printJson({ ...started, decisionId });
  else cli.print([`rollback: ${started.releaseId}`, `follow it: slipway watch ${started.releaseId}`]);
  return 0;
}
