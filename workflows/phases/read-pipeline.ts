import type { ReadRelease } from '../../activities/steps/types.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** What slipway.yaml and the operator's policy say at the commit, and which components have an image already. */
export async function readPipeline(run: Run): Promise<ReadRelease> {
  const read = await watching.engine.readRelease.executeWithOptions({ summary: 'read slipway.yaml at the commit' }, [
    { releaseId: run.id },
  ]);
  run.spec = read.spec;
  run.status.artifacts = read.artifacts;
  for (const { component, why } of read.toBuild) run.say(`${component} will be built: ${why}`);
  for (const { component, origin } of read.artifacts) run.say(`${component} is ${origin}`);
  return read;
}
