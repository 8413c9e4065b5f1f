import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { laneInPath, laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ListedMessage, NotificationList, NotificationView } from '../../domain/contract/outbox.ts';
import { isInSight } from '../../domain/rights.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { asking } from './rights.ts';
import * as schemas from './schemas.ts';

/** What people were to be told about runs, and what became of it. */
export function notificationRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { outbox } = parts.records;

  server.get('/v1/notifications', async (request): Promise<NotificationList> => {
    const { sight } = await asking(parts, request);
    const { all, limit } = accepted(schemas.notificationsQuery, request.query);
    const among = sight === 'everything' ? undefined : sight;
    // One more than are asked for says that there are more.
    const missed = await outbox.list({ states: ['waiting', 'dead'], limit: limit + 1, among });
    const room = limit + 1 - missed.length;
    const others = all && room > 0 ? await outbox.list({ states: ['delivered', 'overtaken'], limit: room, among }) : [];
    // Asked for by lanes already; that nobody sees another's is not for one query alone to say.
    const found = [...missed, ...others].filter(({ run }) => sight === 'everything' || isSeen(laneOfRun(run), sight));
    const hasMore = found.length > limit || [...missed, ...others].some(({ isCut }) => isCut);
    return { notifications: found.slice(0, limit).map(viewOf), ...(hasMore && { more: true as const }) };
  });

  server.post<{ Params: { id: string } }>('/v1/notifications/:id/again', async (request): Promise<NotificationView> => {
    const asker = await asking(parts, request);
    const { id } = accepted(schemas.notificationParameters, request.params);
    accepted(schemas.nothing, request.body);
    const absent = () => new Refused(404, 'not-found', `there is no notification ${id}`);
    const message = await outbox.find(id);
    const lane = message && laneOfRun(message.run);
    asker.require('operate', lane, absent);
    if (!message || !lane) throw absent();
    if (message.state === 'waiting') return viewOf(message);
    if (message.state !== 'dead') throw notDead(message);
    await audit(parts, asker.who.id, { ...message, lane });
    await outbox.again(id);
    return viewOf((await outbox.find(id)) ?? message);
  });
}

const isSeen = (lane: LaneKey | undefined, sight: readonly LaneKey[]) => lane !== undefined && isInSight(sight, lane);

function viewOf({ thread: _thread, facts: _facts, isCut: _isCut, ...message }: ListedMessage): NotificationView {
  return message;
}

function notDead({ id, state }: ListedMessage): Refused {
  const why = state === 'delivered' ? 'was delivered' : 'was not sent, as it does not hold any more';
  const next = 'What is tried again is what nobody tries any more: `slipway notifications` lists it as dead.';
  return new Refused(409, 'conflict', `notification ${id} ${why}`, next);
}

/** Before it goes out: whoever has had people told once more is on record. */
async function audit(
  { records, now }: GatewayParts,
  who: string,
  { id, target, event, run, lane }: ListedMessage & { lane: LaneKey },
): Promise<void> {
  const key = `notification again/${id}/${randomUUID()}`;
  const facts = { id, target, event, run };
  await records.audit.append({ lane: laneInPath(lane), key, at: now(), what: 'notification again', who, facts });
}
