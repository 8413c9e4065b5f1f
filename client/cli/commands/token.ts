import type { Command } from 'commander';
import { rights } from '../../../domain/contract/rights.ts';
import type { Right } from '../../../domain/contract/rights.ts';
import type { CreateToken, TokenView } from '../../../domain/contract/tokens.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { amended, mayHaveArrived, usageFailure } from '../failures.ts';
import { table } from '../layout.ts';
import { oneLine } from '../safe-text.ts';
import { inLargest, longAgo } from '../words.ts';

interface CreateOptions extends GatewayOptions {
  for: string;
  rights: string;
  services: string;
  environments: string;
  expires: string;
}

const examples = `
Examples:
  slipway token create shop-ci --for release-robot --rights look,start --services shop --environments staging --expires 90d
  slipway token list
  slipway token revoke shop-ci`;

export function registerToken(program: Command, cli: Cli): void {
  const token = program.command('token').description('tokens that are good for less than the person whose they are');
  token.addHelpText('after', examples);
  withGateway(token.command('create <name>').description('make one; it is printed once'))
    .requiredOption('--for <person>', 'whose it is, by the name under `people` in the policy')
    .requiredOption('--rights <rights>', `comma separated: ${rights.join(', ')}`)
    .requiredOption('--services <names>', 'comma separated')
    .requiredOption('--environments <names>', 'comma separated')
    .requiredOption('--expires <time>', 'how long it is good: 12h, 90d; a year at most')
    .addHelpText('after', examples)
    .action(runs(cli, (name: string, options: CreateOptions) => create(cli, name, options)));
  withGateway(token.command('list').description('those that were made, with what they are good for'))
    .addHelpText('after', examples)
    .action(runs(cli, (options: GatewayOptions) => list(cli, options)));
  withGateway(token.command('revoke <name>').description('make one void, at once and for ever'))
    .addHelpText('after', examples)
    .action(runs(cli, (name: string, options: GatewayOptions) => revoke(cli, name, options)));
}

async function create(cli: Cli, name: string, options: CreateOptions): Promise<number> {
  const asked = tokenAsked(name, options);
  const gateway = await connect(cli, options);
  try {
    const made = await gateway.createToken(asked);
    if (options.json) cli.printJson('token-created', made);
    // Alone on stdout: it goes into a file, or to whoever keeps secrets.
    else cli.printAsIs(made.secret);
    cli.note(`${oneLine(made.name)} is ${oneLine(made.person)}'s; nobody is told it a second time`);
    return 0;
  } catch (error) {
    if (!mayHaveArrived(error)) throw error;
    throw amended(error, { next: `It may have been made. Look (slipway token list), and revoke it: nobody has it.` });
  }
}

function tokenAsked(name: string, { for: person, rights: said, expires, ...options }: CreateOptions): CreateToken {
  const expiresInMs = -(longAgo(expires, 0) ?? 0);
  if (expiresInMs === 0) throw usageFailure(`"${expires}" is no time`, 'Write how long it is good: 12h, 90d.');
  const [services, environments] = [listed(options.services), listed(options.environments)];
  return { name, person, rights: listed(said).map(rightNamed), services, environments, expiresInMs };
}

function rightNamed(word: string): Right {
  const right = rights.find((one) => one === word);
  if (!right) throw usageFailure(`"${word}" is no right`, `Rights are ${rights.join(', ')}.`);
  return right;
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

async function list(cli: Cli, options: GatewayOptions): Promise<number> {
  const gateway = await connect(cli, options);
  const tokens = await gateway.tokens();
  if (options.json) cli.printJson('tokens', tokens);
  else cli.print(render(tokens.tokens, cli.io.now()));
  return 0;
}

async function revoke(cli: Cli, name: string, options: GatewayOptions): Promise<number> {
  const gateway = await connect(cli, options);
  const revoked = await gateway.revokeToken(name);
  if (options.json) cli.printJson('token', revoked);
  else cli.print(`${oneLine(revoked.name)} is revoked`);
  return 0;
}

function render(tokens: readonly TokenView[], now: number): string[] {
  if (tokens.length === 0) return ['No tokens.'];
  const heading = ['NAME', 'FOR', 'RIGHTS', 'SERVICES', 'ENVIRONMENTS', 'STATE'];
  const rows = tokens.map(({ name, person, state, expiresAt, ...token }) => [
    ...[name, person, token.rights.join(','), token.services.join(','), token.environments.join(',')].map(oneLine),
    state === 'good' ? `good for ${inLargest(expiresAt - now)}` : oneLine(state),
  ]);
  return table([heading, ...rows]);
}
