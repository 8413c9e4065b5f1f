import { versionsApart } from '../../domain/released-version.ts';
import type { Cli } from './cli.ts';

/** The switch for those who know. */
const off = 'SLIPWAY_NO_UPDATE_NOTICE';

/**
 * Tells on stderr of a gateway that is newer, or too far away. By what it has said of itself in its answers to this command: nobody else is
 * asked. That it is newer is for a person at a terminal; that the two may not understand each other is for the log of a job too.
 */
export function tellVersions(cli: Cli, own: string): void {
  const { gatewayVersion: gateway, io } = cli;
  const apart = gateway === undefined ? undefined : versionsApart(own, gateway);
  if (io.env[off]) return;
  if (apart === 'too-far') {
    cli.warn(
      `the gateway is slipway ${gateway} and this is ${own}: more than one minor version apart, so they may not understand each other`,
    );
    cli.note(`  next: Use a slipway of the gateway's version; ${off}=1 hides this.`);
  } else if (apart === 'newer' && io.isTTY.stderr && !isCi(io.env)) {
    cli.note(`note: the gateway is slipway ${gateway}, and this is ${own}, which is older; ${off}=1 hides this`);
  }
}

function isCi({ CI }: Record<string, string | undefined>): boolean {
  return CI !== undefined && !['', '0', 'false'].includes(CI);
}
