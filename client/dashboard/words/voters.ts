import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { Shown } from './states.ts';

/** Somebody who has said yes, or has asked for it. */
export interface Voter {
  id: string;
  about: string;
  shown?: Shown;
}

const yes: Shown = { icon: 'pass', tone: 'good', word: 'yes' };

/** Who has approved, by which door, and who has asked. Who else may is for the gateway to say, and who it waits for is told above. */
export function votersOf({ recorded, requestedBy }: ReleaseView): Voter[] {
  const approvals = (recorded?.approvals ?? []).map(({ by, channel }) => ({
    id: by,
    about: by === requestedBy ? `asked for this release, by ${channel}` : `by ${channel}`,
    shown: yes,
  }));
  const hasSaidYes = approvals.some(({ id }) => id === requestedBy);
  return [...approvals, ...(hasSaidYes ? [] : [{ id: requestedBy, about: 'asked for this release' }])];
}
