import { queryOptions } from '@tanstack/react-query';
import type {
  LaneView,
  Me,
  PlanCommits,
  ReleaseList,
  ReleaseView,
  RollbackPreview,
} from '../../../domain/contract/gateway.ts';
import type { Overview } from '../../../domain/contract/overview.ts';
import type { LoginOffered } from '../../../domain/contract/login.ts';
import { ask, part } from './ask.ts';
import { checkedBeside, checkedPlan } from './checked-plan.ts';

/** What a plan says never changes: it is known by its hash. */
const forEver = { staleTime: Infinity };

export const meQuestion = queryOptions({ queryKey: ['me'], queryFn: () => ask<Me>('/v1/me') });

export const loginQuestion = queryOptions({
  queryKey: ['login'],
  queryFn: () => ask<LoginOffered>('/v1/login'),
  ...forEver,
});

export const releaseQuestion = (id: string) =>
  queryOptions({ queryKey: ['release', id], queryFn: () => ask<ReleaseView>(`/v1/releases/${part(id)}`) });

export const releasesQuestion = (query: string) =>
  queryOptions({ queryKey: ['releases', query], queryFn: () => ask<ReleaseList>(`/v1/releases?${query}`) });

export const planQuestion = (hash: string) =>
  queryOptions({
    queryKey: ['plan', hash],
    queryFn: () => checkedPlan(hash),
    ...forEver,
  });

/** What stands where the plan goes to. */
export const besideQuestion = (hash: string, release: string) =>
  queryOptions({
    queryKey: ['plan', hash, 'verified', release],
    queryFn: () => checkedBeside(hash, release),
  });

export const commitsQuestion = (hash: string, release: string) =>
  queryOptions({
    queryKey: ['plan', hash, 'commits', release],
    queryFn: () => ask<PlanCommits>(`/v1/plans/${part(hash)}/commits?release=${part(release)}`),
  });

/** What going back would do, by the records as they are now. */
export const wayBackQuestion = (release: string) =>
  queryOptions({
    queryKey: ['release', release, 'way back'],
    queryFn: () => ask<RollbackPreview>(`/v1/rollbacks/preview?release=${part(release)}`),
  });

export const laneQuestion = (service: string, environment: string) =>
  queryOptions({
    queryKey: ['lane', service, environment],
    queryFn: () => ask<LaneView>(`/v1/lanes/${part(service)}/${part(environment)}`),
  });

/** All that somebody may look at, at one look. */
export const overviewQuestion = queryOptions({ queryKey: ['overview'], queryFn: () => ask<Overview>('/v1/overview') });
