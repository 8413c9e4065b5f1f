import type { GateResult } from '../../domain/contract/release.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** Scans and integration tests, side by side, on the images that will be deployed. Whether a gate passed is judged when the plan is made. */
export async function scanAndTest(run: Run): Promise<void> {
  const about = { releaseId: run.id };
  const { build } = watching;
  const { images, secrets, tests } = run.state.read?.gates ?? {};
  const gates: [string, () => Promise<GateResult>][] = [
    ...(images
      ? [['scan images', () => build.scanImages.executeWithOptions({ summary: 'scan images' }, [about])]]
      : []),
    ...(secrets
      ? [['scan for secrets', () => build.scanSource.executeWithOptions({ summary: 'scan for secrets' }, [about])]]
      : []),
    ...(tests
      ? [['integration tests', () => build.runTests.executeWithOptions({ summary: 'integration tests' }, [about])]]
      : []),
  ] as [string, () => Promise<GateResult>][];
  run.enter('checking', gates.length > 0 ? 'scanning and testing' : 'no scans or tests are declared');
  await Promise.all(
    gates.map(async ([name, look]) => {
      const { gate, verdict, summary } = await patiently(run, name, look);
      run.status.checks = [...run.status.checks.filter((c) => c.name !== gate), { name: gate, verdict, summary }];
      run.say(`${gate}: ${verdict}, ${summary}`);
    }),
  );
}
