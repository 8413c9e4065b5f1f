/** What each step does, for people who do not know its name; said where the run has not said what it is about. */
export const stepWords = {
  readRelease: 'reading slipway.yaml at the commit',
  joinLane: 'taking a place in the lane',
  planRelease: 'making the plan',
  takeOver: 'going on for the run before this one',
  judgePlanDrift: 'comparing the plan with what is there now',
  checkDecision: 'judging a decision',
  consumeApproval: 'using up the approval',
  announce: 'telling people',
  recordVerified: 'recording what is verified',
  chooseRollbacks: 'choosing what to go back to',
  recordEnd: 'recording how it has ended',
  findRelease: 'finding the release that is to be undone',
  beginLane: 'reading what is on record of the lane',
  recordLane: 'recording how the lane stands',
  lookAtHolder: 'looking whether a run is still there',
  buildImage: 'building an image',
  scanImages: 'scanning the images',
  scanSource: 'scanning for secrets',
  runTests: 'running the integration tests',
  runGate: 'looking by a gate of the policy',
  lookAtRegions: 'looking whether all is there that the release names',
  planMigration: 'planning a migration',
  tagImages: 'tagging the images',
  startMigration: 'starting a migration',
  watchMigration: 'watching a migration',
  verifyMigration: 'verifying a schema',
  applyComponent: 'putting a component in place',
  watchRollout: 'watching the pods of a component',
  verifyRegion: 'verifying a region',
  observeRegion: 'watching a region',
} as const;

/** Of a step of a newer engine its name is all that is known. */
export function stepNamed(step: string): string {
  return Object.hasOwn(stepWords, step) ? stepWords[step as keyof typeof stepWords] : `the step ${step}`;
}
