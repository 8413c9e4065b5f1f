/** How each number is counted, in a sentence or two: on the page, with `slipway insights --how`, and in docs/insights.md, which a test holds to these words. */
export const howCounted: readonly (readonly [what: string, how: string])[] = [
  [
    'Which releases',
    'Those asked for in these weeks; a release belongs to the week in which it was verified, or ended otherwise. Weeks begin on Monday, 00:00 UTC. Without an environment: production, which is where the policy requires an approval, or all where it does so nowhere.',
  ],
  [
    'Machines and waiting',
    'The time in the stages `awaiting-approval` and `held` is people’s waiting, that in `awaiting-lane` is the lane’s. All other time is machines’. A median is that of single releases: medians of parts do not add up to a median of the whole.',
  ],
  [
    'First test, CI',
    'Not measured: CI is not run by Slipway here. Before a release is asked for nothing is on record.',
  ],
  [
    'One region',
    'Each region of a verified release, from its first change until it was verified, without waiting and without the bake after it.',
  ],
  [
    'All regions',
    'Verified releases that changed two regions or more: from the first change until the last look at all of them, bakes too, without waiting.',
  ],
  [
    'Commit to production',
    'Verified releases: from the time that the released commit carries, by the clock of whoever made it, until the last look at all regions, without waiting. What passes before somebody asks for the release is CI’s or people’s, nobody here has seen whose, and counts against the target. A commit whose time cannot be read is left out.',
  ],
  [
    'Deployments',
    'Releases that ended verified. Not what is unproven, nor rollbacks. A week: on average since the first release that was looked at, where that was asked for later than these weeks begin; a first one of a few days ago is counted as one week.',
  ],
  [
    'Lead time for changes',
    'The same as commit to production: of the commit that is released, and not of the oldest one that comes with it.',
  ],
  [
    'Changes that failed',
    'Of releases that changed something and ended: those that were rolled back, those that halted, and those that were in place everywhere, verified or unproven, and ordered back later, also where that rollback is not done. What failed before it changed anything nobody outside has seen: it is told beside, and not counted.',
  ],
  [
    'Time to restore',
    'From the first time that a release was held or began to go back, or was ordered back, until it was verified or back; of one that halted, or was ordered back in vain, until a rollback of it was done or a later release of its lane was verified. When something broke before anybody ordered it back is not on record.',
  ],
  [
    'Slowest steps',
    'Each stage of a verified release as long as it took in all, and each region by itself. Regions and bakes are what `deploying` is made of.',
  ],
  [
    'Time to the last yes',
    'From when a plan came before people until it had all its approvals. Not of plans that were rejected, ran out or were overtaken.',
  ],
  [
    'Rollbacks and holds',
    'What was held after it had begun to change something, what went back, what halted, and what was ordered back later, by an order that is signed: of the releases asked for in these weeks, and not of older ones.',
  ],
];
