import { cancellationSignal } from '@temporalio/activity';
import type { RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { verdictOf } from '../../domain/observing.ts';
import { smokeInWords } from '../../domain/smoke.ts';
import { says } from '../shared/saying.ts';
import type { SmokeJobs } from '../smoke/port.ts';
import { authorize, type AuthorizeDependencies } from './authorize.ts';
import { shownAs } from './place.ts';
import { regionProofs, type RegionMark } from './region-proofs.ts';
import type { SmokeMemory } from './smoke-memory.ts';
import { smokeAnswers } from './smoke-answers.ts';
import { runSmokeTests, smokeCheck } from './smoke-tests.ts';
import type { RegionInput } from './types.ts';

export interface TestDependencies extends AuthorizeDependencies {
  smoke: SmokeJobs;
}

interface Tested {
  checks: Check[];
  /** By name, what was said of it. */
  passed: Record<string, string>;
}

interface Testing {
  region: RegionSpec;
  /** It should run what was there before. */
  isBack: boolean;
  plan: ReleasePlan;
  mark: RegionMark;
  memory: SmokeMemory;
}

/**
 * The smoke tests of a region that stands and answers, where they have not passed since its last change. A region that goes back is not tested: what
 * would have to be waited for keeps nobody on a bad release.
 */
export async function testRegion(
  deps: TestDependencies,
  { authority, purpose }: RegionInput,
  { plan, region, isBack, mark, memory }: Testing,
): Promise<Tested> {
  const names = (region.smoke ?? []).map(({ name }) => name);
  if (names.length === 0) return { checks: [], passed: {} };
  if (isBack)
    return {
      checks: [
        { name: `${shownAs(region, isBack)}: smoke tests`, verdict: 'pass', summary: 'not run on the way back' },
      ],
      passed: {},
    };
  const known = await regionProofs(deps.records).smokePassed(authority, region.name, mark);
  // The answer that told it may have been lost.
  if (names.every((name) => Object.hasOwn(known, name)))
    return {
      checks: names.map((name) => ({ name: smokeCheck(region, name), verdict: 'pass', summary: known[name]! })),
      passed: known,
    };
  // What was waited for may have taken hours: somebody may have said no since.
  await authorize(authority, deps, { purpose, regions: [region.name] });
  cancellationSignal().throwIfAborted();
  says({ planHash: authority.planHash, region: region.name, smoke: names });
  const { releaseId } = authority;
  const answers = smokeAnswers(deps.records, authority, { region: region.name, mark });
  const checks = await runSmokeTests(
    { jobs: deps.smoke, memory, answers, now: deps.now },
    { plan, region, releaseId, change: mark.last?.number },
  );
  const verdict = verdictOf(checks);
  if (verdict !== 'pass') throw failure(verdict === 'fail' ? 'SLIP-SMK-1' : 'SLIP-VER-3', smokeInWords(checks));
  const passed = Object.fromEntries(names.map((name, at) => [name, checks[at]!.summary]));
  return { checks, passed };
}
