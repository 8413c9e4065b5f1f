import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Lanes } from '../../activities/lanes/port.ts';
import type { Engine } from '../../client/engine.ts';
import { NoAnswer } from '../../client/no-answer.ts';
import type { LaneAnswer, LaneMember, LaneOrder } from '../../domain/contract/lane.ts';
import { laneId, messages, releaseId, rollbackId, workflowTypes } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { aMember } from '../domain/builders.ts';
import { eventually } from '../workflows/support/eventually.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';

const mostTries = 20;

/** Where lanes are kept. */
export interface LaneServer {
  client: Client;
  engine: Engine;
  lanes: Lanes;
}

/** One lane of a real server, and runs that are open and say nothing by themselves. */
export class LanePlay {
  readonly id: string;
  readonly world: FakeWorld;
  readonly #server: LaneServer;
  readonly #key: { service: string; environment: string };
  #members = 0;

  constructor({ world, ...server }: LaneServer & { world: FakeWorld }) {
    this.world = world;
    this.#key = { service: this.world.service, environment: 'production' };
    this.id = laneId(this.#key);
    this.#server = server;
  }

  async release(queue: LaneMember['queue'] = 'fifo'): Promise<LaneMember> {
    const n = ++this.#members;
    const member = aMember('', { queue, joinedAt: n });
    return this.#open({ ...member, releaseId: releaseId({ ...this.#key, commit: member.commit, attempt: n }) });
  }

  async rollback(): Promise<LaneMember> {
    const n = ++this.#members;
    return this.#open(aMember(rollbackId(this.#key, `order-${n}`), { kind: 'rollback', queue: 'fifo', joinedAt: n }));
  }

  async end({ releaseId: id }: LaneMember): Promise<void> {
    await this.#server.client.workflow.getHandle(id).terminate('by hand');
  }

  /** Starts the lane where there is none. */
  async join(member: LaneMember): Promise<void> {
    await this.#server.lanes.join(this.#key, member);
  }

  async claim(member: LaneMember, had?: Ticket): Promise<void> {
    await this.#lane().signal(messages.claimLane, ...(had ? [member, had] : [member]));
  }

  async leave({ releaseId: id }: LaneMember, disposition: unknown = { kind: 'free' }): Promise<void> {
    await this.#lane().signal(messages.leaveLane, { releaseId: id, disposition });
  }

  async order(order: Parameters<FakeWorld['order']>[0], reason?: string): Promise<LaneOrder> {
    const signed = this.world.order(order, reason);
    // A machine with other work may be slower than the gateway waits: the same order again changes nothing.
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#server.engine.orderLane(signed);
        return signed.order;
      } catch (error) {
        if (!(error instanceof NoAnswer) || tries >= mostTries) throw error;
      }
    }
  }

  /** One that the gateway has not signed: refused after its signature was looked at. */
  async forge(): Promise<void> {
    const signed = { ...this.world.order({ kind: 'freeze' }), signature: 'c2lnbmF0dXJl' };
    await this.#server.engine.orderLane(signed).catch(() => undefined);
  }

  until(wanted: (lane: LaneStatus) => boolean): Promise<LaneStatus> {
    return eventually(`the lane ${this.id}`, async () => {
      const seen = await this.#server.engine.laneStatus(this.#key);
      return seen && wanted(seen) ? seen : undefined;
    });
  }

  /** Once it holds the lane, and was told so: one that never heard of its grant has done nothing with it. */
  async untilToldOfGrant(member: LaneMember): Promise<void> {
    await this.until(holds(member));
    await this.untilTold(member, ({ kind }) => kind === 'granted');
  }

  /** What it has heard of the lane, once there is such an answer. */
  async untilTold(member: LaneMember, wanted: (answer: LaneAnswer) => boolean): Promise<LaneAnswer> {
    return eventually(`${member.releaseId} to hear of the lane`, async () => {
      const { events } = await this.#server.client.workflow.getHandle(member.releaseId).fetchHistory();
      const signals = (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
      return signals
        .map(({ input }) => defaultPayloadConverter.fromPayload<LaneAnswer>(input!.payloads![0]!))
        .find(wanted);
    });
  }

  async terminate(): Promise<void> {
    await this.#lane().terminate('by hand');
  }

  async cancel(): Promise<void> {
    await this.#lane().cancel();
  }

  /** As the Temporal UI does it: to the end of the first workflow task. */
  async reset(): Promise<void> {
    const { events } = await this.#lane().fetchHistory();
    const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await this.#server.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: this.id },
      workflowTaskFinishEventId: first?.eventId ?? null,
      reason: 'by hand',
      requestId: randomUUID(),
    });
  }

  #lane() {
    return this.#server.client.workflow.getHandle(this.id);
  }

  /** Nobody works on this queue: the run is there, and that is all. */
  async #open(member: LaneMember): Promise<LaneMember> {
    const { releaseId: workflowId } = member;
    await this.#server.client.workflow.start(workflowTypes.deployRelease, {
      workflowId,
      taskQueue: 'nobody',
      args: [],
    });
    return member;
  }
}

export const holds = (member: LaneMember) => (lane: LaneStatus) => lane.holder?.releaseId === member.releaseId;
export const isFree = (lane: LaneStatus) => lane.holder === undefined;
