import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { oneLine } from '../safe-text.ts';

export function registerWhoami(program: Command, cli: Cli): void {
  withGateway(program.command('whoami').description('who you are to the gateway, and in which groups'))
    .addHelpText('after', '\nExamples:\n  slipway whoami\n  slipway whoami --token-file ~/.slipway-token --json')
    .action(
      runs(cli, async (options: GatewayOptions) => {
        const gateway = await connect(cli, options);
        const { id, via, groups } = await gateway.me();
        if (options.json) cli.printJson('whoami', { id, via, groups, gateway: gateway.url });
        else
          cli.print([
            `you      ${oneLine(id)} (${oneLine(via)})`,
            `groups   ${groups.length > 0 ? groups.map(oneLine).join(', ') : 'none'}`,
            `gateway  ${gateway.url}`,
          ]);
        return 0;
      }),
    );
}
