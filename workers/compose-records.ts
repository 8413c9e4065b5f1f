import { preparePostgresRecords } from '../activities/records/postgres-records.ts';
import { processKinds, roleOf } from '../activities/records/rights.ts';
import { knownSecrets } from '../activities/shared/known-secrets.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import type { SlipwayConfig } from '../temporal.config.ts';

/** Its password is a known secret from here on, also where it stands in the configuration itself. */
export async function recordsUrlOf({ recordsUrl }: Pick<SlipwayConfig, 'recordsUrl'>): Promise<string> {
  const url = isSecretReference(recordsUrl) ? await resolveSecret(recordsUrl) : recordsUrl;
  knownSecrets.know(url);
  return url;
}

/** Brings the records up to date as their owner, with a role for each kind of process. May be repeated; says what it did. */
export async function setUpRecords(config: Pick<SlipwayConfig, 'recordsUrl'>): Promise<string[]> {
  const logins = await preparePostgresRecords({ url: await recordsUrlOf(config) });
  return [
    `the records are up to date, with the roles ${processKinds.map(roleOf).join(', ')}`,
    ...logins.map(({ name, connections }) => `login ${name}: ${connections ?? 'any number of'} connections`),
  ];
}
