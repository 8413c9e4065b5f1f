import type { AutomaticPromotion } from '../domain/contract/promotion.ts';
import { durationMs } from './duration.ts';
import type { Policy } from './load.ts';

/** Of each service that is let into both environments. */
export function automaticPromotions({ content }: Pick<Policy, 'content'>): AutomaticPromotion[] {
  return Object.entries(content.environments).flatMap(([to, { promotedFrom, promotedAfter }]) => {
    const [from] = promotedFrom ?? [];
    if (from === undefined || promotedAfter === undefined) return [];
    return Object.entries(content.services)
      .filter(([, { environments }]) => Object.hasOwn(environments, from) && Object.hasOwn(environments, to))
      .map(([service]) => ({ service, from, to, afterMs: durationMs(promotedAfter) }));
  });
}
