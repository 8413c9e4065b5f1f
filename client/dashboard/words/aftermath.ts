import type { LaneView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { meaningOf } from '../../../domain/outcomes.ts';
import { visible } from '../../../domain/visible.ts';
import { laneNow } from './lane-now.ts';

/** Whether somebody has to clear the lane of a run that has ended, as far as that is known. */
export function isOnHold({ open }: Pick<ReleaseView, 'open'>, lane: LaneView | undefined, now: number): boolean {
  return !open && lane !== undefined && laneNow(lane, now).closures.some(({ kind }) => kind === 'hold');
}

/** Databases that a run has begun to change, where its images were put back: `shop: 0002_product_weight`, as planned. Schemas do not go back. */
export function staysInSchema(view: Pick<ReleaseView, 'open' | 'outcome' | 'status' | 'recorded'>): string[] {
  const { open, outcome, status, recorded } = view;
  if (open || !meaningOf(outcome).back) return [];
  const begun = (status?.migrations ?? []).filter(({ database }) => recorded?.changed.includes(`database ${database}`));
  return begun.map(({ database, pending }) => visible(`${database}: ${pending.join(', ')}`));
}
