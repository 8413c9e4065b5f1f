import type { DecisionKind } from './contract/decisions.ts';

const commandOf: Record<DecisionKind, string> = {
  approve: 'approve',
  reject: 'reject',
  abort: 'abort',
  'roll-back': 'rollback',
  'accept-failure': 'accept-failure',
  retry: 'retry',
};

/** The commands by which people decide so, ready to be copied. */
export function decisionCommands(releaseId: string, decisions: readonly DecisionKind[] = []): string[] {
  return decisions
    .filter((kind) => Object.hasOwn(commandOf, kind))
    .map((kind) => `slipway ${commandOf[kind]} ${releaseId}`);
}
