import type { ReleaseView } from '../../domain/contract/gateway.ts';

/** How a run ended, and for all but the good end why: an assertion on it that fails shows the code and the words of the failure. */
export function endOf({ outcome, summary, status }: ReleaseView): { outcome: string | undefined; because?: string } {
  if (outcome === 'verified') return { outcome };
  const { code = '', detail = '' } = status?.failure ?? {};
  return { outcome, because: [summary, code, detail].filter(Boolean).join(' | ') };
}

export const verified = { outcome: 'verified' };
