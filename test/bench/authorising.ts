import { authorize } from '../../activities/steps/authorize.ts';
import type { Records } from '../../activities/records/port.ts';
import { anImage } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, goesBackTo } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { median, quantile } from './statistics.ts';

/**
 * What it costs a step to find out what its run may do: reads of the records, signatures, and the rules. Without the policy's file. The middle of
 * three rounds: what else the machine did in one of them is no cost of the step's.
 */
export interface Authorising {
  releaseP95Ms: number;
  rollbackP95Ms: number;
  steps: number;
}

const steps = 300;
const rounds = 3;

export async function measureAuthorising(records: Records, progress: (line: string) => void): Promise<Authorising> {
  const release = await aReleaseThatMayAct(records);
  const releaseP95Ms = await middleOf(() => p95Of(release, records, 'deploy'));
  const rollback = await aRollbackOf(release, { records, regions: ['de'] });
  await goesBackTo(rollback, { records, image: anImage('core', '0'), undoing: release });
  const rollbackP95Ms = await middleOf(() => p95Of(rollback, records, 'roll-back'));
  progress(
    `authorising: ${releaseP95Ms.toFixed(1)} ms for a release, ${rollbackP95Ms.toFixed(1)} ms for a rollback (p95)`,
  );
  return { releaseP95Ms, rollbackP95Ms, steps };
}

async function middleOf(measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  while (all.length < rounds) all.push(await measure());
  return median(all);
}

async function p95Of(run: ActingRun, records: Records, purpose: 'deploy' | 'roll-back'): Promise<number> {
  const deps = authorizing(records);
  const took: number[] = [];
  for (let n = 0; n < steps; n += 1) {
    await run.act(async () => {
      const begun = performance.now();
      await authorize(run.authority, deps, { purpose, regions: ['de'] });
      took.push(performance.now() - begun);
    }, undefined);
  }
  return quantile(took, 0.95);
}
