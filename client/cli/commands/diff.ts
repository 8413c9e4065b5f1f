import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { planOf } from '../decide.ts';
import { refusedFailure } from '../failures.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';
import { planBeside, planDocument, type NamedPlan } from '../plan-to-show.ts';
import { namesOfRuns, releaseNamed, type Asking } from '../release-named.ts';

const examples = `
Examples:
  slipway diff shop#141 shop#142
  slipway diff 4f0c @latest --full`;

export function registerDiff(program: Command, cli: Cli): void {
  const command = program
    .command('diff')
    .description('what the plan of one release has otherwise than that of another')
    .argument('<before>', namesOfRuns)
    .argument('<after>', 'the same');
  withFull(withGateway(withLane(command)))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (before: string, after: string, options: GatewayOptions & FullOption & LaneOptions) => {
        const gateway = await connect(cli, options);
        const asking = { cli, gateway, options };
        const shown = await planBeside(gateway, await planNamed(asking, after), await planNamed(asking, before));
        if (options.json) cli.printJson('plan', planDocument(shown, options.full ?? false));
        else cli.print(planText(cli, shown, options));
        return 0;
      }),
    );
}

async function planNamed(asking: Asking, text: string): Promise<NamedPlan> {
  const release = await asking.gateway.release(await releaseNamed(asking, text));
  const hash = planOf(release);
  if (hash === undefined) throw refusedFailure(`${text} has no plan`, 'Compare releases that came as far as a plan.');
  return { hash, releaseId: release.releaseId, at: release.startedAt };
}
