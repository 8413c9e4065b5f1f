import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { createKeyPair } from '../../activities/shared/signatures.ts';
import { CannotStart } from '../../domain/start-up.ts';
import { gatewayChecks } from '../../workers/gateway-checks.ts';
import { setUpChecks } from '../../workers/common-checks.ts';
import { checkedConfig, checkedSetUpConfig } from '../../workers/start-checks.ts';
import type { StartCheck } from '../../workers/start-checks.ts';
import { workerChecks } from '../../workers/worker-checks.ts';
import { root } from '../docs/markdown.ts';
import { policyText } from '../pipeline/texts.ts';

let directory: string;
let env: Record<string, string>;
const at = (name: string) => join(directory, name);

/** An installation in which nothing is missing; tests take something away. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-start-'));
  const { privateKeyPem, publicKeyPem } = createKeyPair();
  await mkdir(at('keys'));
  await writeFile(at('keys/gateway.pem'), publicKeyPem);
  await writeFile(at('signing-key.pem'), privateKeyPem, { mode: 0o600 });
  await writePolicy(policyText);
  await writeFile(at('tokens.json'), JSON.stringify([{ sha256: '0'.repeat(64), id: 'anna', groups: [] }]));
  env = {
    SLIPWAY_RECORDS_URL: 'postgres://slipway:secret-of-the-records@db.test/slipway',
    SLIPWAY_POLICY_FILE: at('policy.yaml'),
    SLIPWAY_PUBLIC_KEYS: at('keys'),
    SLIPWAY_SIGNING_KEY: at('signing-key.pem'),
    SLIPWAY_TOKENS: at('tokens.json'),
    SLIPWAY_CACHE_DIR: at('cache'),
    SLIPWAY_GATEWAY_LISTEN: '127.0.0.1:0',
  };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Some time ago: a file that was just written is waited for. */
async function writePolicy(text: string): Promise<void> {
  await writeFile(at('policy.yaml'), text);
  await utimes(at('policy.yaml'), 0, 0);
}

async function found(checks: readonly StartCheck[], change: Record<string, string | undefined> = {}) {
  try {
    await checkedConfig('this process', { ...env, ...change }, checks);
    return [];
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    return error.problems;
  }
}

const told = async (...about: Parameters<typeof found>) => (await found(...about)).map(({ says }) => says);

describe('what a process begins with', () => {
  it('is complete for a gateway and for each role of a worker', async () => {
    for (const checks of [gatewayChecks, ...['engine', 'build', 'environment:production'].map(workerChecks)])
      expect(await told(checks)).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['the records have no address', { SLIPWAY_RECORDS_URL: undefined }, /^SLIPWAY_RECORDS_URL is needed/],
    ['their address is of something else', { SLIPWAY_RECORDS_URL: 'mysql://u:p@h/d' }, /no address of a PostgreSQL/],
    ['their address is none', { SLIPWAY_RECORDS_URL: 'postgres://u:p#w@h/d' }, /no address of a PostgreSQL/],
    ['their address is elsewhere, and not there', { SLIPWAY_RECORDS_URL: 'env:NOT_SET' }, /env:NOT_SET cannot be/],
    ['the key of Temporal is not there', { SLIPWAY_TEMPORAL_API_KEY: 'file:/no/key' }, /file:\/no\/key cannot be/],
    [
      'a file for TLS is not there',
      { SLIPWAY_TEMPORAL_TLS_CA: '/no/ca' },
      /TLS_CA: \/no\/ca cannot be read \(ENOENT\)/,
    ],
    ['a certificate has no key', { SLIPWAY_TEMPORAL_TLS_CERT: '/dev/null' }, /^SLIPWAY_TEMPORAL_TLS_KEY is needed/],
    ['a port is none', { SLIPWAY_HEALTH: '127.0.0.1:70000' }, /^SLIPWAY_HEALTH must have a port/],
    ['the policy is not there', { SLIPWAY_POLICY_FILE: '/no/policy' }, /\/no\/policy:1:1 .*ENOENT/],
    ['there is no directory of keys', { SLIPWAY_PUBLIC_KEYS: '/no/keys' }, /keys \/no\/keys cannot be read \(ENOENT\)/],
  ])('is named where %s', async (_when, change, words) => {
    for (const checks of [gatewayChecks, workerChecks('engine')])
      expect(await told(checks, change)).toEqual([expect.stringMatching(words)]);
  });

  it.each<[string, string, StartCheck[]]>([
    ['SLIPWAY_GATEWAY_LISTEN', 'the gateway', gatewayChecks],
    ['SLIPWAY_METRICS', 'the worker', workerChecks('engine')],
    ['SLIPWAY_METRICS', 'both in one process', [...new Set([...gatewayChecks, ...workerChecks('engine')])]],
  ])(
    'has a free port: %s of %s says that another process listens there, and may go on when that has ended',
    async (variable, _who, checks) => {
      const other = createServer();
      await once(other.listen(0, '127.0.0.1'), 'listening');
      const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
      const problems = await found(checks, { [variable]: address });
      await new Promise((resolve) => other.close(resolve));
      expect(problems).toEqual([
        {
          says: `${variable}: ${address} is already in use by another process (EADDRINUSE)`,
          next: expect.stringContaining('another port'),
        },
      ]);
      expect(await told(checks, { [variable]: '127.0.0.1:0' })).toEqual([]);
    },
  );

  it('listens on an address of its machine', async () => {
    expect(await told(gatewayChecks, { SLIPWAY_GATEWAY_LISTEN: '192.0.2.1:7777' })).toEqual([
      'SLIPWAY_GATEWAY_LISTEN: 192.0.2.1:7777 cannot be listened on (EADDRNOTAVAIL)',
    ]);
  });

  it('is told of the policy line by line', async () => {
    await writePolicy('version: 1\nunheard: of\n');
    const [says] = await told(workerChecks('engine'));
    expect(says).toMatch(/policy\.yaml:2:1 {2}unknown key `unheard`/);
    expect(says).toContain('`clusters` is missing');
  });

  it('is there while the policy is broken and an earlier one is kept: that one is in force', async () => {
    expect(await told(workerChecks('engine'))).toEqual([]);
    await writePolicy('version: 1\n');
    expect(await told(workerChecks('engine,environment:production'))).toEqual([]);
  });

  it('names every file that holds no public key', async () => {
    await writeFile(at('keys/old.pem'), 'no key');
    await writeFile(at('keys/older.pem'), '');
    expect(await told(workerChecks('engine'))).toEqual([
      `no Ed25519 public key is in ${at('keys/old.pem')}, ${at('keys/older.pem')}`,
    ]);
  });

  it.each([
    ['', /^no role/],
    ['engine,enviroment:production,biuld', /^no role is "enviroment:production" or "biuld"/],
    [
      'environment:produktion',
      /environment:produktion is of an environment that the policy does not name; it names .*production/,
    ],
  ])('names what is no role of a worker in %p', async (roles, words) => {
    expect(await told(workerChecks(roles))).toEqual([expect.stringMatching(words)]);
  });

  it('names a directory of kubeconfig files that is not there to whoever changes environments, and to nobody else', async () => {
    const change = { SLIPWAY_KUBECONFIG_DIR: '/no/kubeconfig' };
    expect(await told(workerChecks('environment:production'), change)).toEqual([
      expect.stringContaining('SLIPWAY_KUBECONFIG_DIR: /no/kubeconfig cannot be read'),
    ]);
    expect(await told(workerChecks('engine'), change)).toEqual([]);
  });

  it('names a git that is not there to whoever reads repositories, and to nobody else', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      const git = [expect.stringContaining('git does not start')];
      const of = (roles: string) => told(workerChecks(roles));
      expect([await told(gatewayChecks), await of('engine'), await of('build')]).toEqual([git, git, git]);
      expect(await of('environment:production')).toEqual([]);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('what a gateway alone begins with', () => {
  const write = (name: string, content: unknown) => writeFile(at(name), JSON.stringify(content));

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'its key is none',
      () => writeFile(at('signing-key.pem'), 'a secret of another kind'),
      /holds no Ed25519 private key/,
    ],
    ['its key is not there', () => rm(at('signing-key.pem')), /signing-key\.pem cannot be read \(ENOENT\)/],
    [
      'nobody would believe its key',
      () => writeFile(at('signing-key.pem'), createKeyPair().privateKeyPem),
      /public half .* is not in .*keys: nobody would believe/,
    ],
    ['tokens are no JSON', () => writeFile(at('tokens.json'), 'a-token-itself'), /tokens\.json is no JSON$/],
    ['tokens are no list', () => write('tokens.json', { anna: 'token' }), /is broken\nit must be a list of entries$/],
    [
      'entries are wrong in several ways',
      () =>
        write('tokens.json', [
          { sha256: 'a-token-itself', id: '', groups: ['x'] },
          { sha256: 'F'.repeat(64), id: 'b', groups: [], x: 1 },
          7,
        ]),
      /\nentry 1 sha256 must be 64 .*\nentry 1 id must be a name.*\nentry 2 sha256 .*\nentry 2 has a key that is not known\nentry 3 must be an object$/,
    ],
  ])('is named where %s, without what stands there', async (_when, spoil, words) => {
    await spoil();
    const all = await told(gatewayChecks);
    expect(all).toEqual([expect.stringMatching(words)]);
    expect(all.join()).not.toMatch(/a-token-itself|a secret of/);
  });

  it('is named for the secret by which browsers log people in, where it is not there', async () => {
    const browsers = {
      ...{ SLIPWAY_OIDC_ISSUER: 'https://login.test', SLIPWAY_OIDC_CLIENT_ID: 'slipway' },
      ...{ SLIPWAY_PUBLIC_URL: 'https://slipway.test', SLIPWAY_OIDC_BROWSER_CLIENT_ID: 'browser' },
      SLIPWAY_OIDC_BROWSER_SECRET: 'env:NOT_SET',
    };
    expect(await told(gatewayChecks, browsers)).toEqual([
      'the secret env:NOT_SET cannot be resolved: the variable is not set',
    ]);
  });

  it('is named for each destination of evidence that is none', async () => {
    await writeFile(at('destination'), 'ftp://secret-of-a-destination');
    expect(await told(gatewayChecks, { SLIPWAY_AUDIT_SHIP: `log,file:${at('destination')},env:NOT_SET` })).toEqual([
      'a destination of the audit is log, dir:/path or https://…',
      'the secret env:NOT_SET cannot be resolved: the variable is not set',
    ]);
  });
});

describe('a process that cannot begin', () => {
  it('names all of it at once, each with its next step, and ends with the exit code of wrong usage', async () => {
    await writePolicy('version: 1\n');
    await writeFile(at('keys/gateway.pem'), 'no key');
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const wrong = { SLIPWAY_TEMPORAL_TLS: 'yes', SLIPWAY_RECORDS_URL: 'secret-of-the-records', SLIPWAY_HEALTH: taken };
    const variables = { ...env, ...wrong, SLIPWAY_LOG: 'text' };
    const started = (program: string, ...args: string[]) =>
      execa(process.execPath, [join(root, program), ...args], {
        env: { ...variables, NODE_OPTIONS: '' },
        reject: false,
      });
    const [gateway, worker, collected] = await Promise.all([
      started('workers/gateway-main.ts'),
      started('workers/main.ts', 'engine,cook'),
      execa(process.execPath, [join(root, 'workers/gateway-main.ts')], {
        env: { ...variables, NODE_OPTIONS: '', SLIPWAY_LOG: '' },
        reject: false,
      }),
    ]);
    await new Promise((resolve) => other.close(resolve));
    // It alone tells how it is, at an address of its own.
    expect(worker.stderr).toContain(`SLIPWAY_HEALTH: ${taken} is already in use`);
    for (const [name, { exitCode, stderr, stdout }] of Object.entries({ gateway, worker })) {
      const count = name === 'worker' ? 6 : 4;
      expect({ name, exitCode, stdout }).toEqual({ name, exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^error: the ${name} does not start: ${count} things are missing or wrong\\n- `),
      );
      expect(stderr.match(/^- /gm)).toHaveLength(count);
      expect(stderr.match(/^ {2}next: \S/gm)).toHaveLength(count);
      expect(stderr).not.toContain('secret-of-the-records');
    }
    // For whoever collects it, who is no person at a terminal, all of it is one line.
    const { level, msg } = JSON.parse(collected.stderr) as { level: string; msg: string };
    expect([level, collected.exitCode, msg.match(/^- /gm)]).toMatchObject(['fatal', 2, { length: 5 }]);
    expect(collected.stderr).not.toContain('secret-of-the-records');
  }, 60_000);
});

describe('`slipway setup`', () => {
  const SLIPWAY_RECORDS_URL = 'postgres://slipway:secret-of-the-records@db.test/slipway';

  it.each([
    ['are not named', {}],
    ['are not there yet', { SLIPWAY_POLICY_FILE: '/no/policy', SLIPWAY_PUBLIC_KEYS: '/no/keys' }],
    ['are named by nothing', { SLIPWAY_POLICY_FILE: '', SLIPWAY_PUBLIC_KEYS: '' }],
  ])('begins where policy and keys, which it does not use, %s', async (_when, extra) => {
    const config = await checkedSetUpConfig({ SLIPWAY_RECORDS_URL, ...extra }, setUpChecks);
    expect(config).toEqual({
      temporal: { address: '127.0.0.1:7233', namespace: 'default' },
      recordsUrl: SLIPWAY_RECORDS_URL,
    });
  });

  it('names everything else that is missing or wrong', async () => {
    const tls = { SLIPWAY_TEMPORAL_TLS_CA: '/no/ca', SLIPWAY_TEMPORAL_ADDRESS: 'nowhere' };
    const error: unknown = await checkedSetUpConfig(tls, setUpChecks).catch((thrown: unknown) => thrown);
    expect((error as CannotStart).message).toMatch(
      /^slipway setup does not start: 3 things are missing or wrong\n- SLIPWAY_TEMPORAL_ADDRESS must be host:port/,
    );
    expect((error as CannotStart).message).toContain('SLIPWAY_RECORDS_URL is needed');
    expect((error as CannotStart).message).toContain('SLIPWAY_TEMPORAL_TLS_CA: /no/ca cannot be read');
    expect((error as CannotStart).message).not.toMatch(/POLICY|PUBLIC_KEYS/);
  });
});
