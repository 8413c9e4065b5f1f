import { CancellationScope, condition, log, setHandler } from '@temporalio/workflow';
import type { SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { refuseOrder } from '../../domain/lane-order.ts';
import type { LaneEvent } from '../../domain/lane-state.ts';
import { readClaim, readJoin, readLeave } from '../../domain/lane-messages.ts';
import { refusal } from '../failures.ts';
import { claimLaneSignal, joinLaneSignal, laneStatusQuery, leaveLaneSignal, orderLaneUpdate } from '../messages.ts';
import { local } from '../steps.ts';

/** What the lane was told and has not taken yet, in the order in which it came. */
export class LaneInbox {
  readonly #events: LaneEvent[];
  #put: number;
  #heard = 0;

  constructor(carried: LaneEvent[] = []) {
    this.#events = [...carried];
    this.#put = carried.length;
  }

  isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /**
   * Few enough to be carried beside all who wait: a server takes 2 MB of what a lane goes on with, and each may be 3 kB. No patch for their number:
   * a run that went on with more is closed by that.
   */
  hasFew(): boolean {
    return this.#events.length <= 100;
  }

  put(event: LaneEvent): void {
    this.#events.push(event);
    this.#put += 1;
  }

  /** Resolves once everything that was put until now has been heard. */
  async heard(): Promise<void> {
    const last = this.#put;
    await condition(() => this.#heard >= last);
  }

  /** Hears the next message; without one, that time has passed. */
  async hearNext(hear: (event: LaneEvent) => Promise<void>): Promise<void> {
    const event = this.#events.shift();
    await hear(event ?? { kind: 'time' });
    if (event) this.#heard += 1;
  }

  /** What the next run of the lane goes on with. */
  rest(): LaneEvent[] {
    return [...this.#events];
  }
}

/** Opens the lane's ears. Whoever can reach Temporal can send these: what a message is believed is decided here. */
export function listen(lane: LaneKey, inbox: LaneInbox, status: () => LaneStatus): void {
  const putIf = (event: LaneEvent | undefined) => {
    if (event) inbox.put(event);
    else log.warn('a message that says nothing was dropped');
  };
  setHandler(joinLaneSignal, (...said: unknown[]) => putIf(readJoin(...said)));
  setHandler(claimLaneSignal, (...said: unknown[]) => putIf(readClaim(...said)));
  setHandler(leaveLaneSignal, (...said: unknown[]) => putIf(readLeave(...said)));
  const obey = async (signed: SignedLaneOrder): Promise<LaneStatus> => {
    if (!(await local.verifyOrder(signed)))
      throw refusal('its signature does not hold by the public keys that the worker has read at its start');
    inbox.put({ kind: 'order', order: signed.order });
    await inbox.heard();
    return status();
  };
  setHandler(orderLaneUpdate, (signed) => CancellationScope.nonCancellable(() => obey(signed)), {
    validator: (signed: unknown) => {
      const refused = refuseOrder(signed, lane);
      if (refused !== undefined) throw refusal(refused);
    },
    description: 'What a person has ordered, signed: freeze, unfreeze, clear-hold',
  });
  setHandler(laneStatusQuery, status, { description: 'Holder, queue, and what closes the lane' });
}
