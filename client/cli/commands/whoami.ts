import type { Command } from 'commander';
import type { LaneRights } from '../../../domain/contract/rights.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { table } from '../layout.ts';
import { oneLine } from '../safe-text.ts';

export function registerWhoami(program: Command, cli: Cli): void {
  withGateway(
    program.command('whoami').description('who you are to the gateway, in which groups, and what you may do where'),
  )
    .addHelpText('after', '\nExamples:\n  slipway whoami\n  slipway whoami --token-file ~/.slipway-token --json')
    .action(
      runs(cli, async (options: GatewayOptions) => {
        const gateway = await connect(cli, options);
        const { id, via, groups, grants } = await gateway.me();
        if (options.json) cli.printJson('whoami', { id, via, groups, ...(grants && { grants }), gateway: gateway.url });
        else
          cli.print([
            `you      ${oneLine(id)} (${oneLine(via)})`,
            `groups   ${groups.length > 0 ? groups.map(oneLine).join(', ') : 'none'}`,
            `gateway  ${gateway.url}`,
            ...(grants ? grantsInWords(grants) : []),
          ]);
        return 0;
      }),
    );
}

/** A lane on each line. Whom the policy asks for a decision is told with it: here stands who may be asked. */
function grantsInWords(grants: readonly LaneRights[]): string[] {
  if (grants.length === 0) return ['may      nothing: no lane that you may look at'];
  const rows = grants.map(({ service, environment, may }) => [
    oneLine(`${service}/${environment}`),
    may.map(oneLine).join(', '),
  ]);
  return table(rows).map((line, nth) => `${nth === 0 ? 'may      ' : '         '}${line}`);
}
