import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import type { ClaimedMessage, MessageState } from '../../domain/contract/outbox.ts';
import { aMessage, aRunAskedFor } from './records-builders.ts';

const aMinute = 60_000;

/** What every keeper of the outbox must do. The tests of one keeper share it: each goes by what it has put there itself. */
export function describeOutbox(here: () => { records: Records; elsewhere: Records }): void {
  describe('the outbox', () => {
    const outbox = () => here().records.outbox;
    /** Everything that is due, of this thread. */
    const claimed = async (thread: string, forMs = aMinute, from = outbox()): Promise<ClaimedMessage[]> =>
      (await from.claim(1_000, forMs)).filter((message) => message.thread === thread);
    const keysOf = (messages: readonly { key: string }[]) => messages.map(({ key }) => key);
    const listed = async (thread: string, states: MessageState[]) =>
      (await outbox().list({ states, limit: 1_000 })).filter((message) => message.thread === thread);

    it('gives out what was put there, as it was', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const [found, ...others] = await claimed(message.thread);
      expect(others).toEqual([]);
      expect(found).toEqual({
        ...message,
        id: expect.any(Number),
        tries: 1,
        age: expect.any(Number),
        hasBegun: false,
        hasEnded: false,
        later: [],
        laterOfOthers: [],
      });
    });

    it('says what comes after it in its thread, of its own run and of others', async () => {
      const first = aMessage({ event: 'held' });
      const { thread, run } = first;
      const own = aMessage({ thread, run, event: 'region-failed' });
      const others = [aMessage({ thread, event: 'failed' }), aMessage({ thread, event: 'failed' })];
      const elsewhere = aMessage({ thread, run, target: 'on-call', event: 'ended-well' });
      await outbox().put([first, own, ...others, elsewhere]);
      const found = await claimed(thread);
      expect(found.find(({ key }) => key === first.key)).toMatchObject({
        later: ['region-failed'],
        laterOfOthers: ['failed'],
      });
    });

    it('has one message of one key for one target, however often it is put there', async () => {
      const message = aMessage();
      await outbox().put([message]);
      await outbox().put([message, { ...message, title: 'another' }, { ...message, target: 'on-call' }]);
      const found = await claimed(message.thread);
      expect(found.map(({ target, title }) => [target, title]).sort()).toEqual([
        ['channel', message.title],
        ['on-call', message.title],
      ]);
    });

    it('gives a message to one of those who ask at once, and again when it is not settled in its time', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const both = await Promise.all([claimed(message.thread, 0), claimed(message.thread, 0, here().elsewhere.outbox)]);
      expect(both.flat().length).toBeGreaterThan(0);
      const [again] = await claimed(message.thread, aMinute);
      expect(again).toMatchObject({ key: message.key, tries: both.flat().length + 1 });
      expect(await claimed(message.thread, aMinute, here().elsewhere.outbox)).toEqual([]);
    });

    it('never gives one message to two of many who ask at once', async () => {
      const messages = Array.from({ length: 20 }, () => aMessage());
      await outbox().put(messages);
      const asking = Array.from({ length: 8 }, (_, n) =>
        (n % 2 ? here().elsewhere.outbox : outbox()).claim(7, aMinute),
      );
      const all = keysOf((await Promise.all(asking)).flat());
      expect(new Set(all).size).toBe(all.length);
      await outbox().claim(1_000, aMinute);
    });

    it('gives out the second of a thread when the first is settled, and of another target at once', async () => {
      const first = aMessage();
      const second = aMessage({ thread: first.thread, run: first.run, event: 'ended-well' });
      const elsewhere = aMessage({ thread: first.thread, target: 'on-call' });
      await outbox().put([first, second, elsewhere]);
      const found = await claimed(first.thread);
      expect(keysOf(found).sort()).toEqual([first.key, elsewhere.key].sort());
      const mine = found.find(({ key }) => key === first.key)!;
      expect(mine.later).toEqual(['ended-well']);
      await outbox().settle(mine, { came: 'failed', why: 'it is away', againInMs: aMinute });
      expect(await claimed(first.thread)).toEqual([]);
      await outbox().settle(mine, { came: 'delivered' });
      expect(keysOf(await claimed(first.thread))).toEqual([second.key]);
    });

    it.each<[string, 'dead' | 'overtaken']>([
      ['nobody tries any more', 'dead'],
      ['does not hold any more', 'overtaken'],
    ])('goes on in the thread after one that %s', async (_, came) => {
      const first = aMessage();
      const second = aMessage({ thread: first.thread });
      await outbox().put([first, second]);
      const [found] = await claimed(first.thread);
      await outbox().settle(found!, { came, why: 'so it is' });
      expect(keysOf(await claimed(first.thread))).toEqual([second.key]);
      expect(await listed(first.thread, [came])).toMatchObject([{ key: first.key, state: came, why: 'so it is' }]);
    });

    it('gives one that failed out again after the pause, and counts', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const [first] = await claimed(message.thread);
      await outbox().settle(first!, { came: 'failed', why: 'it is\0 away', againInMs: 0 });
      expect(await listed(message.thread, ['waiting'])).toMatchObject([
        { tries: 1, why: 'it is\uFFFD away', nextAt: expect.any(Number) },
      ]);
      expect(await claimed(message.thread)).toMatchObject([{ tries: 2 }]);
    });

    it('says once what became of a message', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const [found] = await claimed(message.thread);
      await outbox().settle(found!, { came: 'delivered' });
      await outbox().settle(found!, { came: 'dead', why: 'very late' });
      const [row] = await listed(message.thread, ['delivered', 'dead']);
      expect([row?.state, row && 'why' in row]).toEqual(['delivered', false]);
    });

    it('hears nothing of whoever had a message before somebody else got it', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const [late] = await claimed(message.thread, 0);
      const [now] = await claimed(message.thread);
      await outbox().settle(late!, { came: 'dead', why: 'refused' });
      expect(await listed(message.thread, ['waiting', 'dead'])).toMatchObject([{ state: 'waiting', tries: 2 }]);
      await outbox().settle(now!, { came: 'delivered' });
      expect(await listed(message.thread, ['delivered'])).toHaveLength(1);
    });

    it('says how many wait and were given up, and since when the first of them waits', async () => {
      const before = await outbox().standing();
      const [waiting, dead] = [aMessage(), aMessage()];
      await outbox().put([waiting, dead]);
      const [found] = await claimed(dead.thread);
      await outbox().settle(found!, { came: 'dead', why: 'refused' });
      const after = await outbox().standing();
      expect([after.waiting - before.waiting, after.dead - before.dead]).toEqual([1, 1]);
      expect(after.oldestMs).toBeGreaterThanOrEqual(before.oldestMs);
      expect(after.oldestMs).toBeLessThan(86_400_000);
    });

    it('gives one that is dead out again where somebody asks for it, and no other', async () => {
      const message = aMessage();
      await outbox().put([message]);
      const [found] = await claimed(message.thread);
      expect(await outbox().again(found!.id)).toBe(false);
      await outbox().settle(found!, { came: 'dead', why: 'refused' });
      expect(await outbox().again(found!.id)).toBe(true);
      expect(await claimed(message.thread)).toMatchObject([{ id: found!.id, tries: 1 }]);
      expect(await outbox().again(2_000_000_000)).toBe(false);
    });

    it('lists those about runs of some lanes alone, and finds one by its number', async () => {
      const service = `shop-${randomUUID().slice(0, 8)}`;
      const of = (environment: string, kind = 'release') =>
        aMessage({ run: `${kind}/${service}/${environment}/${randomUUID()}/1`, thread: service });
      const messages = [of('production'), of('staging'), of('production', 'rollback')];
      await outbox().put([...messages, aMessage({ thread: service })]);
      const among = [{ service, environment: 'production' }];
      const found = await outbox().list({ states: ['waiting'], limit: 10, among });
      expect(keysOf(found)).toEqual(keysOf([messages[2]!, messages[0]!]));
      expect(await outbox().list({ states: ['waiting'], limit: 1, among })).toEqual([found[0]]);
      expect(await outbox().list({ states: ['waiting'], limit: 10, among: [] })).toEqual([]);
      expect(await outbox().find(found[0]!.id)).toEqual(found[0]);
      expect(await outbox().find(2_000_000_000)).toBeUndefined();
    });

    it('says of a run whether it has begun to change something, and whether it has ended, by its record', async () => {
      const { attempts } = here().records;
      const run = await aRunAskedFor(here().records);
      await outbox().put([aMessage({ run, thread: run })]);
      expect(await claimed(run, 0)).toMatchObject([{ hasBegun: false, hasEnded: false }]);
      await here().records.touched.record({ workflowId: run, runId: 'run', what: 'core in de', at: 2_000 });
      await attempts.conclude(run, { outcome: 'failed', summary: 'it ended', endedAt: 9_000 });
      expect(await claimed(run)).toMatchObject([{ hasBegun: true, hasEnded: true }]);
    });

    it('keeps text that no database holds as text that it does', async () => {
      const message = aMessage({ title: 'a\0b \ud83d', facts: { summary: 'c\0d' } });
      await outbox().put([message]);
      const [found] = await claimed(message.thread);
      expect([found?.title.slice(0, 3), found?.facts]).toEqual(['a\uFFFDb', { summary: 'c\uFFFDd' }]);
    });
  });
}
