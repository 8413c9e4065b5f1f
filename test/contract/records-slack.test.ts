import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { aRunAskedFor } from './records-builders.ts';
import { usePostgres } from '../support/postgres.ts';
import { openSeparated } from '../support/postgres-roles.ts';
import type { SeparatedRecords } from '../support/postgres-roles.ts';

const postgres = usePostgres();
let separated: SeparatedRecords;
let [one, other]: Records[] = [];

beforeAll(async () => {
  separated = await openSeparated(postgres);
  one = separated.gateway;
  other = await createPostgresRecords({ url: separated.database.as('gateway') });
});
afterAll(async () => {
  await other?.close();
  await separated.close();
});

const aPicture = () => ({ run: `release/shop/production/${randomUUID()}`, channel: 'C0123ABCD' });

describe('what gateways know of Slack together', () => {
  it('lets a signature in once, whichever of two gateways it comes to', async () => {
    const signature = randomUUID();
    const both = [one!, other!, one!].map((records) => records.slack.isFirst(signature));
    expect((await Promise.all(both)).filter((isFirst) => isFirst)).toHaveLength(1);
    expect(await other!.slack.isFirst(randomUUID())).toBe(true);
  });

  it('forgets a signature when its request would be too old, and not before', async () => {
    const [kept, gone] = [randomUUID(), randomUUID()];
    for (const signature of [kept, gone]) await one!.slack.isFirst(signature);
    const age = (minutes: number, signature: string) =>
      separated.database.ask(
        'owner',
        `update slipway.slack_requests set seen_at = clock_timestamp() - $1 * interval '1 minute' where signature = $2`,
        [minutes, signature],
      );
    await age(11, kept);
    await age(16, gone);
    expect([await one!.slack.isFirst(kept), await one!.slack.isFirst(gone)]).toEqual([false, true]);
  });

  it('gives a picture to one gateway at a time, and to the other when it was put back or its time is over', async () => {
    const of = aPicture();
    expect(await one!.slack.take({ ...of, by: 'one' }, 60_000)).toEqual({});
    expect(await other!.slack.take({ ...of, by: 'other' }, 60_000)).toBeUndefined();
    await one!.slack.put({ ...of, by: 'one' }, { ts: '1.2', hash: 'seen' });
    expect(await other!.slack.take({ ...of, by: 'other' }, 0)).toEqual({ ts: '1.2', hash: 'seen' });
    expect(await one!.slack.take({ ...of, by: 'one' }, 60_000)).toEqual({ ts: '1.2', hash: 'seen' });
  });

  it('keeps nothing of a gateway whose time was over', async () => {
    const of = aPicture();
    await one!.slack.take({ ...of, by: 'slow' }, 0);
    await other!.slack.take({ ...of, by: 'other' }, 60_000);
    await one!.slack.put({ ...of, by: 'slow' }, { ts: 'late' });
    await other!.slack.put({ ...of, by: 'other' }, { ts: 'now' });
    expect(await one!.slack.find([of.run])).toEqual([{ ...of, picture: { ts: 'now' } }]);
  });

  it('keeps what is shown where nothing else is', async () => {
    const of = aPicture();
    await one!.slack.take({ ...of, by: 'one' }, 60_000);
    await one!.slack.put({ ...of, by: 'one' }, { ts: '1.2' });
    await one!.slack.take({ ...of, by: 'one' }, 60_000);
    await one!.slack.put({ ...of, by: 'one' });
    expect(await other!.slack.take({ ...of, by: 'other' }, 60_000)).toEqual({ ts: '1.2' });
  });

  it('keeps a picture for as long again with each thing that is shown, and tells whoever has lost it', async () => {
    const of = aPicture();
    await one!.slack.take({ ...of, by: 'one' }, 0);
    expect(await one!.slack.keep({ ...of, by: 'one' }, { ts: '1.2' }, 60_000)).toBe(true);
    expect(await other!.slack.take({ ...of, by: 'other' }, 60_000)).toBeUndefined();
    await one!.slack.keep({ ...of, by: 'one' }, { ts: '1.2', hash: 'seen' }, 0);
    expect(await other!.slack.take({ ...of, by: 'other' }, 60_000)).toEqual({ ts: '1.2', hash: 'seen' });
    expect(await one!.slack.keep({ ...of, by: 'one' }, { ts: 'late' }, 60_000)).toBe(false);
    expect(await one!.slack.find([of.run])).toEqual([{ ...of, picture: { ts: '1.2', hash: 'seen' } }]);
  });

  it('tells the runs that are not shown to their end, page by page', async () => {
    const runs = ['a', 'b', 'c'].map((name) => `zz/${randomUUID()}/${name}`).sort();
    for (const run of runs) {
      await one!.slack.take({ run, channel: 'C0123ABCD', by: 'one' }, 60_000);
      await one!.slack.put({ run, channel: 'C0123ABCD', by: 'one' }, run === runs[1] ? { ended: true } : {});
    }
    expect(await one!.slack.unfinished(10, 'zz')).toEqual([runs[0], runs[2]]);
    expect(await one!.slack.unfinished(10, runs[0]!)).toEqual([runs[2]]);
    expect(await one!.slack.unfinished(1, 'zz')).toEqual([runs[0]]);
    for (const run of runs) await one!.slack.drop({ run, channel: 'C0123ABCD' });
    expect(await one!.slack.find(runs)).toEqual([]);
  });

  it('says how many do not show an end that is on record', async () => {
    const before = await one!.slack.behind();
    const pictures = [];
    for (const ended of [{}, {}, { ended: true }] as const) {
      const run = await aRunAskedFor(one!);
      pictures.push({ run, channel: 'C0123ABCD' });
      await one!.slack.take({ ...pictures.at(-1)!, by: 'one' }, 60_000);
      await one!.slack.put({ ...pictures.at(-1)!, by: 'one' }, ended);
    }
    expect(await one!.slack.behind()).toBe(before);
    const conclusion = { outcome: 'failed', summary: 'it ended', endedAt: 9_000 };
    for (const { run } of pictures.slice(1)) await separated.owner.attempts.conclude(run, conclusion);
    expect(await one!.slack.behind()).toBe(before + 1);
    for (const picture of pictures) await one!.slack.drop(picture);
    expect(await one!.slack.behind()).toBe(before);
  });

  it('drops nothing that another gateway draws', async () => {
    const of = aPicture();
    await one!.slack.take({ ...of, by: 'one' }, 60_000);
    await other!.slack.drop(of);
    expect(await one!.slack.find([of.run])).toHaveLength(1);
  });

  it('forgets what has shown an end for a month, and nothing else', async () => {
    const [old, open, young] = [aPicture(), aPicture(), aPicture()];
    for (const each of [old, open, young]) {
      await one!.slack.take({ ...each, by: 'one' }, 60_000);
      await one!.slack.put({ ...each, by: 'one' }, each === open ? {} : { ended: true });
    }
    await separated.database.ask(
      'owner',
      `update slipway.slack_pictures set kept_at = clock_timestamp() - interval '31 days' where run = any($1)`,
      [[old.run, open.run]],
    );
    await one!.slack.forget();
    const left = await one!.slack.find([old.run, open.run, young.run]);
    expect(left.map(({ run }) => run).sort()).toEqual([open.run, young.run].sort());
  });

  it('is nothing that a worker may read or write', async () => {
    const denied = { message: expect.stringContaining('permission denied') as unknown };
    await expect(separated.database.ask('engine', `select slipway.is_first_request('x')`)).rejects.toMatchObject(
      denied,
    );
    await expect(separated.database.ask('engine', 'select * from slipway.slack_pictures')).rejects.toMatchObject(
      denied,
    );
    await expect(separated.database.ask('gateway', 'delete from slipway.slack_requests')).rejects.toMatchObject(denied);
  });
});
