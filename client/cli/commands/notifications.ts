import type { Command } from 'commander';
import type { NotificationView } from '../../../domain/contract/outbox.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import { renderNotifications } from '../render-notifications.ts';
import { visible } from '../../../domain/visible.ts';
import { oneLine } from '../safe-text.ts';

interface ListOptions extends GatewayOptions {
  all?: boolean;
  limit: string;
}

const examples = `
Examples:
  slipway notifications                    what waits to be sent, and what nobody took
  slipway notifications --all --limit 200
  slipway notifications again 4711 4712    once it is mended why they were not taken`;

export function registerNotifications(program: Command, cli: Cli): void {
  const notifications = withGateway(
    program.command('notifications').description('what people were to be told, and was not taken'),
  );
  notifications
    .option('--all', 'what was delivered, or does not hold any more, too')
    .option('--limit <count>', 'how many, at most 200', '50')
    .addHelpText('after', examples)
    .action(runs(cli, (options: ListOptions) => list(cli, options)));
  withGateway(
    notifications.command('again <id...>').description('try them again that nobody tries any more, from the beginning'),
  )
    .addHelpText('after', examples)
    .action(runs(cli, (ids: string[], options: GatewayOptions) => again(cli, ids, options)));
}

async function list(cli: Cli, { all, ...options }: ListOptions): Promise<number> {
  const limit = numberIn(options.limit);
  if (limit === undefined || limit > 200)
    throw usageFailure(`--limit ${JSON.stringify(options.limit)} is not a count`, 'Write a number from 1 to 200.');
  const gateway = await connect(cli, options);
  const found = await gateway.notifications({ limit, ...(all && { all }) });
  if (options.json) cli.printJson('notifications', found);
  else {
    cli.print(renderNotifications(found.notifications, { now: cli.io.now(), colors: cli.colors, all: all ?? false }));
    if (found.more) cli.note(`there are older ones${limit < 200 ? ': --limit 200 shows more' : ''}`);
  }
  return 0;
}

async function again(cli: Cli, said: readonly string[], options: GatewayOptions): Promise<number> {
  const ids = [...new Set(said.map(idNamed))];
  const gateway = await connect(cli, options);
  const notifications: NotificationView[] = [];
  for (const id of ids) {
    const told = await gateway.tellAgain(id);
    notifications.push(told);
    // At once: those before one that is refused go out.
    if (!options.json) cli.print(`${id} goes out again to ${visible(oneLine(told.target))}`);
  }
  if (options.json) cli.printJson('notifications-again', { notifications });
  else cli.note('whether they are taken: slipway notifications');
  return 0;
}

function idNamed(text: string): number {
  const id = numberIn(text);
  if (id !== undefined) return id;
  throw usageFailure(`"${text}" is not the number of a notification`, 'Copy it from `slipway notifications`.');
}

/** From one on. */
function numberIn(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
