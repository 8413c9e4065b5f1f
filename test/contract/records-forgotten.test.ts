import { describe, expect, it } from '@jest/globals';
import type { OutboxMessage } from '../../domain/contract/outbox.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';
import { aMessage, aRunAskedFor } from './records-builders.ts';

/** As the workers of the engine forget, in the time of the database. */
const separated = useSeparatedRecords();
const aDay = 86_400_000;
const kept = 90 * aDay;

const ends = (run: string) =>
  separated.owner.attempts.conclude(run, { outcome: 'verified', summary: 'well', endedAt: 9_000 });
async function aRun({ ended = true } = {}): Promise<string> {
  const run = await aRunAskedFor(separated.owner);
  if (ended) await ends(run);
  return run;
}

type Became = 'waiting' | 'delivered' | 'dead' | 'overtaken';
/** Of that age, and come to that. */
async function written(days: number, became: Became, ...messages: OutboxMessage[]): Promise<void> {
  await separated.engine.outbox.put(messages);
  await separated.database.ask(
    'owner',
    `update slipway.outbox set state = $1, made_at = clock_timestamp() - $2 * interval '1 day' where key = any($3)`,
    [became, days, messages.map(({ key }) => key)],
  );
}
const forgets = (keptMs = kept, most = 500) => separated.engine.outbox.forget(keptMs, most);
async function left(...messages: OutboxMessage[]): Promise<string[]> {
  const states = ['waiting', 'delivered', 'dead', 'overtaken'] as const;
  const all = await separated.gateway.outbox.list({ states, limit: 1_000 });
  return messages.map(({ key }) => key).filter((key) => all.some((one) => one.key === key));
}

describe('what people were told long ago', () => {
  it.each(['delivered', 'dead', 'overtaken'] as const)('is forgotten, and that is known: %s', async (became) => {
    const run = await aRun();
    const message = aMessage({ run });
    await written(91, became, message);
    expect(await forgets()).toBe(1);
    expect(await left(message)).toEqual([]);
    // A step of the end that is repeated, or a run that was reset.
    await separated.engine.outbox.put([message, aMessage({ run })]);
    expect((await separated.engine.outbox.claim(1_000, 0)).filter((one) => one.run === run)).toEqual([]);
    expect(await forgets()).toBe(0);
  });

  it('is kept where nobody has asked for that run: else it would be told nothing of, when somebody does', async () => {
    const run = `release/shop/production/${'a'.repeat(40)}/${Date.now()}`;
    const message = aMessage({ run });
    await written(91, 'delivered', message);
    await separated.owner.plans.keep(run, 'result', { outcome: 'verified' });
    await forgets();
    expect(await left(message)).toEqual([message.key]);
    await separated.database.ask('owner', 'delete from slipway.outbox where run = $1', [run]);
  });

  it.each<[string, number, Became, boolean]>([
    ['is younger', 89, 'delivered', true],
    ['waits', 400, 'waiting', true],
    ['is of a run that goes on', 400, 'delivered', false],
  ])('is kept where it %s', async (_what, days, became, ended) => {
    const run = await aRun({ ended });
    const message = aMessage({ run });
    await written(days, became, message);
    await forgets();
    expect(await left(message)).toEqual([message.key]);
    await separated.database.ask('owner', 'delete from slipway.outbox where run = $1', [run]);
  });

  it('is forgotten together with all that was told of its run, or not yet', async () => {
    const run = await aRun();
    const [first, last] = [aMessage({ run }), aMessage({ run, event: 'ended-well' })];
    await written(120, 'delivered', first);
    await written(80, 'delivered', last);
    await forgets();
    expect(await left(first, last)).toHaveLength(2);
    await written(91, 'delivered', last);
    expect(await forgets()).toBe(2);
  });

  it('is kept while one before it in its thread may still go out, which is held against it', async () => {
    const thread = 'shop/production';
    const [failed, mended] = [await aRun({ ended: false }), await aRun()];
    const alarm = aMessage({ run: failed, thread, event: 'failed' });
    const well = aMessage({ run: mended, thread, event: 'ended-well' });
    await written(92, 'dead', alarm);
    await written(91, 'delivered', well);
    expect(await forgets()).toBe(0);
    await ends(failed);
    expect(await forgets()).toBe(1);
    expect(await left(alarm, well)).toEqual([well.key]);
    expect(await forgets()).toBe(1);
  });

  it('is forgotten the oldest first, so much at once', async () => {
    const runs = [await aRun(), await aRun(), await aRun()];
    const messages = runs.map((run) => aMessage({ run }));
    for (const [n, message] of messages.entries()) await written(100 - n, 'delivered', message);
    expect(await forgets(kept, 2)).toBe(2);
    expect(await left(...messages)).toEqual([messages[2]!.key]);
    expect(await forgets(kept, 2)).toBe(1);
  });

  it('is what is older than a day, whoever asks for less', async () => {
    const run = await aRun();
    const message = aMessage({ run });
    await written(0.9, 'delivered', message);
    await forgets(0);
    expect(await left(message)).toEqual([message.key]);
    await written(1.1, 'delivered', message);
    expect(await forgets(0)).toBe(1);
  });

  it.each(['gateway', 'environment', 'build'] as const)('is not forgotten by a login of %s', async (kind) => {
    await expect(separated[kind].outbox.forget(kept, 1)).rejects.toThrow('SLIP-REC-11');
  });

  it('is forgotten by nobody else: not a row by the engine itself, nor that it was forgotten', async () => {
    const run = await aRun();
    await written(91, 'delivered', aMessage({ run }));
    await forgets();
    for (const statement of ['delete from slipway.outbox', 'update slipway.runs set forgotten = false'])
      await expect(separated.database.ask('engine', statement)).rejects.toThrow('permission denied');
    await separated.engine.touched.close(run);
    expect(
      await separated.database.ask('owner', 'select forgotten from slipway.runs where workflow_id = $1', [run]),
    ).toEqual([{ forgotten: true }]);
  });
});
