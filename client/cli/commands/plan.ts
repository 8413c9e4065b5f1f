import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { refusedFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { planDocument, planToShow } from '../plan-to-show.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';

const examples = `
Examples:
  slipway plan release/shop/production/4f0c…/1
  slipway plan 9f86d081…      (64 characters)
  slipway plan 9f86d081… --full      also what is as it was when it was verified last`;

export function registerPlan(program: Command, cli: Cli): void {
  const command = program
    .command('plan')
    .description('what a release will change')
    .argument('<id>', 'release id, or the hash of a plan');
  withFull(withGateway(command))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: GatewayOptions & FullOption) => {
        const gateway = await connect(cli, options);
        const hash = await hashOf(gateway, id);
        const shown = await planToShow(gateway, hash);
        if (options.json) cli.printJson(planDocument(shown, options.full ?? false));
        else cli.print(planText(cli, shown, options));
        return 0;
      }),
    );
}

async function hashOf(gateway: GatewayClient, id: string): Promise<string> {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(id)) return id;
  const { status } = await gateway.release(id);
  if (status?.planHash) return status.planHash;
  throw refusedFailure(
    'the release has no plan yet, or its status cannot be seen',
    `See how far it is: slipway status ${id} --why`,
  );
}
