import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { aRepository, type TestRepository } from '../../support/git-repository.ts';
import { aLane, aRelease, commit, noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
let home = '';
let repository: TestRepository | undefined;
beforeEach(async () => {
  gateway = await startFakeGateway();
  home = await mkdtemp(join(tmpdir(), 'slipway-naming-'));
});
afterEach(async () => {
  await gateway.close();
  await rm(home, { recursive: true, force: true });
  await repository?.remove();
  repository = undefined;
});

const asks = () => gateway.seen.filter(({ method }) => method === 'GET').map(({ path }) => path);
const run = (args: string[], cwd = home) => slipway(args, gateway.url, { env: { XDG_CONFIG_HOME: home }, cwd });

function aRow(changes: Partial<ReleaseRow> = {}): ReleaseRow {
  const { status: _, why: __, open: ___, ...row } = aRelease({ releaseId: `release/shop/production/${commit}/1` });
  return { ...row, number: 142, ...changes };
}
const back = aRow({
  releaseId: 'rollback/shop/production/order',
  number: undefined as never,
  undoes: { releaseId: aRow().releaseId, number: 142, nth: 1 },
});

/** A release that is shown by its id, and the lists that lead to it. */
function known(row: ReleaseRow, lists: Record<string, ReleaseRow[]>): void {
  const id = `GET /v1/releases/${encodeURIComponent(row.releaseId)}`;
  gateway.on(id, { body: aRelease({ releaseId: row.releaseId }) });
  for (const [query, releases] of Object.entries(lists))
    gateway.on(`GET /v1/releases?${query}`, { body: { releases } });
}

describe('a release', () => {
  const ofCommit = `service=shop&environment=production&commit=${commit}&limit=200`;

  it.each([
    ['shop#142', { 'number=142&limit=1': [aRow()] }, aRow()],
    ['#142', { 'number=142&limit=1': [aRow()] }, aRow()],
    ['shop#142~1', { 'number=142&limit=1': [aRow()], [ofCommit]: [back, aRow()] }, back],
    ['0123', { 'commit=0123&limit=200': [back, aRow()] }, aRow()],
    [commit, { [`commit=${commit}&limit=200`]: [aRow()] }, aRow()],
  ])('is meant by %s', async (name, lists, row) => {
    known(row, lists);
    const { exitCode, stdout } = await run(['status', name]);
    expect(stdout).toContain(row.releaseId);
    expect(exitCode).toBe(0);
  });

  it('is the newest of the lane that is meant where none is named', async () => {
    known(aRow(), { 'service=shop&environment=production&limit=1': [aRow()] });
    for (const args of [['status'], ['status', '@latest']])
      expect((await run([...args, '--service', 'shop', '--environment', 'production'])).stdout).toContain(commit);
  });

  it('is the one that waits for somebody, and none that waits for its lane', async () => {
    const waitingFor = { what: 'approval', who: 'approvers' };
    const waits = aRow({ state: { stage: 'awaiting-approval', since: noon, doing: '', waitingFor } });
    const others = [
      aRow({ number: 1, state: { stage: 'awaiting-lane', since: noon, doing: '', waitingFor } }),
      aRow({ number: 2, state: { stage: 'building', since: noon, doing: '' } }),
    ];
    known(aRow(), { 'open=true&limit=200': [...others, waits] });
    expect((await run(['status', '@waiting'])).stdout).toContain(aRow().releaseId);
    known(aRow(), { 'open=true&limit=200': others });
    const none = await run(['status', '@waiting']);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('nothing waits for anybody')]);
    known(aRow(), { 'open=true&limit=200': [aRow()] });
    expect((await run(['status', '@waiting'])).stderr).toContain(
      'which one waits cannot be told: of 1 open release nobody',
    );
    known(aRow(), { 'open=true&limit=200': [aRow({ number: 3 }), waits] });
    expect((await run(['status', '@waiting'])).exitCode).toBe(2);
  });

  it.each([
    ['shop#142', 'shop#142: shop → production'],
    ['#142', '#142 is shop#142: shop → production'],
  ])('that is to be decided about is said first where it is called %s', async (name, words) => {
    const row = aRow();
    known(row, { 'number=142&limit=1': [row] });
    gateway.on(`GET /v1/releases/${encodeURIComponent(row.releaseId)}`, {
      body: aRelease({ releaseId: row.releaseId, number: 142 }),
    });
    const { stderr } = await run(['reject', name, '--yes', '--reason', 'no']);
    expect(stderr.split('\n')[0]).toContain(words);
    expect(stderr).not.toContain('shop#142 is shop#142');
  });

  it('is to be named otherwise where several are meant, which are named', async () => {
    const other = aRow({ number: 7, commit: `0123${'f'.repeat(36)}`, releaseId: 'release/shop/production/0123f/1' });
    known(aRow(), { 'commit=0123&limit=200': [other, aRow()] });
    const { exitCode, stderr } = await run(['status', '0123']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('0123 is the beginning of');
    expect(stderr).toMatch(/shop#7 {2}shop → \S+ {2}0123ffffffff\n {2}shop#142 /);
  });

  it.each([
    ['shop#9', 'there is no release shop#9'],
    ['blog#142', 'there is no release blog#142'],
    ['shop#142~3', 'there is no rollback 3 of shop#142'],
    ['abcd', 'no release is of a commit that begins with abcd'],
    ['the new one', '"the new one" names no release'],
    ['@newest', '"@newest" names no release'],
  ])('is not there: %s', async (name, words) => {
    known(aRow(), {
      'number=9&limit=1': [],
      'number=142&limit=1': [aRow()],
      [ofCommit]: [back, aRow()],
      'commit=abcd&limit=200': [],
    });
    const { exitCode, stderr } = await run(['status', name]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('what a command is about', () => {
  const lanes = () => {
    for (const lane of ['shop/production', 'shop/staging', 'blog/staging'])
      gateway.on(`GET /v1/lanes/${lane}`, { body: aLane() });
  };
  /** A checkout of the branch main, with a slipway.yaml of this service. */
  const checkout = async (service: string) => {
    repository = await aRepository();
    await repository.commit({ files: { 'slipway.yaml': pipeline(service) } });
    return repository.directory;
  };
  const pipeline = (service: string) =>
    [
      'version: 1',
      `service: ${service}`,
      'components:',
      '  core: { image: shop/core, workloads: [{ deployment: core, containers: [core] }] }',
      'environments:',
      '  staging: { branches: [main], regions: { de: { cluster: de, namespace: shop } } }',
      '  production: { branches: [release/*], regions: { de: { cluster: de, namespace: live } } }',
      '',
    ].join('\n');

  it('is kept by `slipway use`, with nothing that others may read', async () => {
    lanes();
    const { stdout } = await run(['use', 'shop', 'production']);
    expect(stdout).toMatch(/service {6}shop\nenvironment {2}production\n/);
    expect((await stat(join(home, 'slipway/use.json'))).mode & 0o777).toBe(0o600);
    await run(['lane']);
    expect(asks()).toEqual(['/v1/lanes/shop/production']);
  });

  it('is kept without the environment of another service, and not at all once that is cleared', async () => {
    await run(['use', 'shop', 'production', '--gateway', 'https://slipway.example.com/']);
    expect((await run(['use', 'blog'])).stdout).toMatch(
      /blog\nenvironment {2}-\ngateway {6}https:\/\/slipway.example.com\n/,
    );
    await run(['use', '--clear']);
    expect(JSON.parse(await readFile(join(home, 'slipway/use.json'), 'utf8'))).toEqual({});
  });

  it('is asked of the gateway that is kept where no other is named', async () => {
    lanes();
    await run(['use', 'shop', 'production', '--gateway', gateway.url]);
    const env = { XDG_CONFIG_HOME: home, SLIPWAY_GATEWAY: undefined as never };
    expect((await slipway(['lane'], gateway.url, { env, cwd: home })).exitCode).toBe(0);
  });

  it('is the service of slipway.yaml here, and the environment of the branch', async () => {
    lanes();
    const deeper = join(await checkout('shop'), 'core');
    await mkdir(deeper);
    await run(['lane'], deeper);
    expect(asks()).toEqual(['/v1/lanes/shop/staging']);
  });

  it('is the only environment of slipway.yaml where no branch says one', async () => {
    lanes();
    const one = join(home, 'one');
    await mkdir(one);
    const rows = pipeline('shop')
      .split('\n')
      .filter((line) => !line.includes('production:'));
    await writeFile(join(one, 'slipway.yaml'), rows.join('\n'));
    await run(['lane'], one);
    expect(asks()).toEqual(['/v1/lanes/shop/staging']);
    gateway.on('POST /v1/lanes/shop/staging/freeze', { body: aLane() });
    expect((await run(['freeze', '--reason', 'sale'], one)).stderr).toContain(
      'the environment by slipway.yaml, which has no other',
    );
  });

  it('is not guessed among several environments of slipway.yaml, which are named', async () => {
    const many = join(home, 'many');
    await mkdir(many);
    await writeFile(join(many, 'slipway.yaml'), pipeline('shop'));
    const { exitCode, stderr } = await run(['status', '@latest', '--why'], many);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Add --environment (here: staging, production)')]);
  });

  it('is said before something is changed that was not typed', async () => {
    const directory = await checkout('shop');
    gateway.on('POST /v1/lanes/shop/staging/freeze', { body: aLane() });
    const { exitCode, stderr } = await run(['freeze', '--reason', 'sale'], directory);
    expect(stderr).toContain('shop → staging: the service by slipway.yaml, the environment by the branch here');
    expect(exitCode).toBe(0);
    gateway.on('POST /v1/lanes/shop/staging/unfreeze', { body: aLane() });
    const named = ['--service', 'shop', '--environment', 'staging'];
    expect((await run(['unfreeze', '--reason', 'over', ...named], directory)).stderr).toBe('');
  });

  it('has no environment that was kept of another service', async () => {
    lanes();
    await run(['use', 'shop', 'production']);
    const directory = await checkout('blog');
    await run(['lane'], directory);
    expect(asks()).toEqual(['/v1/lanes/blog/staging']);
  });

  it('is to be named where nobody says it', async () => {
    const { exitCode, stderr } = await run(['lane']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Add --service and --environment, or keep them for all commands: slipway use');
  });

  it.each([
    ['no JSON', '{'],
    ['something else', '{"service": 7}'],
    ['a list', '["shop"]'],
    ['nothing', 'null'],
  ])('is not guessed where what is kept is %s', async (_what, text) => {
    await mkdir(join(home, 'slipway'));
    await writeFile(join(home, 'slipway/use.json'), text);
    const { exitCode, stderr } = await run(['lane']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('use.json cannot be read')]);
    expect((await run(['use', '--clear'])).exitCode).toBe(0);
  });

  it.each([
    ['a gateway that is no address', ['use', '--gateway', 'somewhere']],
    ['credentials in it', ['use', '--gateway', 'https://kim:secret@slipway.example.com']],
    ['a name that is none', ['use', 'Shop!']],
  ])('is refused with %s, and nothing is kept', async (_what, args) => {
    expect((await run(args)).exitCode).toBe(2);
    await expect(readFile(join(home, 'slipway/use.json'))).rejects.toThrow('ENOENT');
  });
});
