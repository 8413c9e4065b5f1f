import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { chainEntry, chainStart, writtenIn } from '../../../domain/audit-chain.ts';
import type { ChainedEntry, ChainEnd } from '../../../domain/audit-chain.ts';

/** The audit as whoever owns the database has it: what they do to it nothing of ours forbids. */
export interface OwnedAudit {
  rows(chain: string): Promise<ChainedEntry[]>;
  /** Does that to the rows of a chain, and puts them there. */
  rewrite(chain: string, change: (rows: ChainedEntry[]) => ChainedEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** `recordsUrl`: as the settings of the engine name it. */
export async function ownAudit(recordsUrl: string): Promise<OwnedAudit> {
  const client = new pg.Client({ connectionString: (await readFile(recordsUrl.replace(/^file:/, ''), 'utf8')).trim() });
  await client.connect();
  const rows = async (chain: string): Promise<ChainedEntry[]> => {
    const { rows: stored } = await client.query<
      Omit<ChainedEntry, 'at' | 'what' | 'who' | 'facts'> & { entry: unknown }
    >('select lane, n, key, entry, previous, hash from slipway.audit where lane = $1 order by n', [chain]);
    return stored.map(({ entry, ...row }) => ({ ...row, ...writtenIn(entry) }));
  };
  return {
    rows,
    async rewrite(chain, change) {
      const wanted = change(await rows(chain));
      await client.query('alter table slipway.audit disable trigger user');
      await client.query('delete from slipway.audit where lane = $1', [chain]);
      for (const { lane, n, key, at, what, who, facts, previous, hash } of wanted)
        await client.query(
          'insert into slipway.audit (lane, n, key, entry, previous, hash) values ($1, $2, $3, $4, $5, $6)',
          [lane, n, key, JSON.stringify({ at, what, who, facts }), previous, hash],
        );
      await client.query('alter table slipway.audit enable trigger user');
      const end = wanted.at(-1)!;
      await client.query('update slipway.audit_ends set n = $2, hash = $3 where lane = $1', [chain, end.n, end.hash]);
    },
    close: () => client.end(),
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** As somebody does it who knows how: each row follows the one before. */
export function hashedAnew(rows: readonly ChainedEntry[]): ChainedEntry[] {
  const all: ChainedEntry[] = [];
  for (const row of rows) all.push(chainEntry((all.at(-1) ?? chainStart) satisfies ChainEnd, row, sha256));
  return all;
}
