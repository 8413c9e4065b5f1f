import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeyPair } from '../../../activities/shared/signatures.ts';
import { mostBytesOfEvidence } from '../../../domain/contract/evidence-bundle.ts';
import { textOfEvidence } from '../../../domain/evidence/file.ts';
import { aBundle, anEvidence, aSigned, evidenceKeys, evidenceSigner, kim } from '../../support/evidence.ts';
import { leavesChanged } from '../../support/leaves.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const nobody = 'http://127.0.0.1:9';
const usual = 'shop-production-142.evidence.json';

let gateway: FakeGateway;
let cwd: string;
let keys: string;
beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), 'slipway-keys-'));
  await writeFile(join(keys, 'gateway.pem'), evidenceKeys.publicKeyPem);
  await mkdir(join(keys, 'several'));
  await writeFile(join(keys, 'several', 'old.pem'), createKeyPair().publicKeyPem);
  await writeFile(join(keys, 'several', 'new.pem'), evidenceKeys.publicKeyPem);
  await writeFile(join(keys, 'other.pem'), createKeyPair().publicKeyPem);
  await writeFile(join(keys, 'none.pem'), 'not a key');
});
afterAll(() => rm(keys, { recursive: true, force: true }));
beforeEach(async () => {
  gateway = await startFakeGateway();
  cwd = await mkdtemp(join(tmpdir(), 'slipway-evidence-'));
});
afterEach(async () => {
  await gateway.close();
  await rm(cwd, { recursive: true, force: true });
});

const signed = anEvidence();
const id = signed.bundle.release.id;
const serve = (body: unknown = signed) => gateway.on(`GET /v1/releases/${encodeURIComponent(id)}/bundle`, { body });
const write = (...args: string[]) => slipway(['evidence', id, ...args], gateway.url, { cwd });
const verify = (...args: string[]) =>
  slipway(['evidence', 'verify', ...args], nobody, { cwd, env: { SLIPWAY_TOKEN: '' } });
const key = () => ['--public-key', join(keys, 'gateway.pem')];

async function file(content: string | Uint8Array, name = 'file.json'): Promise<string> {
  await writeFile(join(cwd, name), content);
  return name;
}

describe('slipway evidence', () => {
  it('writes one file, as the gateway has it, and says by which keys it is checked', async () => {
    serve();
    const { exitCode, stdout, stderr } = await write();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${usual}: evidence file of ${id}, by the keys ${signed.keyId}\n`);
    expect(await readFile(join(cwd, usual), 'utf8')).toBe(textOfEvidence(signed));
    expect((await stat(join(cwd, usual))).mode & 0o777).toBe(0o600);
  });

  it('says what is not in it, and for programs all of it', async () => {
    const missing = [{ what: 'log', why: 'the run has kept\u001b[31m none' }];
    serve(evidenceSigner.signEvidence({ ...aBundle(), missing }));
    expect((await write()).stderr).toContain('not in it: log: the run has kept none');
    const { json } = await write('--out', 'other.json', '--json');
    expect(json).toMatchObject({
      releaseId: id,
      file: 'other.json',
      keyIds: [signed.keyId],
      missing: [{ what: 'log' }],
    });
    expect(json['bytes']).toBe((await stat(join(cwd, 'other.json'))).size);
  });

  it('replaces no file but with --force', async () => {
    serve();
    await file('mine', usual);
    const { exitCode, stderr } = await write();
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${usual} is there already`)]);
    expect(await readFile(join(cwd, usual), 'utf8')).toBe('mine');
    expect((await write('--force')).exitCode).toBe(0);
    expect(await readFile(join(cwd, usual), 'utf8')).toBe(textOfEvidence(signed));
  });

  it.each([
    ['there is no such directory', ['--out', 'no/where.json'], 'there is no such file'],
    ['a directory is there', ['--out', '.'], 'is there already'],
  ])('leaves nothing where it cannot write: %s', async (_what, args, wanted) => {
    serve();
    const { exitCode, stderr } = await write(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(wanted)]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('writes nothing of an answer that is no evidence', async () => {
    for (const body of [{}, { bundle: { kind: 'slipway.evidence', version: 2 } }, { ...signed, more: 1 }, []]) {
      serve(body);
      expect([(await write()).exitCode, await readdir(cwd)]).toEqual([4, []]);
    }
  });

  it('can be read again by whoever has the public key alone', async () => {
    serve();
    await write();
    await gateway.close();
    const { exitCode, stdout } = await verify(usual, ...key());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^holds {5}file: a gateway has signed it with the key/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'shop#142 in production, verified: PROVEN by this file (13 lines hold, 0 do not, 2 are not seen)',
    );
  });
});

describe('slipway evidence verify', () => {
  it('finds each leaf that was changed, whatever it is', async () => {
    for (const { at, changed } of leavesChanged(signed)) {
      const { exitCode, stdout } = await verify(await file(textOfEvidence(changed as typeof signed)), ...key());
      const isFound = exitCode === 2 || (exitCode === 1 && stdout.includes('FAILS'));
      expect({ at, isFound }).toEqual({ at, isFound: true });
    }
  });

  it.each<[string, (text: string) => string | Uint8Array]>([
    ['a space', (text) => text.replace('{', '{ ')],
    ['no new line at its end', (text) => text.trimEnd()],
    ['another new line', (text) => `${text}\n`],
    ['a key said twice', (text) => text.replace('{"bundle":', '{"keyId":"x","bundle":')],
    ['another order of keys', (text) => JSON.stringify(JSON.parse(text), ['signature', 'keyId', 'bundle'])],
    ['a letter as its code', (text) => text.replace('"shop"', '"sh\\u006fp"')],
    ['a byte order mark', (text) => `\ufeff${text}`],
  ])('finds a file that is not byte by byte as it was: %s', async (_what, change) => {
    const { exitCode } = await verify(await file(change(textOfEvidence(signed))), ...key());
    expect(exitCode).toBeGreaterThan(0);
  });

  it('takes several keys, and directories of them', async () => {
    const name = await file(textOfEvidence(signed));
    expect((await verify(name, '--public-key', join(keys, 'several'))).exitCode).toBe(0);
    expect((await verify(name, '--public-key', join(keys, 'other.pem'), ...key())).exitCode).toBe(0);
    const { exitCode, stdout } = await verify(name, '--public-key', join(keys, 'other.pem'));
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('which is none of those that were given')]);
  });

  it('goes by ends that were kept outside', async () => {
    const { statements, ...bundle } = aBundle();
    const name = await file(textOfEvidence(evidenceSigner.signEvidence({ ...bundle, statements: [] })));
    const ends = await file(`${JSON.stringify(statements[0])}\n{"statem`, 'ends.jsonl');
    const without = await verify(name, ...key());
    expect([without.exitCode, without.stdout]).toEqual([16, expect.stringContaining('NOT SEEN  ends of the audit')]);
    expect(without.stdout).toContain('CANNOT BE TOLD from this file');
    const { exitCode, stdout } = await verify(name, ...key(), '--ends', ends);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('holds     ends of the audit');
    expect(stdout).toContain('note: 1 lines of the ends could not be read');
  });

  it('says for programs what holds and what does not', async () => {
    const few = aBundle({ decided: [aSigned('approve', kim)] });
    const name = await file(textOfEvidence(evidenceSigner.signEvidence(few)));
    const { exitCode, json } = await verify(name, ...key(), '--json');
    expect([exitCode, json['verdict'], json['outcome'], json['releaseId']]).toEqual([
      1,
      'does not hold',
      'verified',
      id,
    ]);
    expect(json['lines']).toContainEqual({
      state: 'fails',
      what: 'approvals',
      says: expect.stringContaining('1 of 2'),
    });
  });

  it('shows nothing that a terminal would obey', async () => {
    const missing = [{ what: 'log\u001b]0;x\u0007', why: 'it\nis \u202egone' }];
    const name = await file(textOfEvidence(evidenceSigner.signEvidence({ ...aBundle(), missing })));
    expect((await verify(name, ...key())).stdout).toContain('not seen  log: it is gone\n');
  });

  const nested = (levels: number) => `${'{"bundle":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const withBundle = (change: object) => JSON.stringify({ ...signed, bundle: { ...signed.bundle, ...change } });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'no JSON in UTF-8'],
    ['no JSON', '{"bundle":', 'no JSON in UTF-8'],
    ['null', 'null', 'a document of another kind'],
    ['a list', '[]', 'a document of another kind'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'no JSON in UTF-8'],
    ['of a later form', withBundle({ version: 2 }), 'does not know'],
    ['nested without end', nested(100_000), 'nested deeper than'],
    ['of a million parts', `[${'[],'.repeat(1_100_000)}0]`, 'it has more than 1000000 parts'],
    ['too large', Buffer.alloc(mostBytesOfEvidence + 10, 0x20), 'it has more than 24 MB'],
    ['with something beside what is signed', JSON.stringify({ ...signed, more: 1 }), 'beside what is signed'],
    ['with another prototype', `{"__proto__":{"x":1},${JSON.stringify(signed).slice(1)}`, 'beside what is signed'],
    [
      'with a list in the place of a text',
      withBundle({ release: { ...signed.bundle.release, id: [] } }),
      '`bundle.release.id`',
    ],
    ['with a number in the place of a list', withBundle({ decisions: 5 }), '`bundle.decisions`'],
    ['with a time that there is not', withBundle({ madeAt: 9e15 }), '`bundle.madeAt`'],
    [
      'with a plan that nobody can go by',
      withBundle({ plans: [{ hash: signed.bundle.planHash, plan: { ...signed.bundle.plans[0]!.plan, approval: 5 } }] }),
      '`bundle.plans.',
    ],
  ])('refuses a file that is %s, in words', async (_what, content, wanted) => {
    const { exitCode, stderr } = await verify(await file(content), ...key());
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(wanted)]);
    expect(stderr).toContain('next: Name a file that `slipway evidence` has written.');
  });

  it('takes nothing that is said of a prototype for what is signed', async () => {
    const text = withBundle({}).replace(
      '"kind":"slipway.evidence"',
      '"kind":"slipway.evidence","__proto__":{"missing":[]}',
    );
    const { exitCode } = await verify(await file(text), ...key());
    expect(exitCode).toBe(1);
    expect(({} as { missing?: unknown }).missing).toBeUndefined();
  });

  it.each([
    ['without a key', [], '--public-key is missing'],
    ['a key that is not there', ['--public-key', '/no/key.pem'], 'cannot be read'],
    ['a key that is none', ['--public-key', 'NONE'], 'something there is no public key'],
  ])('refuses %s', async (_what, args, wanted) => {
    const named = args.map((word) => (word === 'NONE' ? join(keys, 'none.pem') : word));
    const { exitCode, stderr } = await verify(await file(textOfEvidence(signed)), ...named);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(wanted)]);
  });

  it('refuses a file that is not there, or is a directory', async () => {
    expect((await verify('nowhere.json', ...key())).stderr).toContain('there is no such file');
    expect((await verify('.', ...key())).stderr).toContain('it is a directory');
  });
});
