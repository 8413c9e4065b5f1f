import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { Identity, ReleasePlan } from '../../../domain/contract/release.ts';
import type { Shown } from './states.ts';

/** Somebody who has said yes, or may. */
export interface Voter {
  id: string;
  about: string;
  shown: Shown;
}

const yes: Shown = { icon: 'pass', tone: 'good', word: 'yes' };
const may: Shown = { icon: 'waiting', tone: 'ask', word: 'may decide' };
const mayNot: Shown = { icon: 'revoked', tone: 'mute', word: 'may not' };

/** Who has approved, whether whoever looks may, and who has asked. That others are in those groups a page does not know. */
export function votersOf(view: ReleaseView, plan: ReleasePlan, me: Identity | undefined): Voter[] {
  const approvals = view.recorded?.approvals ?? [];
  const { groups, excludeRequester } = plan.approval;
  const hasSaidYes = (id: string) => approvals.some(({ by }) => by === id);
  const own = me?.groups.filter((group) => groups.includes(group)) ?? [];
  const isKept = excludeRequester && me?.id === view.requestedBy;
  return [
    ...approvals.map(({ by, channel }) => ({ id: by, about: `by ${channel}`, shown: yes })),
    ...(me && !hasSaidYes(me.id) && !isKept
      ? [
          {
            id: `${me.id}, you`,
            about: own.join(', ') || `in none of ${groups.join(', ')}`,
            shown: own.length > 0 ? may : mayNot,
          },
        ]
      : []),
    ...(hasSaidYes(view.requestedBy)
      ? []
      : [{ id: view.requestedBy, about: 'asked for this release', shown: excludeRequester ? mayNot : may }]),
  ];
}
