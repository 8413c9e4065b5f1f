import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { planOf } from '../decide.ts';
import { refusedFailure } from '../failures.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed, type Asking } from '../release-named.ts';
import { planDocument, planToShow } from '../plan-to-show.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';

const examples = `
Examples:
  slipway plan @waiting
  slipway plan shop#142
  slipway plan 9f86d081…      (64 characters)
  slipway plan 9f86d081… --full      also what is as it was when it was verified last`;

export function registerPlan(program: Command, cli: Cli): void {
  const command = program
    .command('plan')
    .description('what a release will change')
    .argument('[id]', `${namesOfRuns}; or the hash of a plan`, '@latest');
  withFull(withGateway(withLane(command)))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: GatewayOptions & FullOption & LaneOptions) => {
        const gateway = await connect(cli, options);
        const { hash, ended, asked } = await planNamed({ cli, gateway, options }, id);
        const shown = { ...(await planToShow(gateway, hash, ended)), ...(asked && { asked }) };
        if (options.json) cli.printJson('plan', planDocument(shown, options.full ?? false));
        else cli.print(planText(cli, shown, options));
        return 0;
      }),
    );
}

interface Named {
  hash: string;
  ended?: string;
  asked?: ReleaseView;
}

/** Its hash and, where it is named by a release that has ended, that release: it is shown as it was approved. */
async function planNamed(asking: Asking, text: string): Promise<Named> {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(text)) return { hash: text };
  const id = await releaseNamed(asking, text);
  const release = await asking.gateway.release(id);
  const hash = planOf(release);
  if (hash !== undefined) return { hash, asked: release, ...(!release.open && { ended: release.releaseId }) };
  const isKnown = release.recorded !== undefined || release.status !== undefined;
  throw refusedFailure(
    isKnown
      ? `the release has ${release.open ? 'no plan yet' : 'ended before it had a plan'}`
      : 'whether the release has a plan cannot be seen',
    `See how far it is: slipway status ${id} --why`,
  );
}
