import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import { isRow } from '../../../domain/audit-statements.ts';
import type { AuditPage } from '../../../domain/contract/gateway.ts';
import { ask, part, Refusal } from './ask.ts';

/** So many are asked for at once; an answer may hold fewer, and the end is where one is empty. */
const most = 500;

async function rowsAfter(chain: string, after: number, limit: number): Promise<ChainedEntry[]> {
  const { rows } = await ask<AuditPage>(`/v1/audit/rows?lane=${part(chain)}&after=${after}&limit=${limit}`);
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw unordered(chain, 'holds something that is no row');
}

/** All rows of a chain, in their order. Throws Refusal; what `signal` says where somebody has stopped it. */
export async function* pagesOf(chain: string, signal: AbortSignal): AsyncGenerator<ChainedEntry[]> {
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const page = await rowsAfter(chain, after, most);
    if (page.length === 0) return;
    yield page;
    const last = page.at(-1)!.n;
    if (last <= after) throw unordered(chain, 'comes in no order');
    after = last;
  }
}

/** Rows from behind `after` up to `to`, as many of them as there are. */
export async function rowsBetween(chain: string, after: number, to: number): Promise<ChainedEntry[]> {
  const rows: ChainedEntry[] = [];
  for (let last = after; last < to;) {
    const page = (await rowsAfter(chain, last, to - last)).filter(({ n }) => n > last && n <= to);
    if (page.length === 0) break;
    rows.push(...page);
    last = page.at(-1)!.n;
  }
  return rows;
}

function unordered(chain: string, why: string): Refusal {
  return new Refusal(0, {
    code: 'unexpected',
    message: `what the gateway shows of ${chain} ${why}`,
    next: 'Ask who runs this installation, and check the rows as the database has them: slipway audit verify --rows.',
  });
}
