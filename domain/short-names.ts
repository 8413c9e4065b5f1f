import type { ReleaseRow } from './contract/gateway.ts';

/** `shop#142`, and of its second rollback `shop#142~2`; the whole id where a gateway of before has told no number. */
export function shortName(row: Pick<ReleaseRow, 'releaseId' | 'service' | 'number' | 'undoes'>): string {
  const { releaseId, service, number, undoes } = row;
  if (number !== undefined) return `${service}#${number}`;
  if (undoes?.number === undefined || undoes.nth === undefined) return releaseId;
  return `${service}#${undoes.number}~${undoes.nth}`;
}

/** What people call a run by. */
export type NamedRun =
  | { kind: 'id'; id: string }
  /** `nth`: of the rollbacks that were ordered of it, from 1. */
  | { kind: 'number'; service?: string; number: number; nth?: number }
  /** The beginning of one, or all of it. */
  | { kind: 'commit'; commit: string }
  | { kind: 'latest' | 'waiting' };

/** Undefined for what is none of these. */
export function readRunName(text: string): NamedRun | undefined {
  if (text.includes('/')) return { kind: 'id', id: text };
  if (text === '@latest' || text === '@waiting') return { kind: text === '@latest' ? 'latest' : 'waiting' };
  const [, service, digits, nth] = /^([a-z0-9-]{1,63})?#(\d{1,15})(?:~(\d{1,6}))?$/.exec(text) ?? [];
  if (digits !== undefined)
    return {
      kind: 'number',
      number: Number(digits),
      ...(service !== undefined && { service }),
      ...(nth !== undefined && { nth: Number(nth) }),
    };
  return /^[0-9a-f]{4,40}$/.test(text) ? { kind: 'commit', commit: text } : undefined;
}
