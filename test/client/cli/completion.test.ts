import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRelease, commit, ended } from './builders.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const saleor = fileURLToPath(new URL('../../../examples/saleor', import.meta.url));
const nowhere = 'http://127.0.0.1:1';

/** What may stand where the last word is typed, without what each is. */
async function offered(words: string[], url = nowhere, options: Parameters<typeof slipway>[2] = {}): Promise<string[]> {
  const { exitCode, stdout, stderr } = await slipway(['__complete', '--', ...words], url, options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : (line.split('\t')[0] ?? [])));
}

describe('what may be typed, by the commands and options that there are', () => {
  it.each<[string[], string[]]>([
    [['dep'], ['deploy']],
    [['re'], ['releases', 'reject', 'retry']],
    [['__'], []],
    [
      ['lane', 'clear'],
      ['clear-hold', 'clear-ticket'],
    ],
    [
      ['audit', ''],
      ['list', 'verify', 'help'],
    ],
    [['help', 'lane', 'te'], ['tell']],
    [['help', 'exit'], ['exit-codes']],
    [['help', 'no-such', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['deploy', '--br'], ['--branch']],
    [['--vers'], ['--version']],
    [['lane', 'clear-hold', '--rea'], ['--reason']],
    // Said already; only what may be repeated is offered again.
    [['deploy', '--branch', 'main', '--br'], []],
    [['rollback', 'ID', '--region', 'de', '--reg'], ['--region']],
    // The value of an option is no command, and no option.
    [['deploy', '--branch', 'lane', '--det'], ['--detach']],
    [['deploy', '--branch', '--'], []],
    [['deploy', '--commit', ''], []],
    // Where nothing else comes next, options are shown before a dash is typed.
    [
      ['schema', ''],
      ['--policy', '--help'],
    ],
    [['validate', '--', '--po'], [':files']],
    [['validate', ''], [':files']],
    [['validate', '--policy', ''], [':files']],
    [['audit', 'verify', '--ends='], [':files']],
    [['status', '--token-file', 'x'], [':files']],
    [['no-such-command', ''], []],
    [['lane', 'clear-hold', '--id', ''], []],
  ])('%j', async (words, expected) => {
    const found = await offered(words);
    if (words[0] === 'no-such-command') expect(found.every((one) => one.startsWith('--'))).toBe(true);
    else expect(found).toEqual(expected);
  });

  it('is told with what it is', async () => {
    const { stdout } = await slipway(['__complete', '--', 'dep'], nowhere);
    expect(stdout).toBe('deploy\tstart a release and follow it to its end\n');
  });
});

describe('names, by slipway.yaml here', () => {
  it.each<[string[], string[]]>([
    [['deploy', '--service', ''], ['saleor']],
    [['deploy', '--service=s'], ['--service=saleor']],
    // Bash hands these over in three words and in two, and replaces what is behind the sign.
    [['deploy', '--service', '=', 's'], ['saleor']],
    [['deploy', '--service', '='], ['saleor']],
    [['audit', 'list', 's'], ['saleor']],
    [['audit', 'list', 'saleor', 'prod'], ['production']],
    [['status', '--service', 'saleor', '--environment', 'p'], ['production']],
    [['deploy', '--service', 'x'], []],
    // Of another service, this file says nothing.
    [['status', '--service', 'cart', '--environment', ''], []],
    [['audit', 'list', 'cart', ''], []],
  ])('%j', async (words, expected) => {
    expect(await offered(words, nowhere, { cwd: saleor })).toEqual(expected);
  });
});

describe('names, by the gateway', () => {
  let gateway: FakeGateway;
  const open = aRelease({ releaseId: `release/shop/production/${commit}/2`, number: 142 });
  const back = { ...open, releaseId: 'rollback/shop/production/order', number: undefined };
  const over = ended(aRelease({ releaseId: `release/cart/staging/${commit}/1`, service: 'cart' }), 'verified');
  beforeEach(async () => {
    gateway = await startFakeGateway();
    gateway.on('GET /v1/releases', {
      body: { releases: [{ ...back, undoes: { releaseId: open.releaseId, number: 142, nth: 2 } }, open, over] },
    });
    gateway.on(`GET /v1/releases/${encodeURIComponent(open.releaseId)}`, { body: open });
  });
  afterEach(() => gateway.close());

  it.each<[string[], string[]]>([
    [
      ['deploy', '--service', ''],
      ['shop', 'cart'],
    ],
    [
      ['lane', '--environment', ''],
      ['production', 'staging'],
    ],
    [
      ['status', ''],
      ['@latest', '@waiting', 'shop#142~2', 'shop#142', over.releaseId],
    ],
    [['status', '@w'], ['@waiting']],
    [
      ['watch', 'shop#'],
      ['shop#142~2', 'shop#142'],
    ],
    [['abort', 'release/shop/'], [open.releaseId]],
    [['releases', '--outcome', 'ver'], ['verified']],
    [['approve', 'release/c'], [over.releaseId]],
    [
      ['rollback', open.releaseId, '--region', ''],
      ['eu-west', 'us-east'],
    ],
    [
      ['rollback', 'shop#142', '--region', ''],
      ['eu-west', 'us-east'],
    ],
    [['rollback', '--region', ''], []],
    [['rollback', 'no-such-release', '--region', ''], []],
  ])('%j', async (words, expected) => {
    expect(await offered(words, gateway.url)).toEqual(expected);
  });

  it('asks only for what belongs to the service that is named', async () => {
    await offered(['releases', '--service', 'shop', '--environment', ''], gateway.url);
    expect(gateway.seen.map(({ path }) => path)).toEqual(['/v1/releases?service=shop&limit=200']);
  });

  it('asks the gateway that the line names', async () => {
    expect(await offered(['deploy', '--gateway', gateway.url, '--service', 's'])).toEqual(['shop']);
  });

  it('says of a release how it ended', async () => {
    const { stdout } = await slipway(['__complete', '--', 'status', 'release/cart'], gateway.url);
    expect(stdout).toBe(`${over.releaseId}\tstaging, verified, commit ${commit.slice(0, 12)}\n`);
  });

  it.each([
    ['that is away', () => gateway.on('GET /v1/releases', 'hang-up')],
    [
      'that refuses',
      () => gateway.on('GET /v1/releases', { status: 403, body: { error: { code: 'no', message: '' } } }),
    ],
    ['that is no gateway', () => gateway.on('GET /v1/releases', { body: '<html>' })],
  ])('is silent of a gateway %s', async (_, arrange) => {
    arrange();
    expect(await offered(['deploy', '--service', ''], gateway.url)).toEqual([]);
  });

  it('is silent without a token', async () => {
    expect(await offered(['deploy', '--service', ''], gateway.url, { env: { SLIPWAY_TOKEN: '' } })).toEqual([]);
    expect(await offered(['deploy', '--service', ''], gateway.url, { env: { SLIPWAY_TOKEN: `${token}x` } })).toEqual(
      [],
    );
  });

  it('leaves out what a shell would read as more than a name, and what would begin a line of its own', async () => {
    const services = ['$(reboot)', 'a;b', 'a b', "it's", '`id`', 'c\nd', '-rf', 'good-1.2', ':files'];
    gateway.on('GET /v1/releases', { body: { releases: services.map((service) => ({ ...open, service })) } });
    expect(await offered(['deploy', '--service', ''], gateway.url)).toEqual(['good-1.2']);
  });
});
