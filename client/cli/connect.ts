import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { whyUnreadable } from '../../domain/unreadable.ts';
import type { Cli } from './cli.ts';
import { readSettings } from './own-settings.ts';
import { usageFailure } from './failures.ts';
import { bearerOfLogin } from './login/bearer.ts';
import { createGatewayClient, type GatewayClient } from './gateway-client.ts';

/** Options of every command that talks to the gateway. */
export interface GatewayOptions {
  gateway?: string;
  tokenFile?: string;
  json?: boolean;
}

export function withGateway(command: Command): Command {
  return command
    .option('--gateway <url>', 'address of the gateway (default: SLIPWAY_GATEWAY, or what `slipway use` keeps)')
    .option('--token-file <file>', 'file that holds your token (default: SLIPWAY_TOKEN, or your login)')
    .option('--json', 'one JSON document on stdout, for programs');
}

/** Of a command that talks to nobody, beside others that do: what is given to those is taken, and not used. */
export function withoutGateway(command: Command): Command {
  const unused = ['--gateway <url>', '--token-file <file>'];
  for (const flags of unused) command.addOption(new Option(flags, 'not used: nobody is asked').hideHelp());
  return command.option('--json', 'one JSON document on stdout, for programs');
}

/** A client for the gateway named by the options or the environment. Throws a usage failure when there is no address or no token. */
export async function connect(cli: Cli, options: GatewayOptions): Promise<GatewayClient> {
  const url = await gatewayMeant(cli, options);
  const given = await tokenGiven(cli, options);
  const token = given ?? (await bearerOfLogin(cli.io, url));
  if (token === undefined) throw usageFailure('there is no token', noToken);
  return createGatewayClient({ url, token, ...heardBy(cli) });
}

/** The same by the login alone, whatever else is given. */
export async function connectByLogin(cli: Cli, options: GatewayOptions): Promise<GatewayClient> {
  const url = await gatewayMeant(cli, options);
  const token = await bearerOfLogin(cli.io, url);
  if (token === undefined) throw usageFailure('you are not logged in there', noToken);
  return createGatewayClient({ url, token, ...heardBy(cli) });
}

/** The same without a token, for what everybody may ask. */
export async function connectAnonymously(cli: Cli, options: GatewayOptions): Promise<GatewayClient> {
  return createGatewayClient({ url: await gatewayMeant(cli, options), ...heardBy(cli) });
}

function heardBy(cli: Cli) {
  return { io: cli.io, onVersion: (said: string) => void (cli.gatewayVersion = said) };
}

/** Throws a usage failure where none is named. */
export async function gatewayMeant({ io }: Cli, { gateway }: GatewayOptions): Promise<string> {
  return gatewayUrl(gateway ?? io.env['SLIPWAY_GATEWAY'] ?? (await readSettings(io)).gateway);
}

/** Throws a usage failure for what is no address. */
export function gatewayUrl(text: string | undefined): string {
  const example =
    'Use --gateway https://slipway.example.com, set SLIPWAY_GATEWAY, or keep it: slipway use --gateway https://…';
  if (!text) throw usageFailure('no gateway is named', example);
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw usageFailure('the gateway is not an http or https address', example);
  if (url.username || url.password) throw usageFailure('the address of the gateway must not hold credentials', example);
  return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

const next = 'Set SLIPWAY_TOKEN, or name a file that holds the token with --token-file.';
const noToken = 'Log in (slipway login), set SLIPWAY_TOKEN, or name a file that holds the token with --token-file.';

/** Undefined where none is. */
async function tokenGiven({ io }: Cli, { tokenFile }: GatewayOptions): Promise<string | undefined> {
  const text =
    tokenFile === undefined ? io.env['SLIPWAY_TOKEN'] : await readTokenFile(resolve(io.cwd, tokenFile), next);
  const trimmed = text?.trim();
  if (!trimmed) {
    if (tokenFile !== undefined) throw usageFailure('the token file is empty', next);
    return undefined;
  }
  // Anything else is not sent in a header; the token itself is never shown.
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw usageFailure('the token holds spaces, line breaks or other characters that no token has', next);
  return trimmed;
}

async function readTokenFile(file: string, next: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageFailure(`the token file cannot be read: ${whyUnreadable(error)}`, next);
  }
}
