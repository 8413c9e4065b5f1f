import type { WaitingFor } from '../../../domain/contract/status.ts';

/** Who can move it. */
export function decisionWords({ who }: WaitingFor): string {
  return `${who} can move it`;
}
