import {
  createPostgresRecords,
  lookAtPostgresRecords,
  preparePostgresRecords,
} from '../activities/records/postgres-records.ts';
import { judgeRecords } from '../activities/records/judge-records.ts';
import { rightsScript } from '../activities/records/rights-script.ts';
import { processKinds, roleOf } from '../activities/records/rights.ts';
import { knownSecrets } from '../activities/shared/known-secrets.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import { Failure } from '../domain/errors/failure.ts';
import type { CheckResult } from '../domain/check-result.ts';
import type { SlipwayConfig } from '../temporal.config.ts';

/** Its password is a known secret from here on, also where it stands in the configuration itself. */
export async function recordsUrlOf({ recordsUrl }: Pick<SlipwayConfig, 'recordsUrl'>): Promise<string> {
  const url = isSecretReference(recordsUrl) ? await resolveSecret(recordsUrl) : recordsUrl;
  knownSecrets.know(url);
  return url;
}

type Where = Pick<SlipwayConfig, 'recordsUrl'>;

/** Brings the records up to date as their owner, with a role for each kind of process. May be repeated; says what it did. */
export async function setUpRoles(config: Where): Promise<CheckResult[]> {
  const logins = await preparePostgresRecords({ url: await recordsUrlOf(config) });
  return [
    { ok: true, says: `the records are up to date, with the roles ${processKinds.map(roleOf).join(', ')}` },
    ...logins.map(({ name, connections }) => ({
      ok: true,
      says: `login ${name}: ${connections ?? 'any number of'} connections`,
    })),
  ];
}

/** Brings the records up to date where whoever asks may. Never rejects for what the database says: Temporal can be set up without it. */
export async function setUpRecords(config: Where): Promise<CheckResult[]> {
  return told(async () => {
    const records = await createPostgresRecords({ url: await recordsUrlOf(config) });
    await records.close();
    return [{ ok: true, says: 'the records are up to date' }];
  });
}

/** Whether the records are as this version needs them, and each kind of process may do what it does and nothing else. */
export async function checkRecords(config: Where): Promise<CheckResult[]> {
  return told(async () => judgeRecords(await lookAtPostgresRecords({ url: await recordsUrlOf(config) })));
}

async function told(work: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, title, detail, next } = error.details;
    return [{ ok: false, says: `the records: ${code} ${title}: ${detail}`, next }];
  }
}

/** What `slipway setup --roles` needs, and what it does, as SQL for whoever has the rights. All of it may be given to psql. */
export function recordsSql(): string {
  return rightsScript()
    .map(({ says, statements, onlyRead }) => {
      const told = statements.map((one) => `${one};`).join('\n');
      return `${commented(says.join('\n'))}\n\n${onlyRead ? commented(told) : told}`;
    })
    .join('\n\n');
}

function commented(text: string): string {
  return text.replaceAll(/^/gm, '-- ');
}
