import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import type { SlipwayConfig } from '../temporal.config.ts';

/** Address and certificates of the Temporal server: one form for clients and workers. */
export async function connectionOptions({
  address,
  tls,
}: SlipwayConfig['temporal']): Promise<{ address: string; tls?: TLSConfig }> {
  if (!tls) return { address };
  const [ca, crt, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readIfNamed));
  return {
    address,
    tls: { ...(ca && { serverRootCACertificate: ca }), ...(crt && key && { clientCertPair: { crt, key } }) },
  };
}

export async function connectClient(temporal: SlipwayConfig['temporal']): Promise<Client> {
  const connection = await Connection.connect(await connectionOptions(temporal));
  return new Client({ connection, namespace: temporal.namespace });
}

async function readIfNamed(file: string | undefined): Promise<Buffer | undefined> {
  return file === undefined ? undefined : readFile(file);
}
