export { deployRelease } from './deploy-release.ts';
export { environmentLane } from './environment-lane.ts';
export { rollBackRelease } from './roll-back-release.ts';
