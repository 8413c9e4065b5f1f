import { afterEach, describe, expect, it } from '@jest/globals';
import type { Notification, Notifier } from '../../activities/notify/port.ts';
import type { Records } from '../../activities/records/port.ts';
import type { OutboxMessage } from '../../domain/contract/outbox.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { startDelivering } from '../../workers/deliver.ts';
import { aMessage, aRunAskedFor } from '../contract/records-builders.ts';
import { createMemoryRecords } from '../support/memory-records/memory-records.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** An outbox whose time goes on by a pause of whoever delivers from it, as fast as `pace` says. */
function aWorld({ pace = 1 } = {}) {
  let time = 1_000_000;
  const records = createMemoryRecords({ now: () => time });
  const sent: { target: string; key: string; at: number }[] = [];
  const lines: string[] = [];
  /** What a target answers next, in order; then it takes everything. */
  const answers = new Map<string, (() => Promise<void> | void)[]>();
  const notifierOf = (target: string): Notifier => ({
    async notify({ key }: Notification) {
      sent.push({ target, key, at: time - 1_000_000 });
      await answers.get(target)?.shift()?.();
    },
  });
  /** Runs of which somebody has decided, and those of which nobody can tell it. */
  const [decided, untold] = [new Set<string>(), new Set<string>()];
  const isDecided = async (run: string) => {
    if (untold.has(run)) throw failure('SLIP-REC-1', 'the database is away');
    return decided.has(run);
  };
  const deliver = (
    outbox: Pick<Records['outbox'], 'claim' | 'settle'> = records.outbox,
    atRest = () => Promise.resolve(),
  ) => {
    const pause = async (ms: number) => {
      time += pace * ms;
      await new Promise(setImmediate);
    };
    const { stop } = startDelivering({
      outbox,
      notifierOf,
      isDecided,
      atRest,
      tell: (line) => lines.push(line),
      pause,
    });
    stops.push(stop);
    return stop;
  };
  const { outbox } = records;
  const ofState = async (state: 'waiting' | 'delivered' | 'dead' | 'overtaken') =>
    (await outbox.list({ states: [state], limit: 100 })).reverse();
  const settled = async (...messages: OutboxMessage[]) => {
    const isSettled = async () =>
      (await ofState('waiting')).every(({ key }) => messages.every((one) => one.key !== key));
    while (!(await isSettled())) await new Promise(setImmediate);
  };
  return { records, outbox, sent, lines, answers, decided, untold, deliver, ofState, settled };
}

const away = () => {
  throw failure('SLIP-NTF-1', 'chat.example does not answer');
};

describe('what is in the outbox', () => {
  it('is sent to each target, of a run in the order in which it was written', async () => {
    const { outbox, sent, deliver, settled } = aWorld();
    const first = aMessage();
    const messages = [
      first,
      aMessage({ thread: first.thread, event: 'held' }),
      aMessage({ thread: first.thread, event: 'ended-well' }),
      aMessage({ thread: first.thread, target: 'on-call' }),
    ];
    await outbox.put(messages);
    deliver();
    await settled(...messages);
    expect(sent.filter(({ target }) => target === 'channel').map(({ key }) => key)).toEqual(
      messages.slice(0, 3).map(({ key }) => key),
    );
    expect(sent.filter(({ target }) => target === 'on-call')).toHaveLength(1);
  });

  it('waits for its turn while one before it is not taken, and others do not wait for it', async () => {
    const { outbox, sent, answers, deliver, settled } = aWorld();
    const first = aMessage({ event: 'held' });
    const second = aMessage({ thread: first.thread, event: 'ended-well' });
    const other = aMessage({ event: 'held' });
    answers.set('channel', [away, away]);
    await outbox.put([first, second, other]);
    deliver();
    await settled(first, second, other);
    const inThread = sent.filter(({ key }) => key !== other.key).map(({ key }) => key);
    expect(inThread.at(-1)).toBe(second.key);
    expect(inThread.slice(0, -1).every((key) => key === first.key)).toBe(true);
  });

  it('is tried again after longer and longer pauses, as its receiver asks', async () => {
    const { outbox, sent, answers, deliver, settled } = aWorld();
    const message = aMessage();
    const busy = () => {
      const { details } = failure('SLIP-NTF-1', 'chat.example answered 429');
      throw new Failure({ ...details, retryAfterMs: 90_000 } as Failure['details']);
    };
    answers.set('channel', [away, away, busy]);
    await outbox.put([message]);
    deliver();
    await settled(message);
    const times = sent.map(({ at }) => at);
    const pauses = times.slice(1).map((at, n) => at - times[n]!);
    expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
    expect(pauses[1]).toBeGreaterThanOrEqual(2_000);
    expect(pauses[2]).toBeGreaterThanOrEqual(90_000);
  });

  it('is given up where its receiver refuses it, or has not taken it for a day; the log says so, and it goes out again where somebody asks', async () => {
    const { outbox, sent, lines, answers, deliver, settled, ofState } = aWorld({ pace: 600 });
    const [refused, unheard] = [aMessage(), aMessage({ target: 'on-call' })];
    answers.set('channel', [
      () => {
        throw failure('SLIP-NTF-2', 'chat.example answered 404');
      },
    ]);
    answers.set(
      'on-call',
      Array.from({ length: 150 }, () => away),
    );
    await outbox.put([refused, unheard]);
    deliver();
    await settled(refused, unheard);
    const dead = await ofState('dead');
    expect(dead.map(({ why }) => why)).toEqual([
      expect.stringContaining('chat.example answered 404'),
      expect.stringContaining('tried 150 times: SLIP-NTF-1'),
    ]);
    expect(lines).toHaveLength(2);
    const before = sent.length;
    await outbox.again(dead[0]!.id);
    await settled(refused);
    expect(sent.slice(before).map(({ key }) => key)).toEqual([refused.key]);
  });

  it.each(['SLIP-NTF-3', 'SLIP-NTF-4', 'SLIP-CFG-2'] as const)(
    'is tried again after %s: what one worker has not, such as a newer policy or a secret, another may have',
    async (code) => {
      const { outbox, answers, lines, deliver, settled, ofState } = aWorld({ pace: 600 });
      const message = aMessage();
      answers.set('channel', [
        () => {
          throw failure(code, 'not here');
        },
      ]);
      await outbox.put([message]);
      deliver();
      await settled(message);
      expect((await ofState('delivered')).map(({ key, tries }) => [key, tries])).toEqual([[message.key, 2]]);
      expect(lines).toEqual([]);
    },
  );

  it('is not sent where it does not hold any more: people who were not reached for an hour are not asked for what is over', async () => {
    const { records, outbox, sent, deliver, settled, ofState } = aWorld();
    const run = await aRunAskedFor(records);
    const asked = aMessage({ run });
    const end = aMessage({ run, event: 'ended-otherwise' });
    await outbox.put([asked, end]);
    await records.attempts.conclude(run, { outcome: 'rejected', summary: 'no', endedAt: 9_000 });
    deliver();
    await settled(asked, end);
    expect(sent.map(({ key }) => key)).toEqual([end.key]);
    expect(await ofState('overtaken')).toMatchObject([{ key: asked.key, why: 'the run has ended' }]);
  });

  it.each(['approval', 'approval-reminder', 'approval-escalated'] as const)(
    'asks for no %s that somebody has given or refused meanwhile',
    async (event) => {
      const { outbox, sent, decided, deliver, settled, ofState } = aWorld();
      const [over, open] = [aMessage({ event }), aMessage({ event })];
      decided.add(over.run);
      await outbox.put([over, open]);
      deliver();
      await settled(over, open);
      expect(sent.map(({ key }) => key)).toEqual([open.key]);
      expect(await ofState('overtaken')).toMatchObject([{ key: over.key, why: 'it was decided meanwhile' }]);
    },
  );

  it('asks for an approval once too often, rather than never, where nobody can tell whether it was given', async () => {
    const { outbox, sent, lines, untold, deliver, settled } = aWorld();
    const message = aMessage();
    untold.add(message.run);
    await outbox.put([message]);
    deliver();
    await settled(message);
    expect(sent.map(({ key }) => key)).toEqual([message.key]);
    expect(lines).toEqual([expect.stringContaining('whether')]);
  });

  it('says that a run is held although another run of its lane has failed since', async () => {
    const { outbox, sent, deliver, settled } = aWorld();
    const thread = 'shop/production';
    const held = aMessage({ event: 'held', thread });
    const failed = aMessage({ event: 'failed', thread });
    await outbox.put([held, failed]);
    deliver();
    await settled(held, failed);
    expect(sent.map(({ key }) => key)).toEqual([held.key, failed.key]);
  });

  it('is sent once where several processes deliver at once', async () => {
    const { outbox, sent, deliver, settled } = aWorld();
    const messages = Array.from({ length: 50 }, () => aMessage());
    await outbox.put(messages);
    deliver();
    deliver();
    await settled(...messages);
    expect(sent.map(({ key }) => key).sort()).toEqual(messages.map(({ key }) => key).sort());
  });

  it('is sent again under the same key where nobody could write down that it was sent', async () => {
    const { outbox, sent, lines, deliver, settled } = aWorld();
    const message = aMessage();
    let isFirst = true;
    const settle: typeof outbox.settle = async (...of) => {
      if (!isFirst) return outbox.settle(...of);
      isFirst = false;
      throw failure('SLIP-REC-1', 'the database is away');
    };
    await outbox.put([message]);
    deliver({ claim: outbox.claim, settle });
    await settled(message);
    expect(sent.map(({ key }) => key)).toEqual([message.key, message.key]);
    expect(lines).toEqual([expect.stringContaining('cannot be written down: SLIP-REC-1')]);
  });

  it('is sent when the records are back, and the log has one line of it', async () => {
    const { outbox, lines, deliver, settled } = aWorld();
    const message = aMessage();
    await outbox.put([message]);
    let tries = 0;
    const claim: typeof outbox.claim = (...of) => {
      tries += 1;
      return tries < 4 ? Promise.reject(failure('SLIP-REC-1', 'the database is away')) : outbox.claim(...of);
    };
    deliver({ claim, settle: outbox.settle });
    await settled(message);
    expect(lines).toEqual([expect.stringContaining('no message can be taken out of the outbox: SLIP-REC-1')]);
  });

  it('leaves time for what else is to be done only when nothing is due', async () => {
    const { records, deliver, settled } = aWorld();
    const rests: number[] = [];
    const messages = Array.from({ length: 30 }, () => aMessage());
    await records.outbox.put(messages);
    const atRest = async () => {
      const waiting = await records.outbox.list({ states: ['waiting'], limit: 100 });
      rests.push(waiting.length);
    };
    deliver(records.outbox, atRest);
    await settled(...messages);
    while (rests.length === 0) await new Promise(setImmediate);
    expect(rests[0]).toBe(0);
  });

  it('stays where it is after delivering was stopped, but for what is on its way', async () => {
    const { outbox, sent, answers, deliver, ofState } = aWorld();
    const first = aMessage();
    const second = aMessage({ thread: first.thread, event: 'ended-well' });
    let [begun, go] = [() => {}, () => {}];
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const gone = new Promise<void>((resolve) => (go = resolve));
    answers.set('channel', [
      () => {
        begun();
        return gone;
      },
    ]);
    await outbox.put([first, second]);
    const stop = deliver();
    await isBegun;
    const stopped = stop();
    go();
    await stopped;
    expect(sent).toHaveLength(1);
    expect([await ofState('delivered'), await ofState('waiting')]).toMatchObject([
      [{ key: first.key }],
      [{ key: second.key }],
    ]);
  });
});
