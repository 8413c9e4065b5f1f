import type { LaneClosure } from '../../domain/contract/lane.ts';
import { frozenBy } from '../../domain/lane-closures.ts';
import { holds, isFree } from '../support/lane-play.ts';
import type { LanePlay } from '../support/lane-play.ts';

/**
 * Everything a lane can hear, and everything that can happen to it, said to it by hand: what its members are does not matter to it, and so
 * these histories do not change with the workflow of a release. Each plays in a lane of its own; all runs of that lane are kept.
 */
export type LaneScenario = (play: LanePlay) => Promise<void>;

const hold = { kind: 'hold', reason: 'look at de' };

/** On record, and nobody has told the lane. */
function aFreeze({ world }: LanePlay, reason: string): LaneClosure {
  const { order } = world.order({ kind: 'freeze' }, reason);
  return frozenBy({ ...order, kind: 'freeze' }, order.at);
}

export const laneScenarios: Record<string, LaneScenario> = {
  /** Places, claims, a grant that is said twice, somebody who is superseded, somebody who is gone, a rollback that goes first. */
  async 'lane-queue'(play) {
    const [first, older, newer, gone] = [
      await play.release(),
      await play.release(),
      await play.release('supersede'),
      await play.release(),
    ];
    for (const member of [first, older, newer]) await play.join(member);
    await play.claim(first);
    await play.until(holds(first));
    await play.claim(first);
    await play.claim(older);
    await play.claim(newer);
    await play.claim(older);
    await play.claim(gone);
    await play.end(gone);
    const undo = await play.rollback();
    await play.claim(undo);
    await play.until(({ queue }) => queue.length === 3);
    for (const member of [first, undo, newer]) {
      await play.until(holds(member));
      await play.leave(member);
    }
    await play.until(isFree);
  },
  /** Freezes, one that ends by itself, a hold; each lifted by its own id; an order that nobody has signed. */
  async 'lane-orders'(play) {
    const freeze = await play.order({ kind: 'freeze' }, 'sale');
    await play.order({ kind: 'freeze', until: Date.now() + 3_000 }, 'audit');
    await play.forge();
    const member = await play.release();
    await play.claim(member);
    await play.order({ kind: 'unfreeze', lifts: freeze.id });
    await play.until(holds(member));
    await play.leave(member, hold);
    await play.until(isFree);
    await play.claim(await play.release());
    await play.order({ kind: 'clear-hold', lifts: 'hold-1.1' });
    await play.until(({ holder }) => holder !== undefined);
  },
  /** What its holder says of its hold is not what its end has left on record: it goes by the record, and so does whoever waits. */
  async 'lane-hold-in-other-words'(play) {
    const [holder, waiting] = [await play.release(), await play.release()];
    await play.join(holder);
    await play.claim(holder);
    await play.until(holds(holder));
    await play.claim(waiting);
    await play.until(({ queue }) => queue.some(({ claiming }) => claiming));
    const reason = 'it had begun to change core in de';
    play.world.holds.push({ by: holder.releaseId, reason });
    await play.leave(holder, hold);
    await play.untilTold(waiting, (answer) => answer.kind === 'waiting' && answer.reason.includes(reason));
    await play.order({ kind: 'clear-hold', lifts: 'hold-1.1' });
    await play.until(holds(waiting));
  },
  /** The plan must be approved anew: the lane is given back and claimed again, with the ticket that was given back. */
  async 'lane-step-back'(play) {
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    await play.until(holds(member));
    await play.leave(member, 'step-back');
    await play.until(isFree);
    await play.claim(member, { incarnation: 1, n: 1 });
    await play.until(holds(member));
    await play.leave(member);
    await play.until(isFree);
  },
  /** Looked for after a minute and still there; gone when it is looked for again. */
  async 'lane-holder-gone'(play) {
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    await play.untilToldOfGrant(member);
    await play.claim(await play.release());
    await play.until(() => play.world.calls.includes('lookAtHolder'));
    await play.end(member);
    await play.until(({ closures }) => closures.length > 0);
  },
  /** Gone, and its hold lifted, before the lane hears of either: whoever waits is let in. */
  async 'lane-hold-lifted'(play) {
    const [member, waiting] = [await play.release(), await play.release()];
    await play.join(member);
    await play.claim(member);
    await play.untilToldOfGrant(member);
    await play.claim(waiting);
    play.world.lifted.push(member.releaseId);
    await play.end(member);
    await play.until((lane) => holds(waiting)(lane) && lane.closures.length === 0);
  },
  /** Ended by hand, and begun anew by whoever joins next: it asks those who waited, and who was writing. */
  async 'lane-ended'(play) {
    const [holder, waiting, next] = [await play.release(), await play.release(), await play.release()];
    await play.join(holder);
    await play.claim(holder);
    await play.until(holds(holder));
    await play.claim(waiting);
    await play.until(() => play.world.lane.waiting.length > 0);
    await play.terminate();
    await play.join(next);
    await play.claim(waiting);
    await play.until(({ queue }) => queue.some((w) => w.claiming));
    await play.leave(holder, hold);
    await play.until(({ closures }) => closures.length > 0);
  },
  /** More than one run of it holds: everything is carried, also what it has not taken yet. */
  async 'lane-continued'(play) {
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    await play.until(holds(member));
    for (let i = 0; i < 6; i += 1) await play.order({ kind: 'freeze' }, `freeze ${i}`);
    await Promise.all(Array.from({ length: 80 }, () => play.claim(member)));
    await play.leave(member, hold);
    await play.until((lane) => isFree(lane) && lane.closures.length === 7);
  },
  /** A cancellation does not reach it. */
  async 'lane-cancelled'(play) {
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    await play.until(holds(member));
    await play.cancel();
    await play.order({ kind: 'freeze' }, 'sale');
    await play.leave(member);
    await play.until(isFree);
  },
  /** Set back to its beginning: its writes are older than what is on record, so that it begins anew from there. */
  async 'lane-reset'(play) {
    const [holder, next] = [await play.release(), await play.release()];
    await play.join(holder);
    await play.claim(holder);
    await play.until(holds(holder));
    await play.order({ kind: 'freeze' }, 'sale');
    await play.reset();
    await play.claim(next);
    await play.until((lane) => holds(holder)(lane) && lane.lastTicket.incarnation === 2 && lane.queue.length > 0);
  },
  /** A step that fails for good is asked for again a minute later. */
  async 'lane-outage'(play) {
    const records = play.world.away('recordLane', 'SLIP-REC-5');
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    await play.until(() => play.world.calls.includes('recordLane'));
    records.back();
    await play.untilToldOfGrant(member);
  },
  /** A lane of another Temporal server writes to the same records: this one waits until they are its own again. */
  async 'lane-displaced'(play) {
    const member = await play.release();
    await play.join(member);
    await play.until(() => play.world.calls.includes('beginLane'));
    const { lane } = play.world;
    Object.assign(lane, { incarnation: 9 });
    await play.claim(member);
    await play.until(() => play.world.calls.filter((call) => call === 'beginLane').length > 1);
    Object.assign(lane, { incarnation: 1, sequence: 3 });
    await play.untilToldOfGrant(member);
  },
  /** Looked for a minute after the last look, and no more rarely, while somebody waits for the lane. */
  async 'lane-awaited'(play) {
    const looks = (count: number) => () => play.world.calls.filter((call) => call === 'lookAtHolder').length >= count;
    const [member, waiting] = [await play.release(), await play.release()];
    await play.join(member);
    await play.claim(member);
    await play.until(looks(1));
    await play.claim(waiting);
    await play.until(looks(2));
    await play.leave(member);
    await play.until(holds(waiting));
  },
  /** Frozen on record before it hears of that: whom it lets in is refused, and waits when it has begun anew. */
  async 'lane-closed-anew'(play) {
    const member = await play.release();
    await play.join(member);
    const freeze = aFreeze(play, 'sale');
    play.world.unheard.push(freeze);
    await play.claim(member);
    await play.until(({ queue, closures }) => closures.length > 0 && queue.some(({ claiming }) => claiming));
    await play.order({ kind: 'unfreeze', lifts: freeze.id });
    await play.until(holds(member));
  },
  /** One more closes it than it carries: it goes on with the newest. */
  async 'lane-few-closures'(play) {
    play.world.lane.closures = Array.from({ length: 50 }, (_, n) => aFreeze(play, `freeze ${n}`));
    await play.join(await play.release());
    await play.order({ kind: 'freeze' }, 'sale');
    await play.until(({ closures }) => closures.length === 50 && closures.at(-1)?.reason === 'sale');
  },
  /** More closes it on record than it carries when it begins: it is told how many. */
  async 'lane-more-closures'(play) {
    const freezes = Array.from({ length: 52 }, (_, n) => aFreeze(play, `freeze ${n}`));
    play.world.lane.closures = freezes;
    await play.join(await play.release());
    await play.until(({ closures }) => closures.length === 50);
    await play.order({ kind: 'unfreeze', lifts: freezes.at(-1)!.id });
    await play.until(({ closures }) => closures.length === 49);
  },
};
