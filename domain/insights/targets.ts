import type { TargetName } from '../contract/insights.ts';

interface TimeTarget {
  /** As people call it. */
  title: string;
  limitMs: number;
  /** Why nothing on record tells it; absent where something does. */
  unseen?: string;
}

const minutes = (count: number) => count * 60_000;

/** Slipway releases what was built and tested: who tests a commit before that keeps those times. */
const noCi = 'CI is not run by Slipway here';

/** How long a change may take, as the product promises it (docs/insights.md): machines' time, people's waiting is counted apart. */
export const timeTargets: Readonly<Record<TargetName, TimeTarget>> = {
  'first-test': { title: 'First test', limitMs: minutes(5), unseen: noCi },
  ci: { title: 'CI', limitMs: minutes(15), unseen: noCi },
  'one-region': { title: 'One region', limitMs: minutes(10) },
  'all-regions': { title: 'All regions', limitMs: minutes(30) },
  'commit-to-production': { title: 'Commit to production', limitMs: minutes(60) },
};

/** Beside the half, so many must be in time for a target to hold. */
export const wantedShare = 0.9;
/** A median above this part of the limit is near it. */
export const nearLimit = 0.8;
