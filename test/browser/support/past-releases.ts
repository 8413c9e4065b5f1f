import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { createPostgresRecords } from '../../../activities/records/postgres-records.ts';
import type { RegionStatus, ReleaseResult, StageTiming } from '../../../domain/contract/status.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { weekMs, weekOf } from '../../../domain/insights/weeks.ts';
import { shop } from '../../../lab/shop/pipeline-file.ts';
import type { World } from './world.ts';

const minute = 60_000;
const day = 86_400_000;

interface Past {
  askedAt: number;
  outcome: 'verified' | 'rolled-back' | 'halted';
  /** Minutes: before it was asked for, of building, of people, of the lane, in each region, of baking. */
  took: { before: number; build: number; people: number; lane: number; region: number; bake: number };
  cause?: string;
}

const causes = [
  'storefront: region nl has no CHECKOUT_URL',
  'graphql: shop.currency is null',
  'OOMKilled: container index, 512Mi',
];

/** A quarter of a shop: five releases a week, the bake growing with the weeks, an approval that waited over a weekend, some that failed. */
function aQuarter(now: number): Past[] {
  const first = weekOf(now) - 12 * weekMs;
  const all = Array.from({ length: 65 }, (_, n): Past => {
    const week = Math.floor(n / 5);
    const failed = n % 17 === 9;
    return {
      askedAt: first + week * weekMs + (n % 5) * day + (9 + (n % 7)) * 60 * minute,
      outcome: failed ? (n % 2 === 0 ? 'halted' : 'rolled-back') : 'verified',
      took: {
        before: 3 + ((n * 7) % 9),
        build: 4 + ((n * 5) % 4),
        people: week === 8 ? 45 + n : 3 + ((n * 11) % 25),
        lane: n % 6 === 0 ? 7 : 0,
        region: 3 + ((n * 3) % 3),
        bake: 13 + week,
      },
      ...(failed && { cause: causes[n % causes.length]! }),
    };
  });
  return all.filter(({ askedAt }) => askedAt < now - 3 * 60 * minute);
}

/** True-shaped: as runs write it down at their end. Their commits are commits of the shop's repository, made when it is said. */
export async function releasePast(world: World, now: number): Promise<number> {
  const past = aQuarter(now);
  const { repository } = world.regions;
  const commits = await commitsAt(
    repository,
    past.map(({ askedAt, took }) => askedAt - took.before * minute),
  );
  const file = world.engine.environment['SLIPWAY_RECORDS_URL']!.replace(/^file:/, '');
  const records = await createPostgresRecords({ url: (await readFile(file, 'utf8')).trim() });
  try {
    for (const [nth, one] of past.entries()) {
      const asked = {
        ...{ service: shop.service, environment: shop.environment, repository, branch: shop.branch },
        ...{ commit: commits[nth]!, images: {}, downgrade: false, requestedAt: one.askedAt },
        requestedBy: { id: 'lab-developer', via: 'lab-token', groups: ['developers'] },
      };
      const { attempt } = await records.attempts.open(asked, { requestKey: `past-${nth}`, fresh: true });
      const result = resultOf(one);
      const endedAt = result.timings.at(-1)!.startedAt;
      const { outcome, summary } = result;
      await records.attempts.conclude(attempt.releaseId, { outcome, summary, endedAt, told: { result } });
    }
  } finally {
    await records.close();
  }
  return past.length;
}

function resultOf({ askedAt, outcome, took: { build, people, lane, region, bake }, cause }: Past): ReleaseResult {
  const isWell = outcome === 'verified';
  const timings: StageTiming[] = [];
  let at = askedAt;
  const stage = (name: StageTiming['stage'], minutes: number) => {
    timings.push({ stage: name, startedAt: at, endedAt: (at += minutes * minute) });
  };
  stage('building', build);
  stage('checking', 2);
  stage('planning', 0.3);
  stage('awaiting-approval', people);
  stage('awaiting-lane', lane + 0.02);
  const begun = at;
  stage('deploying', 2 * region + bake);
  if (isWell) stage('verifying', 1);
  else {
    stage('held', 4);
    stage('rolling-back', 2);
  }
  timings.push({ stage: 'done', startedAt: at });
  const place = (name: string, from: number): RegionStatus => ({
    ...{ region: name, phase: isWell ? 'verified' : outcome === 'halted' ? 'failed' : 'rolled-back', components: [] },
    ...{ begunAt: from, since: isWell ? from + region * minute : at },
  });
  return {
    ...{ outcome, summary: isWell ? 'verified in de and nl' : `NL failed: ${cause}`, artifacts: [], timings },
    regions: [place('de', begun), place('nl', begun + (region + bake) * minute)],
    ...(cause !== undefined && { failure: failureDetails('SLIP-K8S-1', cause) }),
  };
}

/** One after the other, on a branch of their own. */
async function commitsAt(repository: string, times: readonly number[]): Promise<string[]> {
  const git = async (args: string[], env: Record<string, string> = {}) =>
    (
      await execa('git', ['-C', repository, '-c', 'user.name=Lab', '-c', 'user.email=lab@slipway.example', ...args], {
        env,
      })
    ).stdout;
  const commits: string[] = [];
  let parent = await git(['rev-parse', 'HEAD']);
  for (const time of times) {
    const date = `${Math.floor(time / 1_000)} +0000`;
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    parent = await git(['commit-tree', 'HEAD^{tree}', '-p', parent, '-m', 'Past'], dates);
    commits.push(parent);
  }
  await git(['update-ref', 'refs/heads/past', parent]);
  return commits;
}
