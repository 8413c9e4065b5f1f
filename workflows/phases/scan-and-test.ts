import type { GateResult } from '../../domain/contract/release.ts';
import type { ReadRelease } from '../../activities/steps/types.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** Scans and integration tests, side by side, on the images that will be deployed. Whether a gate passed is judged when the plan is made. */
export async function scanAndTest(run: Run, { spec }: ReadRelease): Promise<GateResult[]> {
  const about = { releaseId: run.id };
  const { build } = watching;
  const gates = [
    ...(spec.scan.images ? [build.scanImages.executeWithOptions({ summary: 'scan images' }, [about])] : []),
    ...(spec.scan.secrets ? [build.scanSource.executeWithOptions({ summary: 'scan for secrets' }, [about])] : []),
    ...(spec.tests ? [build.runTests.executeWithOptions({ summary: 'integration tests' }, [about])] : []),
  ];
  run.enter('checking', gates.length > 0 ? 'scanning and testing' : 'no scans or tests are declared');
  const results = await Promise.all(
    gates.map(async (gate) => {
      const result = await gate;
      run.status.checks.push({ name: result.gate, verdict: result.verdict, summary: result.summary });
      run.say(`${result.gate}: ${result.verdict}, ${result.summary}`);
      return result;
    }),
  );
  return results;
}
