import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Lanes } from '../../activities/lanes/port.ts';
import type { LaneMember } from '../../domain/contract/lane.ts';

export interface LanesUnderTest {
  lanes: Lanes;
  /** Release ids that have a place, in their order. */
  places(lane: { service: string; environment: string }): Promise<string[]>;
  /** Starts a run with this id that stays open until it is ended from outside. */
  openRun(releaseId: string): Promise<{ runId: string; end(): Promise<void> }>;
  tearDown(): Promise<void>;
}

/** What everything that keeps lanes must do. */
export function describeLanes(name: string, setUp: () => Promise<LanesUnderTest>): void {
  describe(`Lanes: ${name}`, () => {
    let subject: LanesUnderTest;
    beforeAll(async () => {
      subject = await setUp();
    });
    afterAll(() => subject.tearDown());
    const aLane = () => ({ service: `shop-${randomUUID().slice(0, 8)}`, environment: 'production' });
    const aMember = (releaseId: string): LaneMember => ({
      releaseId,
      kind: 'release',
      commit: 'a'.repeat(40),
      queue: 'fifo',
      joinedAt: 1,
    });

    it('gives one place when the reply was lost and the join is repeated', async () => {
      const lane = aLane();
      await subject.lanes.join(lane, aMember('release/one'));
      await subject.lanes.join(lane, aMember('release/one'));
      expect(await subject.places(lane)).toEqual(['release/one']);
    });

    it('makes one lane when the first two members join at once', async () => {
      const lane = aLane();
      await Promise.all(['release/one', 'release/two'].map((id) => subject.lanes.join(lane, aMember(id))));
      expect((await subject.places(lane)).sort()).toEqual(['release/one', 'release/two']);
    });

    it('keeps the lanes of two services apart', async () => {
      const [one, other] = [aLane(), aLane()];
      await subject.lanes.join(one, aMember('release/one'));
      await subject.lanes.join(other, aMember('release/other'));
      expect(await subject.places(one)).toEqual(['release/one']);
    });

    it('sees that a run is open, and that it is not any more', async () => {
      const releaseId = `release/look/production/${'b'.repeat(40)}/${randomUUID()}`;
      const run = await subject.openRun(releaseId);
      expect((await subject.lanes.look(releaseId)).open).toBe(true);
      await run.end();
      expect((await subject.lanes.look(releaseId)).open).toBe(false);
    });

    it('knows of a run that was started that it goes on for none, also after another one of its id', async () => {
      const workflowId = `release/start/production/${'b'.repeat(40)}/${randomUUID()}`;
      const first = await subject.openRun(workflowId);
      await first.end();
      const second = await subject.openRun(workflowId);
      expect(await subject.lanes.before({ workflowId, runId: second.runId })).toBeUndefined();
      await second.end();
    });

    it('says of a run that never was that it is not open', async () => {
      expect((await subject.lanes.look(`release/never/production/${randomUUID()}`)).open).toBe(false);
    });
  });
}
