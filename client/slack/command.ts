import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Identity } from '../../domain/contract/release.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { accepted } from '../gateway/calls.ts';
import { Refused } from '../gateway/errors.ts';
import { noLane } from '../gateway/order-lane.ts';
import { listReleases } from '../gateway/release-list.ts';
import { view } from '../gateway/release-view.ts';
import { askingAs, noRelease } from '../gateway/rights.ts';
import * as schemas from '../gateway/schemas.ts';
import type { Asker } from './click.ts';
import { answering, knownPerson } from './answering.ts';
import { decideFor } from './decisions.ts';
import { drawRun } from './message.ts';
import type { SlackParts } from './parts.ts';
import { shownOf } from './picture-facts.ts';
import { tell } from './tell.ts';
import { plain } from './words.ts';

const commandBody = z.object({
  text: z.string().max(4_000).default(''),
  user_id: z.string().regex(/^[A-Z0-9]{1,40}$/),
  team_id: z.string(),
  channel_id: z.string().regex(/^[A-Z0-9]{1,40}$/),
  trigger_id: z.string().max(500),
});

const help = [
  '`/slipway status shop#142`: how a release stands',
  '`/slipway why shop#142`: why it is (not) moving, and who can move it',
  '`/slipway approve shop#142`: approves its plan in force',
  '`/slipway rollback shop#142 REASON`: puts back what it has changed',
  '`/slipway freeze shop production REASON`: nothing is deployed there',
  '`/slipway unfreeze shop production REASON`: lifts that',
].join('\n');

interface Asked {
  slack: SlackParts;
  asker: Asker;
  by: Identity;
  words: string[];
  /** The same for the same typed line. */
  id: string;
}

const verbs: Record<string, (asked: Asked) => Promise<void>> = { status, why, approve, rollback, freeze, unfreeze };

/** What somebody has typed; answered to them alone. */
export async function obey(slack: SlackParts, body: unknown): Promise<void> {
  const read = commandBody.safeParse(body).data;
  if (!read) return;
  const asker = { user: read.user_id, channel: read.channel_id };
  const [verb = '', ...words] = read.text.trim().split(/\s+/);
  const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  await answering(slack, asker, async () => {
    if (!work) return tell(slack, asker, help);
    const by = await knownIn(slack, read);
    const id = `slack-${createHash('sha256').update(read.trigger_id).digest('hex').slice(0, 40)}`;
    await work({ slack, asker, by, words, id });
  });
}

async function knownIn(
  slack: SlackParts,
  { team_id, user_id }: Pick<z.infer<typeof commandBody>, 'team_id' | 'user_id'>,
): Promise<Identity> {
  if (team_id !== (await slack.team()))
    throw new Refused(403, 'forbidden', 'this is another workspace than the one that Slipway is installed in');
  return knownPerson(slack, user_id);
}

async function status({ slack, asker, by, words }: Asked): Promise<void> {
  const { text, blocks } = drawRun(await shownOf(slack.parts, await runNamed(slack, by, words[0])));
  const seen = blocks.filter(({ type }) => type !== 'actions');
  await tell(slack, asker, text, seen);
}

async function why({ slack, asker, by, words }: Asked): Promise<void> {
  const { why: lines } = await view(slack.parts, await runNamed(slack, by, words[0]));
  await tell(slack, asker, lines.map((line) => plain(line, 600)).join('\n'));
}

async function approve({ slack, asker, by, words }: Asked): Promise<void> {
  const run = await runNamed(slack, by, words[0]);
  const { recorded } = await view(slack.parts, run);
  const plan = recorded?.planHash;
  if (plan === undefined) throw new Refused(409, 'conflict', `${run} has no plan yet`);
  await decideFor(slack, asker, { kind: 'approve', pointer: { run, plan }, reason: 'by a command in Slack' });
}

/** Of one that is open it is a decision about it, of one that is over an order of its own: as the command line does it. */
async function rollback({ slack, asker, by, words: [named, ...said], id }: Asked): Promise<void> {
  const run = await runNamed(slack, by, named);
  const reason = reasonIn(said);
  const { open } = await view(slack.parts, run);
  if (open) return decideFor(slack, asker, { kind: 'roll-back', pointer: { run }, reason });
  (await askingAs(slack.parts, by)).require('decide', laneOfRun(run), () => noRelease(run));
  const order = accepted(schemas.startRollbackInSlack, { releaseId: run, decisionId: id, reason, channel: 'slack' });
  const { releaseId } = await slack.deciding.rollBack(by, order);
  await tell(slack, asker, `:white_check_mark: ${plain(releaseId)} has begun.`);
}

async function freeze({ slack, asker, by, words: [service, environment, ...said] }: Asked): Promise<void> {
  const lane = await laneNamed(slack, by, { service, environment });
  await slack.lanes.freeze(lane, by, accepted(schemas.freezeOrder, { reason: reasonIn(said) }));
  await tell(slack, asker, `:white_check_mark: ${lane.service}/${lane.environment} is frozen.`);
}

async function unfreeze({ slack, asker, by, words: [service, environment, ...said] }: Asked): Promise<void> {
  const lane = await laneNamed(slack, by, { service, environment });
  await slack.lanes.lift('unfreeze', lane, by, accepted(schemas.liftOrder, { reason: reasonIn(said) }));
  await tell(slack, asker, `:white_check_mark: the freeze of ${lane.service}/${lane.environment} is lifted.`);
}

/** Where they may order something. */
async function laneNamed({ parts }: SlackParts, by: Identity, named: object): Promise<LaneKey> {
  const lane = accepted(schemas.laneParameters, named);
  (await askingAs(parts, by)).require('operate', lane, (seen) => noLane(lane, seen));
  return lane;
}

function reasonIn(words: readonly string[]): string {
  const reason = words.join(' ').replace(/\p{Cc}+/gu, ' ');
  if (reason === '')
    throw new Refused(400, 'bad-request', 'a reason is needed: people will ask why', 'Type it behind.');
  return reason;
}

/** `shop#142`, or the whole id of a run, that they may look at. */
async function runNamed(slack: SlackParts, by: Identity, name = ''): Promise<string> {
  const run = name.includes('/') ? name : await runNumbered(slack, name);
  (await askingAs(slack.parts, by)).require('look', laneOfRun(run), () => noRelease(name));
  return run;
}

async function runNumbered({ parts }: SlackParts, name: string): Promise<string> {
  const [, service, number] = /^([a-z0-9-]{1,63})#(\d{1,15})$/.exec(name) ?? [];
  if (service === undefined) throw new Refused(400, 'bad-request', 'name a release, such as shop#142');
  const asTheyAre = { of: async <Row>(rows: readonly Row[]) => [...rows] };
  const { releases } = await listReleases(parts, { service, number: Number(number), limit: 1 }, asTheyAre);
  const [found] = releases;
  if (!found) throw noRelease(name);
  return found.releaseId;
}
