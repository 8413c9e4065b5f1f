import type { Command } from 'commander';
import { shownInBrowser } from '../browser.ts';
import { runs, type Cli } from '../cli.ts';
import { connectAnonymously, connectByLogin, gatewayMeant } from '../connect.ts';
import { CliFailure, refusedFailure, usageFailure } from '../failures.ts';
import type { LoginOffer } from '../../../domain/contract/login.ts';
import { keepLogin, keptLogin, type Login } from '../login/kept.ts';
import { startLoopback } from '../login/loopback.ts';
import { oneLine } from '../safe-text.ts';

interface LoginOptions {
  gateway?: string;
  device?: boolean;
}

const address = [
  '--gateway <url>',
  'address of the gateway (default: SLIPWAY_GATEWAY, or what `slipway use` keeps)',
] as const;

export function registerLogin(program: Command, cli: Cli): void {
  program
    .command('login')
    .description('log in at the identity provider of the gateway, in a browser on this machine')
    .option(...address)
    .option('--device', 'without a browser on this machine: type in a code elsewhere')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway login\n  slipway login --gateway https://slipway.example.com\n  slipway login --device',
    )
    .action(runs(cli, (options: LoginOptions) => login(cli, options)));
}

export function registerLogout(program: Command, cli: Cli): void {
  program
    .command('logout')
    .description('forget the login at a gateway, and have the identity provider forget it')
    .option(...address)
    .addHelpText('after', '\nExamples:\n  slipway logout')
    .action(runs(cli, (options: LoginOptions) => logout(cli, options)));
}

async function login(cli: Cli, options: LoginOptions): Promise<number> {
  const { io } = cli;
  const gateway = await gatewayMeant(cli, options);
  requireSafe(gateway);
  const { oidc: offer } = await (await connectAnonymously(cli, options)).login();
  if (!offer)
    throw refusedFailure(
      'nobody logs in at this gateway: it has no identity provider',
      'Use a token (SLIPWAY_TOKEN); its operator sets SLIPWAY_OIDC_ISSUER and SLIPWAY_OIDC_CLIENT_ID.',
    );
  await keepLogin(io, gateway, await (options.device ? byDevice(cli, offer) : byBrowser(cli, offer)));
  if (io.env['SLIPWAY_TOKEN']) cli.warn('SLIPWAY_TOKEN is set, and is used before the login');
  const { id, groups } = await (await connectByLogin(cli, options)).me();
  cli.note(`you are ${oneLine(id)}, ${groups.length > 0 ? `in ${groups.map(oneLine).join(', ')}` : 'in no group'}`);
  return 0;
}

async function byBrowser(cli: Cli, offer: LoginOffer): Promise<Login> {
  const { io } = cli;
  const loopback = await startLoopback(io.signal);
  try {
    const { beginLogin } = await import('../login/provider.ts');
    const { url, state, finish } = await beginLogin(offer, loopback.redirectUri);
    cli.note(`log in at ${oneLine(offer.issuer)}, in a browser on this machine:`);
    cli.printAsIs(url.href);
    if (io.isTTY.stdout && !(await shownInBrowser(url.href))) cli.note('no browser could be opened: copy the address');
    return await finish(await loopback.answer(state));
  } finally {
    await loopback.close();
  }
}

async function byDevice(cli: Cli, offer: LoginOffer): Promise<Login> {
  const { beginDeviceLogin } = await import('../login/device.ts');
  const { url, code, whole, finish } = await beginDeviceLogin(offer, cli.io);
  cli.note(`log in at ${oneLine(offer.issuer)}, in a browser anywhere: go to this address, and type in this code`);
  cli.printAsIs(oneLine(url));
  cli.printAsIs(oneLine(code));
  if (whole !== undefined) cli.note(`or, with the code in it: ${oneLine(whole)}`);
  return finish();
}

/** In the open anybody on the way could name another provider, and read the token of each request. */
function requireSafe(gateway: string): void {
  const { protocol, hostname } = new URL(gateway);
  if (protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return;
  throw usageFailure('the gateway is asked in the open, and nobody logs in that way', 'Use its https address.');
}

async function logout(cli: Cli, options: LoginOptions): Promise<number> {
  const gateway = await gatewayMeant(cli, options);
  const kept = await keptLogin(cli.io, gateway);
  if (!kept) {
    cli.print('You are not logged in there.');
    return 0;
  }
  // Here first: it is gone from this machine, whatever the provider says.
  await keepLogin(cli.io, gateway, undefined);
  const { revoked } = await import('../login/provider.ts');
  const isRevoked = await revoked(kept).catch((error: unknown) => {
    if (!(error instanceof CliFailure)) throw error;
    cli.warn(`${error.details.message}; it was not told`);
    return false;
  });
  cli.print(isRevoked ? 'You are logged out.' : 'You are logged out on this machine alone.');
  return 0;
}
