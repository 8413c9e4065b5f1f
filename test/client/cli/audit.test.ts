import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import { chainEntry, chainStart } from '../../../domain/audit-chain.ts';
import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const lane = 'shop/production';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const keys = createKeyPair();

/** `what` of the second holds what no terminal should get: it is a part of its hash all the same. */
function someRows(who = 'kim', chain = lane): ChainedEntry[] {
  const rows: ChainedEntry[] = [];
  for (const what of ['first', 'sec\u001b[31mond\u200b', 'third']) {
    const entry = { lane: chain, key: what, at: 1, what, who, facts: { none: null } };
    rows.push(chainEntry(rows.at(-1) ?? chainStart, entry, sha256));
  }
  return rows;
}

let gateway: FakeGateway;
let directory: string;
let ends: string;
let key: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-audit-'));
  [ends, key] = [join(directory, 'ends.jsonl'), join(directory, 'gateway.pem')];
  const end = { lane, n: 3, hash: someRows()[2]!.hash };
  const statement = { n: 1, at: 1, installation: 'i', ends: [end], previous: sha256('') };
  await writeFile(ends, `${JSON.stringify(createSigner(keys.privateKeyPem).signEnds(statement))}\n{"statem`);
  await writeFile(key, keys.publicKeyPem);
  await writeFile(join(directory, 'other.pem'), createKeyPair().publicKeyPem);
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

function serve(rows: ChainedEntry[]): void {
  gateway.on('GET /v1/audit', { body: { lanes: [{ lane, n: 3, hash: '' }] } });
  gateway.on('GET /v1/audit/rows', ({ path }) => {
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'));
    return { body: { rows: rows.filter(({ n }) => n > after).slice(0, 2) } };
  });
}

const verify = (...args: string[]) =>
  slipway(['audit', 'verify', ...args], gateway.url, { env: { SLIPWAY_TOKEN: token } });

describe('slipway audit verify', () => {
  it('calls an audit whole that nobody has touched, as it came, page after page', async () => {
    serve(someRows());
    const { exitCode, stdout } = await verify('--ends', ends, '--public-key', key);
    expect([exitCode, stdout.trim().split('\n')]).toEqual([
      0,
      ['note: 1 lines of the ends could not be read', '3 rows in 1 lanes: whole'],
    ]);
  });

  it('says what it cannot see without ends from outside', async () => {
    serve(someRows());
    const { exitCode, stdout } = await verify();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('cannot be told')]);
  });

  it.each<[string, () => ChainedEntry[], string]>([
    ['edited', () => someRows().map((row) => (row.n === 2 ? { ...row, who: 'nobody' } : row)), 'row 2 was edited'],
    ['removed', () => someRows().filter((row) => row.n !== 2), 'row 2 was removed'],
    ['cut off', () => someRows().slice(0, 2), 'row 3 was removed at the end'],
    ['all cut off', () => [], 'rows 1 to 3 were removed at the end'],
    ['all hashed anew', () => someRows('nobody'), 'rows 1 to 3: something was changed there, and hashed anew'],
  ])('finds rows that were %s, and ends as a checker that has found something', async (_, rows, wanted) => {
    serve(rows());
    const { exitCode, json } = await verify('--ends', ends, '--public-key', key, '--json');
    expect([exitCode, json['whole'], json['problems']]).toEqual([1, false, [`${lane}: ${wanted}`]]);
  });

  it('does not believe ends that another key has signed', async () => {
    serve(someRows());
    const { exitCode, stdout } = await verify('--ends', ends, '--public-key', join(directory, 'other.pem'));
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('statement 1 has a signature that does not hold')]);
  });

  it('needs no gateway for rows from a file that list has made', async () => {
    serve(someRows());
    const listed = await slipway(['audit', 'list', 'shop', 'production', '--all'], gateway.url, {
      env: { SLIPWAY_TOKEN: token },
    });
    const file = join(directory, 'rows.json');
    await writeFile(file, listed.stdout);
    await gateway.close();
    const { exitCode, stdout } = await verify('--rows', file, '--ends', ends, '--public-key', key);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('3 rows in 1 lanes: whole')]);
  });

  it.each<[string, object]>([
    ['when', { at: '1' }],
    ['no time that there is', { at: 9e15 }],
    ['who', { who: 5 }],
    ['what', { what: null }],
    ['no facts', { facts: [] }],
    ['what is nested without end', { facts: { x: JSON.parse('['.repeat(4_000) + ']'.repeat(4_000)) as unknown } }],
  ])('goes on past a row that says what nobody of ours writes, and names it: %s', async (_what, odd) => {
    const [first, second, third] = someRows() as [ChainedEntry, ChainedEntry, ChainedEntry];
    const file = join(directory, 'odd.json');
    await writeFile(file, JSON.stringify({ rows: [first, { ...second, ...odd }, third] }));
    const { exitCode, stdout } = await verify('--rows', file, '--ends', ends, '--public-key', key);
    expect([exitCode, stdout.split('\n')[0]]).toEqual([1, 'shop/production: row 2 was edited']);
  });

  it('takes each chain of a lane for itself, and none of another lane', async () => {
    const chains = [`${lane}@build`, `${lane}@engine`, 'shop/production-two'];
    gateway.on('GET /v1/audit', { body: { lanes: chains.map((chain) => ({ lane: chain, n: 3, hash: '' })) } });
    gateway.on('GET /v1/audit/rows', ({ path }) => {
      const asked = new URLSearchParams(path.split('?')[1]);
      const chain = asked.get('lane')!;
      const rows = chains.includes(chain) ? someRows('kim', chain) : [];
      return { body: { rows: rows.filter(({ n }) => n > Number(asked.get('after'))) } };
    });
    const { stdout } = await slipway(['audit', 'list', 'shop', 'production', '--all'], gateway.url, {
      env: { SLIPWAY_TOKEN: token },
    });
    const file = join(directory, 'chains.json');
    await writeFile(file, stdout);
    const listed = (JSON.parse(stdout) as { rows: ChainedEntry[] }).rows;
    expect([...new Set(listed.map((row) => row.lane))]).toEqual(chains.slice(0, 2));
    expect((await verify('--rows', file)).stdout).toContain('6 rows in 2 lanes: whole');
  });

  it.each([
    ['ends without a key', ['--ends', 'x'], 'needs --public-key'],
    ['a file that is not there', ['--rows', '/nowhere/rows'], 'cannot be read'],
  ])('refuses %s', async (_, args, wanted) => {
    const { exitCode, stderr } = await verify(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(wanted)]);
  });
});

describe('slipway audit list', () => {
  it('shows which chain a number is of', async () => {
    gateway.on('GET /v1/audit/rows', { body: { rows: someRows('kim', `${lane}@engine`) } });
    const { stdout } = await slipway(['audit', 'list', 'shop', 'production'], gateway.url, {
      env: { SLIPWAY_TOKEN: token },
    });
    expect(stdout).toMatch(/^1@engine {2}1970-01-01T00:00:00.001Z {2}first/);
  });

  it('shows the last rows, without what a terminal would obey', async () => {
    gateway.on('GET /v1/audit/rows', { body: { rows: someRows() } });
    const { stdout } = await slipway(['audit', 'list', 'shop', 'production'], gateway.url, {
      env: { SLIPWAY_TOKEN: token },
    });
    expect(stdout).toMatch(/^1 {2}1970-01-01T00:00:00.001Z {2}first {3}kim\n2 .* {2}second {2}kim\n/);
  });

  it('shows why something was refused or has failed', async () => {
    const [row] = someRows();
    const refused = { code: 'forbidden', refused: 'kim is not in the group managers' };
    const rows = [refused, { code: 'SLIP-REL-1' }, { code: 7 }].map((facts) => ({ ...row, facts }));
    gateway.on('GET /v1/audit/rows', { body: { rows } });
    const { stdout } = await slipway(['audit', 'list', 'shop', 'production'], gateway.url, {
      env: { SLIPWAY_TOKEN: token },
    });
    const ends = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  kim').at(-1)?.trim());
    expect(ends).toEqual(['forbidden: kim is not in the group managers', 'SLIP-REL-1', '']);
  });
});
