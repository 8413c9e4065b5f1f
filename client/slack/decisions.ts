import { createHash } from 'node:crypto';
import type { Decision } from '../../domain/contract/decisions.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import { refuseLane } from '../../domain/known-lanes.ts';
import { head } from '../../domain/whole-text.ts';
import { accepted } from '../gateway/calls.ts';
import { answerOf, Refused } from '../gateway/errors.ts';
import { askingAs, noRelease } from '../gateway/rights.ts';
import * as schemas from '../gateway/schemas.ts';
import { accountOf, personOf } from './answering.ts';
import type { Asker } from './click.ts';
import type { SlackParts } from './parts.ts';
import type { Pointer } from './pointer.ts';
import { tell } from './tell.ts';
import { done, moment, plain } from './words.ts';

/** What somebody wants of a run, by a button or a command. */
export interface Wanted {
  kind: Decision['kind'];
  pointer: Pointer;
  reason: string;
}

/** Pressed twice it is one decision; said of another plan, or at another turn, it is another one. `again`: how many like it are void. */
function idOf({ kind, pointer: { run, plan = '', turn = '' } }: Wanted, user: string, again: number): string {
  const said = [run, plan, turn, user, kind, ...(again > 0 ? [again] : [])].join('\n');
  return `slack-${createHash('sha256').update(said).digest('hex').slice(0, 40)}`;
}

/** One that the run did not take is void for good: said again, it is another. */
async function newest({ parts }: SlackParts, wanted: Wanted, user: string) {
  const known = await parts.records.decisions.weigh(wanted.pointer.run);
  for (let again = 0; ; again += 1) {
    const decisionId = idOf(wanted, user, again);
    const found = known.find(({ decision }) => decision.id === decisionId);
    if (found?.refused === undefined) return { decisionId, before: found };
  }
}

/** The same signed decision as from any door; what became of it is told to whoever has pressed. Throws what keeps it from being one. */
export async function decideFor(slack: SlackParts, asker: Asker, wanted: Wanted): Promise<void> {
  try {
    await tell(slack, asker, await decided(slack, asker, wanted));
  } finally {
    slack.soon(wanted.pointer.run);
  }
}

/** A press that is not of the message as it is kept: on record, whoever it was. */
export async function auditForeign(slack: SlackParts, user: string, wanted: Wanted, refused: string): Promise<void> {
  await audit(slack, { ...wanted, id: idOf(wanted, user, 0) }, { who: accountOf(user), code: 'foreign', refused });
}

async function decided(slack: SlackParts, { user }: Asker, wanted: Wanted): Promise<string> {
  const { parts, deciding } = slack;
  const { run, plan } = wanted.pointer;
  const { kind, reason } = wanted;
  const { decisionId, before } = await newest(slack, wanted, user);
  const by = await knownOr(slack, user, async (stranger) => audit(slack, { ...wanted, id: decisionId }, stranger));
  const said = { decisionId, kind, reason, channel: 'slack', ...(plan !== undefined && { planHash: plan }) };
  try {
    (await askingAs(parts, by)).require('decide', laneOfRun(run), () => noRelease(run));
    const { message } = await deciding.decide(run, by, accepted(schemas.decideInSlack, said));
    const again = before ? `You had said so ${moment(before.decision.decidedAt)}: it counts once. ` : '';
    return `:white_check_mark: ${again}${plain(by.id)} ${done[kind]}: ${plain(message, 1_000)}`;
  } catch (error) {
    const { status, body } = answerOf(error);
    // Whoever may not decide is on record already: every door asks that in one place.
    if (status !== 403)
      await audit(slack, { ...wanted, id: decisionId }, { who: by.id, code: body.code, refused: body.message });
    throw error;
  }
}

interface Refusal {
  who: string;
  code: string;
  refused: string;
}

/** Throws Refused for whom the policy does not know, which is on record then. */
async function knownOr(
  slack: SlackParts,
  user: string,
  onRecord: (refusal: Refusal) => Promise<void>,
): Promise<Identity> {
  const found = await personOf(slack, user);
  if (!('refused' in found)) return found;
  const { refused, next } = found;
  await onRecord({ who: accountOf(user), code: 'stranger', refused });
  throw new Refused(403, 'stranger', refused, next);
}

/** Of what was said, and of why it does not count, in the audit. */
const mostText = 1_000;

/** Of lanes that there are: a name that somebody has made up begins no chain. */
async function audit(
  { parts, now }: SlackParts,
  { id, kind, pointer, reason }: Wanted & { id: string },
  { who, ...why }: Refusal,
): Promise<void> {
  const lane = laneOfRun(pointer.run);
  if (!lane || refuseLane(lane, await parts.pipeline.lanes()) !== undefined) return;
  const { run: releaseId, plan: planHash = '' } = pointer;
  await parts.records.audit.append({
    lane: `${lane.service}/${lane.environment}`,
    key: `refused/${id}/${who}/${why.code}`,
    at: now(),
    what: `decision ${kind} refused`,
    who,
    facts: {
      releaseId,
      planHash,
      channel: 'slack',
      reason: head(reason, mostText),
      ...why,
      refused: head(why.refused, mostText),
    },
  });
}
