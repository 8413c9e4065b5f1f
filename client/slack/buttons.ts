import type { DecisionKind } from '../../domain/contract/decisions.ts';

/** What can be pressed below a message, by the ids that Slack sends back. */
export const buttons = {
  'slipway-approve': 'approve',
  'slipway-reject': 'reject',
  'slipway-roll-back': 'roll-back',
  'slipway-accept': 'accept-failure',
  'slipway-retry': 'retry',
} as const satisfies Record<string, DecisionKind>;

export type ButtonId = keyof typeof buttons | 'slipway-details' | 'slipway-hold';

export function kindOf(id: string): DecisionKind | undefined {
  return Object.hasOwn(buttons, id) ? buttons[id as keyof typeof buttons] : undefined;
}
