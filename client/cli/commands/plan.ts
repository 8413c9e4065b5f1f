import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { refusedFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { shownPlan } from '../plan-to-show.ts';

const examples = `
Examples:
  slipway plan release/shop/production/4f0c…/1
  slipway plan 9f86d081…      (64 characters)`;

export function registerPlan(program: Command, cli: Cli): void {
  const command = program
    .command('plan')
    .description('what a release will change')
    .argument('<id>', 'release id, or the hash of a plan');
  withGateway(command)
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: GatewayOptions) => {
        const gateway = await connect(cli, options);
        const hash = await hashOf(gateway, id);
        const { plan, lines } = await shownPlan(cli, gateway, hash);
        if (options.json) cli.printJson({ hash, plan });
        else cli.print(lines);
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
