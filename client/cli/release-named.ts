import { asksAPerson } from '../../domain/asks-a-person.ts';
import type { ReleaseRow } from '../../domain/contract/gateway.ts';
import { readRunName, shortName } from '../../domain/short-names.ts';
import type { NamedRun } from '../../domain/short-names.ts';
import type { Cli } from './cli.ts';
import { usageFailure, type CliFailure } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import { laneMeant, laneNamed, type LaneOptions } from './lane-meant.ts';
import { oneLine } from './safe-text.ts';
import { plural, shortCommit } from './words.ts';

/** For the help of every command that takes one. */
export const namesOfRuns = 'release: its id, shop#142, the beginning of its commit, @latest or @waiting';

export interface Asking {
  cli: Cli;
  gateway: GatewayClient;
  options: LaneOptions;
}

/** The id of the run that a person means. Throws a usage failure, with what there is, where nothing or more than one thing is meant. */
export async function releaseNamed(asking: Asking, text: string): Promise<string> {
  const named = readRunName(text);
  if (!named)
    throw usageFailure(
      `${JSON.stringify(text)} names no release`,
      'Name it by its id, as shop#142, by the beginning of its commit (4 characters or more), @latest or @waiting.',
    );
  switch (named.kind) {
    case 'id':
      return named.id;
    case 'number':
      return byNumber(asking, named, text);
    case 'commit':
      return byCommit(asking, named.commit);
    case 'latest':
      return latest(asking);
    case 'waiting':
      return waiting(asking);
  }
}

async function byNumber(
  { gateway }: Asking,
  { number, service, nth }: NamedRun & { kind: 'number' },
  text: string,
): Promise<string> {
  const { releases } = await gateway.list({ number, limit: 1 });
  const [row] = releases.filter((one) => one.number === number && (service ?? one.service) === one.service);
  if (!row) throw usageFailure(`there is no release ${text}`, '`slipway releases` lists what there is.');
  if (nth === undefined) return row.releaseId;
  const { environment, commit } = row;
  const among = await gateway.list({ service: row.service, environment, commit, limit: most });
  const back = among.releases.find(({ undoes }) => undoes?.releaseId === row.releaseId && undoes.nth === nth);
  if (back) return back.releaseId;
  throw usageFailure(`there is no rollback ${nth} of ${shortName(row)}`, '`slipway releases` lists what there is.');
}

const most = 200;

/** The newest attempt of the one commit that begins so. */
async function byCommit({ cli, gateway, options }: Asking, commit: string): Promise<string> {
  const { by: _by, environments: _environments, ...lane } = await laneMeant(cli, options);
  const rows = (await gateway.list({ ...lane, commit, limit: most })).releases.filter(({ undoes }) => !undoes);
  const all = rows.length > 0 ? rows : await everywhere(gateway, commit);
  const meant = Map.groupBy(all, ({ service, environment, commit: whole }) => `${service} ${environment} ${whole}`);
  if (meant.size > 1)
    throw several(
      `${commit} is the beginning of`,
      [...meant.values()].map(([row]) => row!),
    );
  if (all[0]) return all[0].releaseId;
  throw usageFailure(`no release is of a commit that begins with ${commit}`, '`slipway releases` lists what there is.');
}

/** Nothing of it in the lane that is meant when none is named: a commit has one meaning wherever it went. */
async function everywhere(gateway: GatewayClient, commit: string): Promise<ReleaseRow[]> {
  return (await gateway.list({ commit, limit: most })).releases.filter(({ undoes }) => !undoes);
}

async function latest({ cli, gateway, options }: Asking): Promise<string> {
  const { by: _by, ...lane } = await laneNamed(cli, options);
  const [row] = (await gateway.list({ ...lane, limit: 1 })).releases;
  if (row) return row.releaseId;
  throw usageFailure(
    `nothing of ${lane.service} has been released to ${lane.environment}`,
    '`slipway releases` lists what there is.',
  );
}

/** What waits for a person. */
async function waiting({ cli, gateway, options }: Asking): Promise<string> {
  const { by: _by, environments: _environments, ...lane } = await laneMeant(cli, options);
  const { releases } = await gateway.list({ ...lane, open: true, limit: most });
  const rows = releases.filter(({ state }) => state && asksAPerson(state));
  const unseen = releases.filter(({ state }) => !state).length;
  // Another one may wait, too: none is chosen for anybody.
  if (unseen > 0)
    throw usageFailure(
      `which one waits cannot be told: of ${plural(unseen, 'open release')} nobody has said how ${unseen === 1 ? 'it stands' : 'they stand'}`,
      'slipway releases --open lists what goes on: name the one that you mean.',
    );
  if (rows.length > 1) throw several('these wait for somebody:', rows);
  if (rows[0]) return rows[0].releaseId;
  const where = [lane.service, lane.environment].filter(Boolean).join(' → ');
  throw usageFailure(
    `nothing${where ? ` in ${where}` : ''} waits for anybody`,
    'slipway releases --open lists what goes on.',
  );
}

function several(what: string, rows: readonly ReleaseRow[]): CliFailure {
  const lines = rows.slice(0, 10).map((row) => {
    const where = `${row.service} → ${row.environment}`;
    return `\n${oneLine(shortName(row))}  ${oneLine(where)}  ${shortCommit(oneLine(row.commit))}`;
  });
  return usageFailure(`${what}${lines.join('')}`, 'Name one of them.');
}
