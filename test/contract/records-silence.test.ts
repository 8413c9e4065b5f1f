import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usualLimits } from '../../activities/records/connections.ts';
import { type Database, openDatabase, type Queries } from '../../activities/records/database.ts';
import { usePostgres } from '../support/postgres.ts';
import { type SilentProxy, startSilentProxy } from '../support/silent-proxy.ts';

/** Something between a process and the records forgets its connections, and nobody is told: new ones would be served. */

const postgres = usePostgres();
const limits = { ...usualLimits, answerMs: 2_000 };
const most = 5;
const all = Array.from({ length: most }, (_, n) => n);
const answer = [{ n: 1 }];
const ask = (queries: Queries) => queries.query('select 1 as n');

let url: string;
let proxy: SilentProxy;
let database: Database;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  url = await postgres.freshDatabase();
  proxy = await startSilentProxy(Number(new URL(url).port));
  const throughIt = new URL(url);
  throughIt.port = String(proxy.port);
  database = openDatabase(throughIt.href, most, limits);
  ends.push(proxy.close, database.close);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Resolves for all who wait once so many do. */
function meeting(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let there = 0;
  return () => {
    there += 1;
    if (there === size) resolve();
    return promise;
  };
}

async function useAll(): Promise<void> {
  const together = meeting(most);
  await Promise.all(all.map(() => database.transaction(together)));
  expect(proxy.made()).toBe(most);
}

describe('when the connections to the records are lost without a word', () => {
  it('queries that were sent on all of them are answered on others', async () => {
    await useAll();
    proxy.forget();
    expect(await Promise.all(all.map(() => ask(database)))).toEqual(all.map(() => answer));
    expect(proxy.made()).toBeGreaterThan(most);
  });

  it('transactions that were under way on all of them are done on others', async () => {
    const together = meeting(most);
    const work = async (queries: Queries) => {
      await ask(queries);
      await together().then(() => proxy.made() === most && proxy.forget());
      return ask(queries);
    };
    expect(await Promise.all(all.map(() => database.transaction(work)))).toEqual(all.map(() => answer));
    expect(await ask(database)).toEqual(answer);
  });

  it('a transaction that is to be undone gives its own up, and says what was wrong with it', async () => {
    const wrong = new TypeError('a mistake');
    const failing = database.transaction(async () => {
      proxy.forget();
      await Promise.reject(wrong);
    });
    await expect(failing).rejects.toBe(wrong);
    expect(await ask(database)).toEqual(answer);
    expect(proxy.made()).toBe(2);
  });

  it('those that nobody was using are not tried one after the other', async () => {
    await useAll();
    proxy.forget();
    expect(await ask(database)).toEqual(answer);
    expect(await Promise.all(all.map(() => ask(database)))).toEqual(all.map(() => answer));
  });
});

it('a step of the schema may take longer than anybody else waits for an answer', async () => {
  const waiting = (queries: Queries) => queries.query('select 1 as n from pg_advisory_xact_lock(1)');
  const other = openDatabase(url, 1);
  ends.push(other.close);
  const unhurried = await other.transaction(async (queries) => {
    await waiting(queries);
    const answered = database.transaction(waiting, { unhurried: true });
    await expect(waiting(database)).rejects.toThrow('SLIP-REC-1');
    return { answered };
  });
  expect(await unhurried.answered).toEqual(answer);
});
