import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endOf, verified } from '../support/world-end.ts';
import { patience, until } from '../support/world-until.ts';
import { clientOf, startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { ask } from '../support/world-service.ts';
import { allHistories } from '../support/world-history.ts';

/** Secrets go where they are used, and nowhere where people read: neither from a release that works nor from one that fails loudly. */

let world: World;
/** Name → a text that must be found nowhere. */
let secrets: Map<string, string>;
const answers: unknown[] = [];
const leaked = 'correct-horse-battery';

beforeAll(async () => {
  world = await startWorld({ services: ['quiet', 'loud'] });
  const quiet = await world.add({ name: 'quiet', migration: 'create table weights (grams integer)' });
  // A program that tells its connection string when it fails: many do.
  const tells = `do $$ begin raise exception 'cannot connect to postgresql://shop:${leaked}@db.example:5432/shop'; end $$`;
  const loud = await world.add({ name: 'loud', migration: tells });
  const views = await Promise.all([quiet.release(), loud.release()]);
  expect(views.map(endOf)).toEqual([verified, { outcome: 'halted', because: expect.any(String) }]);
  answers.push(
    views,
    await world.developer.lane(quiet.lane),
    await world.developer.lane(loud.lane),
    await world.developer.me(),
  );
  answers.push(await world.developer.list({ limit: 50 }), await world.developer.health());
  for (const view of views) answers.push(await world.developer.plan(view.status?.planHash ?? ''));
  answers.push(await clientOf(world.engine.gatewayUrl, 'not-a-token').me().catch(String));
  answers.push(
    await world.developer
      .start({ service: 'quiet', branch: 'quiet', commit: '0'.repeat(40), requestKey: 'nothing' })
      .catch(String),
  );

  const { environment, tokens } = world.engine;
  const key = (await readFile(environment['SLIPWAY_SIGNING_KEY']!, 'utf8')).split('\n')[1]!;
  const password = new URL(world.services.postgres.url('slipway')).password;
  secrets = new Map(
    Object.entries({
      ...tokens,
      'signing key': key,
      'database password': password,
      'what a failing program tells': leaked,
    }),
  );
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

/** Names of the secrets in a text. */
function found(text: string): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

describe('secrets are in no', () => {
  it('history of any workflow', async () => {
    const histories = await allHistories(world);
    expect([...histories.keys()].filter((id) => id.startsWith('release/'))).toHaveLength(2);
    // The search can see: something that is no secret is found.
    expect([...histories.values()].filter((text) => text.includes('lab-approver'))).toHaveLength(2);
    expect([...histories].map(([id, text]) => [id, ...found(text)])).toEqual([...histories.keys()].map((id) => [id]));
  });

  it('log of the worker', async () => {
    const read = () => readFile(join(world.directory, 'worker.log'), 'utf8');
    // What people are told is in it, and of the end they are told in any case, a moment behind it.
    await until('people to be told of the end', async () => (await read()).includes('"event":"ended-well"'));
    expect(found(await read())).toEqual([]);
  });

  it('answer of the gateway', () => {
    const text = JSON.stringify(answers);
    expect(text).toContain('the gateway does not know this token');
    expect(found(text)).toEqual([]);
  });

  it('row of the records, the audit among them', async () => {
    const url = world.services.postgres.url('slipway');
    const tables = await ask<{ name: string }>(
      url,
      "select table_name as name from information_schema.tables where table_schema = 'slipway'",
    );
    expect(tables.map((table) => table.name)).toContain('audit');
    for (const { name } of tables) {
      const rows = await ask<{ row: string }>(url, `select t::text as row from slipway.${name} t`);
      expect({ name, found: found(rows.map(({ row }) => row).join('\n')) }).toEqual({ name, found: [] });
    }
  });
});
