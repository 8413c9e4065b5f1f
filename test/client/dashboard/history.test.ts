import { describe, expect, it } from '@jest/globals';
import {
  chosenInWords,
  comparedPair,
  filtersIn,
  historyQuery,
  undoesInWords,
  whyNotCompare,
} from '../../../client/dashboard/words/history.ts';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { listQuery } from '../../../client/gateway/schemas.ts';

const row = (number: number, more: Partial<ReleaseRow> = {}): ReleaseRow => ({
  ...{ releaseId: `r${number}`, number, service: 'shop', environment: 'production', commit: 'c', branch: 'main' },
  ...{ attempt: 1, requestedBy: 'ann', startedAt: number },
  ...more,
});
const now = Date.UTC(2026, 10, 30);

describe('the history of releases', () => {
  it('is asked for by what the address names, as the gateway reads it', () => {
    const named = filtersIn({ service: 'shop', outcome: 'halted', by: 'ann', since: '7d', other: 'x', commit: '' });
    expect(named).toEqual({ service: 'shop', outcome: 'halted', by: 'ann', since: '7d' });
    const query = Object.fromEntries(new URLSearchParams(historyQuery({ ...named, before: '142.0' }, now)));
    expect(query).toEqual({
      ...{ service: 'shop', outcome: 'halted', by: 'ann', limit: '50', before: '142.0' },
      since: String(now - 7 * 86_400_000),
    });
    expect(listQuery.safeParse(query).success).toBe(true);
  });

  it('takes a time as it is, and leaves it to the gateway to refuse what is none', () => {
    expect(historyQuery({ since: '1700000000000' }, now)).toContain('since=1700000000000');
    expect(historyQuery({ since: 'lately' }, now)).toContain('since=lately');
    expect(historyQuery({}, now)).toBe('limit=50');
  });

  it('says of what puts something back what that is, where, and why', () => {
    const undoes = { releaseId: 'r1', number: 141, regions: ['nl'], reason: 'too slow.\nAnn saw it.' };
    expect(undoesInWords(row(1, { undoes }), 'shop')).toBe('puts back shop#141 in nl: “too slow”');
    expect(undoesInWords(row(1, { undoes: { releaseId: 'r1' } }), 'shop')).toBe('puts back r1');
    expect(undoesInWords(row(1), 'shop')).toBeUndefined();
  });
});

describe('what is chosen to be compared', () => {
  it('is two runs of one service, the older first', () => {
    expect(whyNotCompare([])).toContain('two runs');
    expect(whyNotCompare([row(1)])).toContain('one more');
    expect(whyNotCompare([row(1), row(2, { service: 'web' })])).toContain('one service');
    expect(whyNotCompare([row(2), row(1)])).toBeUndefined();
    expect(comparedPair([row(2), row(1)])).toEqual({ a: 'r1', b: 'r2' });
    expect(chosenInWords([row(2), row(1)])).toBe('shop#2 and shop#1');
  });
});
