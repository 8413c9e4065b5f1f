import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { Client, Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import { resolveSecret } from '../activities/shared/secrets.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { readDeepMessages } from './deep-messages.ts';
import { TemporalNotReached } from './temporal-away.ts';
import { dataConverter } from './whole-characters.ts';

type Temporal = SlipwayConfig['temporal'];

/** Address, certificates and key of the Temporal server: one form for clients and workers. */
export async function connectionOptions({
  address,
  tls,
  apiKey,
}: Temporal): Promise<{ address: string; tls?: TLSConfig; apiKey?: string }> {
  readDeepMessages();
  return {
    address,
    ...(tls && { tls: await encryption(tls) }),
    ...(apiKey && { apiKey: await resolveSecret(apiKey) }),
  };
}

export async function connectClient(temporal: Temporal): Promise<Client> {
  const options = await connectionOptions(temporal);
  const connection = await Connection.connect(options).catch((error: unknown) => {
    throw new TemporalNotReached(temporal.address, error);
  });
  followApiKey(temporal, connection);
  return new Client({ connection, namespace: temporal.namespace, dataConverter });
}

const keyPeriodMs = 60_000;

/**
 * Keys expire, and another is put in their place: read again every minute, for as long as the process lives or until the answer is called.
 * While the new one cannot be read the old one stays.
 */
export function followApiKey(
  { apiKey }: Pick<Temporal, 'apiKey'>,
  connection: { setApiKey(key: string): unknown },
  periodMs = keyPeriodMs,
): () => void {
  if (apiKey === undefined) return () => {};
  const follow = async () => connection.setApiKey(await resolveSecret(apiKey));
  const timer = setInterval(
    () => void follow().catch((error: unknown) => process.emitWarning(String(error))),
    periodMs,
  );
  timer.unref();
  return () => clearInterval(timer);
}

async function encryption(tls: NonNullable<Temporal['tls']>): Promise<TLSConfig> {
  const [ca, crt, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readIfNamed));
  return {
    serverRootCACertificate: ca ?? Buffer.from(trustedHere().join('\n')),
    ...(crt && key && { clientCertPair: { crt, key } }),
  };
}

/** What this machine trusts, which may include a company's own authority; Node's list where the machine has none. */
function trustedHere(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('default');
}

async function readIfNamed(file: string | undefined): Promise<Buffer | undefined> {
  return file === undefined ? undefined : readFile(file);
}
