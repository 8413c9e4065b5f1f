import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyPair } from '../../activities/shared/signatures.ts';
import { knownSecrets } from '../../activities/shared/known-secrets.ts';
import { readConfig } from '../../temporal.config.ts';
import { recordsUrlOf } from '../../workers/compose-records.ts';
import { compose } from '../../workers/compose.ts';
import type { Composition } from '../../workers/compose.ts';
import { startGateway } from '../../workers/gateway.ts';
import { policyText } from '../pipeline/texts.ts';
import { aReleaseThatMayAct, publicKeyPem } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
let directory: string;
let config: ReturnType<typeof readConfig>;
let parts: Composition;
const signingKey = createKeyPair().privateKeyPem;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
  const path = (name: string) => join(directory, name);
  await writeFile(
    path('policy.yaml'),
    `${policyText}git: { git.example.com: { password: env:SLIPWAY_TEST_NOT_SET } }\n`,
  );
  await writeFile(path('gateway.pem'), publicKeyPem);
  await writeFile(path('signing-key'), signingKey, { mode: 0o600 });
  config = readConfig({
    SLIPWAY_RECORDS_URL: await postgres.freshDatabase(),
    SLIPWAY_POLICY_FILE: path('policy.yaml'),
    SLIPWAY_PUBLIC_KEYS: directory,
    SLIPWAY_CACHE_DIR: path('cache'),
    SLIPWAY_SIGNING_KEY: path('signing-key'),
    SLIPWAY_TOKENS: path('tokens.json'),
    // Nothing is there: the gateway gets no further, and asks no Temporal.
    SLIPWAY_AUDIT_SHIP: `file:${path('nowhere')}`,
  });
  parts = await compose(config);
});
afterAll(async () => {
  await parts?.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the steps of an environment’s worker', () => {
  it.each([
    ['the plan', 'tagImages', {}],
    ['a migration before there is a plan', 'planMigration', { database: 'main' }],
  ] as const)('refuse %s of another environment, whatever is signed for it', async (_what, step, about) => {
    const { act, authority } = await aReleaseThatMayAct(parts.records);
    const refusalBy = async (environment: string) => {
      const { steps, close } = await parts.environmentSteps(environment);
      const { releaseId } = authority;
      const input = step === 'tagImages' ? { authority, tags: 'commit' } : { releaseId, ...about };
      const refusal = await act<never, unknown>(steps[step], input as never).catch((error: unknown) => String(error));
      await close();
      return refusal;
    };
    expect(await refusalBy('staging')).toContain('the plan is for production, and this worker serves staging');
    // Its own it refuses for what the policy says.
    expect(await refusalBy('production')).not.toContain('this worker serves');
  });
});

describe('what a process is told is known as a secret', () => {
  it('the password of the records, wherever it is shown', async () => {
    await recordsUrlOf({ recordsUrl: 'postgres://slipway:of-the-records-alone@db.test/slipway' });
    expect(knownSecrets.takeOut('it was of-the-records-alone')).toBe('it was [redacted]');
  });

  it('the key that decisions are signed with', async () => {
    await expect(startGateway(config, parts)).rejects.toThrow('nowhere');
    const [, line] = signingKey.split('\n');
    expect(knownSecrets.takeOut(`it was ${line}`)).toBe('it was [redacted]');
  });
});

describe('what a machine lacks is in its log at start', () => {
  const login = 'missing here: the login of git.example.com';
  const noTemporal = {} as Client;
  let own: Composition;
  beforeEach(async () => {
    own = await compose(config);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await own.close();
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['a gateway', login, () => startGateway(config, own).catch(() => undefined)],
    ['an engine worker', login, async () => own.engineSteps(noTemporal)],
    ['a build worker', login, () => own.buildSteps()],
    [
      'an environment’s worker',
      'missing here: cluster blue',
      async () => (await own.environmentSteps('production')).close(),
    ],
  ])('of %s', async (_who, wanted, begin) => {
    let heard = () => {};
    const said = new Promise<void>((resolve) => (heard = resolve));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      if (String(text).startsWith(wanted)) heard();
      return true;
    });
    await begin();
    await said;
  });
});
