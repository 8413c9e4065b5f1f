import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import type { RecordedDecision } from '../../../domain/contract/gateway.ts';
import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import type { Shown } from './states.ts';

const ofKind: Record<DecisionKind, Shown> = {
  approve: { icon: 'pass', tone: 'good', word: 'yes' },
  reject: { icon: 'cross', tone: 'stop', word: 'no' },
  abort: { icon: 'cross', tone: 'stop', word: 'abort' },
  'roll-back': { icon: 'rollback', tone: 'ask', word: 'roll back' },
  'accept-failure': { icon: 'warn', tone: 'ask', word: 'accept the failure' },
  retry: { icon: 'retry', tone: 'ask', word: 'try again' },
};

/** What was decided; one that was refused stands for nothing, and is never shown as good. */
export function shownDecision({ kind, refused }: Pick<RecordedDecision, 'kind' | 'refused'>): Shown {
  const { icon, tone, word } = (ofKind as Partial<typeof ofKind>)[kind] ?? { icon: 'person', tone: 'mute', word: kind };
  return refused === undefined ? { icon, tone, word } : { icon: 'revoked', tone: 'mute', word: `${word}, refused` };
}

/** Rows of a lane's audit that are about this run, the newest first. */
export function rowsOfRun<Row extends ChainedEntry>(rows: readonly Row[], releaseId: string): Row[] {
  return rows
    .filter(({ who, facts }) => who === releaseId || facts['releaseId'] === releaseId)
    .toSorted((a, b) => b.at - a.at || b.n - a.n);
}
