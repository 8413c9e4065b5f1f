import type { GateResult } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isInconclusive } from '../../domain/failure-course.ts';
import { failureOf } from '../failures.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

/** Scans, integration tests and the operator's own gates, side by side, on what will be deployed. Whether a gate passed is judged when the plan is made. */
export async function scanAndTest(run: Run): Promise<void> {
  const about = { releaseId: run.id };
  const { build } = watching;
  const { images, secrets, tests, named = [] } = run.state.read?.gates ?? {};
  const gates: Gate[] = [
    ...(images
      ? [['scan images', () => build.scanImages.executeWithOptions({ summary: 'scan images' }, [about])]]
      : []),
    ...(secrets
      ? [['scan for secrets', () => build.scanSource.executeWithOptions({ summary: 'scan for secrets' }, [about])]]
      : []),
    ...(tests
      ? [['integration tests', () => build.runTests.executeWithOptions({ summary: 'integration tests' }, [about])]]
      : []),
    ...named.map((gate) => [
      `gate ${gate}`,
      () => build.runGate.executeWithOptions({ summary: `gate ${gate}` }, [{ ...about, gate }]),
      // Each by a program of its own: what keeps one from looking keeps no other.
      { where: `gate ${gate}` },
    ]),
  ] as Gate[];
  run.enter('checking', gates.length > 0 ? 'scanning and testing' : 'no scans or tests are declared');
  await Promise.all(
    gates.map(async (one) => {
      const { gate, verdict, summary } = await tellingLook(run, one);
      run.status.checks = [...run.status.checks.filter((c) => c.name !== gate), { name: gate, verdict, summary }];
      run.say(`${gate}: ${verdict}, ${summary}`);
    }),
  );
}

/** By which name it is tried, and how. */
type Gate = [name: string, look: () => Promise<GateResult>, patience?: Pick<Patience, 'where'>];

/** A look that told nothing is made again; in the end the policy says whether people see it in the plan, or wait for it. */
async function tellingLook(run: Run, [name, look, patience]: Gate): Promise<GateResult> {
  const { onInconclusive = 'hold' } = run.state.read ?? {};
  let last: GateResult | undefined;
  try {
    return await patiently(
      run,
      name,
      async () => {
        last = await look();
        if (last.verdict === 'inconclusive') throw failure('SLIP-SCAN-2', `${last.gate}: ${last.summary}`);
        return last;
      },
      { ...patience, onInconclusive },
    );
  } catch (error) {
    if (onInconclusive === 'go-on' && last?.verdict === 'inconclusive' && isInconclusive(failureOf(error))) return last;
    throw error;
  }
}
