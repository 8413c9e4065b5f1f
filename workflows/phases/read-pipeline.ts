import { failure } from '../../domain/errors/catalogue.ts';
import { originInWords } from '../../domain/image-origin.ts';
import { hadChanged } from '../../domain/hold-reason.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** What slipway.yaml and the operator's policy say at the commit, and which components have an image already. */
export async function readPipeline(run: Run): Promise<void> {
  await run.once('read', async () => {
    const { outline, earlier } = await patiently(run, 'read slipway.yaml', () =>
      watching.engine.readRelease.executeWithOptions({ summary: 'read slipway.yaml at the commit' }, [
        { releaseId: run.id },
      ]),
    );
    refuseSecondStart(run, earlier);
    run.state.read = outline;
    run.status.artifacts = outline.artifacts;
    for (const { component, why } of outline.toBuild) run.say(`${component} will be built: ${why}`);
    for (const artifact of outline.artifacts) run.say(`${artifact.component} is ${originInWords(artifact)}`);
  });
}

/** A reset to the beginning, or a start under the id of a run that was ended by hand: what that one left behind is for a person to look at. */
export function refuseSecondStart(run: Run, earlier: string[]): void {
  if (run.state.touched || earlier.length === 0) return;
  run.state.touched = true;
  throw failure('SLIP-REL-9', `it ${hadChanged(earlier)}`);
}
