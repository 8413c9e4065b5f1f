import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { execa } from 'execa';
import { connectClient, connectionOptions, followApiKey } from '../../client/connection.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import type { TemporalServer } from '../../lab/services/temporal.ts';
import { readConfig } from '../../temporal.config.ts';
import { root } from '../docs/markdown.ts';
import { startTlsFront } from '../support/tls-front.ts';
import type { TlsFront } from '../support/tls-front.ts';
import { eventually } from '../workflows/support/eventually.ts';

let directory: string;
let temporal: TemporalServer;
let front: TlsFront;
let keyFile: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-tls-'));
  temporal = await startTemporal({ directory: join(directory, 'temporal'), ui: false, progress: () => {} });
  front = await startTlsFront(directory, temporal.address);
  keyFile = join(directory, 'api-key');
  await writeFile(keyFile, 'first-key\n');
}, 300_000);
afterAll(async () => {
  await front?.close();
  await temporal?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const variables = (more: Record<string, string>) => ({
  SLIPWAY_RECORDS_URL: 'postgres://127.0.0.1:1/nobody',
  SLIPWAY_POLICY_FILE: 'unused',
  SLIPWAY_PUBLIC_KEYS: 'unused',
  SLIPWAY_TEMPORAL_ADDRESS: front.address,
  ...more,
});
const settings = (more: Record<string, string>) => readConfig(variables(more)).temporal;

describe('a hosted Temporal, with TLS and API keys', () => {
  it('is reached by clients and workers with the key that a reference names, and with its successor', async () => {
    const hosted = settings({ SLIPWAY_TEMPORAL_TLS_CA: front.caFile, SLIPWAY_TEMPORAL_API_KEY: `file:${keyFile}` });
    const client = await Connection.connect(await connectionOptions(hosted));
    const worker = await NativeConnection.connect(await connectionOptions(hosted));
    const seen = await connectClient(hosted);
    await seen.connection.close();
    expect(new Set(front.authorizations)).toEqual(new Set(['Bearer first-key']));

    await writeFile(keyFile, 'second-key\n');
    const stops = [client, worker].map((connection) => followApiKey(hosted, connection, 10));
    for (const { workflowService } of [client, worker]) {
      front.authorizations.length = 0;
      await eventually('the new key to be shown', async () => {
        await workflowService.getSystemInfo({});
        return front.authorizations.at(-1) === 'Bearer second-key';
      });
    }
    for (const stop of stops) stop();
    await client.close();
    await worker.close();
  });

  it("is trusted where the machine trusts the server's authority, and nowhere else", async () => {
    const setUp = (more: Record<string, string>) =>
      execa(process.execPath, [join(root, 'bin/slipway.js'), 'setup'], {
        env: { ...variables({ SLIPWAY_TEMPORAL_TLS: 'true' }), NODE_OPTIONS: '', ...more },
        reject: false,
      });
    // The records, which nobody serves here, are left to be set up.
    expect(await setUp({ SSL_CERT_FILE: front.caFile })).toMatchObject({ exitCode: 1, stdout: /search attributes/ });
    expect(await setUp({})).toMatchObject({ exitCode: 4, stderr: /Temporal at localhost:\d+ cannot be reached/ });
  }, 120_000);
});

describe('a hosted Temporal that knows its callers by their certificates', () => {
  let asking: TlsFront;
  beforeAll(async () => {
    const own = join(directory, 'mutual');
    await mkdir(own);
    asking = await startTlsFront(own, temporal.address, { asksClients: true });
  });
  afterAll(() => asking?.close());
  const mutual = () => ({
    SLIPWAY_TEMPORAL_ADDRESS: asking.address,
    SLIPWAY_TEMPORAL_TLS_CA: asking.caFile,
  });

  it('is reached by clients and workers with the files that are named, and by nobody without', async () => {
    const files = { SLIPWAY_TEMPORAL_TLS_CERT: asking.certFile, SLIPWAY_TEMPORAL_TLS_KEY: asking.keyFile };
    const known = settings({ ...mutual(), ...files });
    const [crt, key, ca] = await Promise.all([asking.certFile, asking.keyFile, asking.caFile].map((f) => readFile(f)));
    const options = await connectionOptions(known);
    expect(options).toEqual({
      address: asking.address,
      tls: { serverRootCACertificate: ca, clientCertPair: { crt, key } },
    });
    const client = await connectClient(known);
    await client.workflowService.describeNamespace({ namespace: 'default' });
    await client.connection.close();
    const worker = await NativeConnection.connect(options);
    await worker.workflowService.describeNamespace({ namespace: 'default' });
    await worker.close();
    const stranger = await connectionOptions(settings(mutual()));
    await expect(Connection.connect({ ...stranger, connectTimeout: '3s' })).rejects.toThrow();
  });

  it('may ask for an API key as well', async () => {
    const hosted = settings({
      ...mutual(),
      SLIPWAY_TEMPORAL_TLS_CERT: asking.certFile,
      SLIPWAY_TEMPORAL_TLS_KEY: asking.keyFile,
      SLIPWAY_TEMPORAL_API_KEY: `file:${keyFile}`,
    });
    asking.authorizations.length = 0;
    const client = await connectClient(hosted);
    await client.connection.close();
    const key = (await readFile(keyFile, 'utf8')).trim();
    expect(new Set(asking.authorizations)).toEqual(new Set([`Bearer ${key}`]));
  });
});
