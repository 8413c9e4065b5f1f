import type { Insights } from '../contract/insights.ts';
import type { Millis } from '../contract/release.ts';
import { approvalsOf } from './approvals.ts';
import { doraOf } from './dora.ts';
import { measureTargets, measureWeeks } from './measures.ts';
import type { RunFacts } from './run-facts.ts';
import { slowestSteps } from './steps.ts';
import { troublesOf } from './troubles.ts';
import { weekMs, weekOf, weeksBetween } from './weeks.ts';

/** More than these nobody reads; how many there are is told. */
const mostTroubles = 50;

type Asked = Pick<
  Insights,
  'since' | 'until' | 'service' | 'environment' | 'counted' | 'more' | 'moreOrders' | 'unread'
>;

/** Everything that is told of these runs, releases and the rollbacks of them. Pure: the same runs always get the same answer. */
export function insightsOf(runs: readonly RunFacts[], asked: Asked): Insights {
  const since = weekOf(asked.since);
  const releases = runs.filter(({ undoes }) => undoes === undefined);
  const first = firstOf(releases);
  const weeks = weeksBetween(Math.max(since, first.firstAt ?? since), asked.until);
  const troubles = troublesOf(runs);
  const more = troubles.length - mostTroubles;
  return {
    ...asked,
    since,
    lookedAt: releases.length,
    ...first,
    services: new Set(releases.map(({ service }) => service)).size,
    targets: measureTargets(releases, weeks),
    weeks: measureWeeks(releases, weeks),
    dora: doraOf({ runs: releases, troubles, weeks: weeksCounted({ ...asked, since, ...first }) }),
    steps: slowestSteps(releases),
    approvals: approvalsOf(releases),
    troubles: troubles.slice(0, mostTroubles),
    ...(more > 0 && { moreTroubles: more }),
  };
}

/**
 * Those since the first release: of the time before it nothing was looked at, or there is nothing. A first one of a few days ago tells no week:
 * unless there were others, not looked at, that is counted as one.
 */
function weeksCounted({
  since,
  until,
  firstAt = since,
  more,
}: Pick<Insights, 'since' | 'until' | 'firstAt' | 'more'>): number {
  const sinceFirst = until - Math.max(since, firstAt);
  const counted = more ? sinceFirst : Math.max(sinceFirst, Math.min(weekMs, until - since));
  return counted / weekMs;
}

function firstOf(releases: readonly RunFacts[]): { firstAt?: Millis } {
  if (releases.length === 0) return {};
  return { firstAt: releases.reduce((first, { askedAt }) => Math.min(first, askedAt), Infinity) };
}
