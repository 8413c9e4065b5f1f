import { shortDigest } from '../../domain/images.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** Builds what must be built, side by side, and pushes it by digest: no tag that people use moves before the approval. */
export async function buildImages(run: Run): Promise<void> {
  const { toBuild = [] } = run.state.read ?? {};
  run.enter(
    'building',
    toBuild.length > 0 ? `building ${toBuild.map((b) => b.component).join(', ')}` : 'nothing to build',
  );
  await Promise.all(
    toBuild.map(async ({ component }) => {
      const artifact = await patiently(run, `build ${component}`, () =>
        watching.build.buildImage.executeWithOptions({ summary: `build ${component}` }, [
          { releaseId: run.id, component },
        ]),
      );
      run.status.artifacts = [...run.status.artifacts.filter((a) => a.component !== component), artifact];
      run.say(`${component} is built: ${shortDigest(artifact.image)}`);
    }),
  );
}
