import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  AuditLanes,
  AuditPage,
  LaneList,
  LaneView,
  Me,
  PlanCommits,
  ReleaseList,
  ReleaseView,
  RollbackPreview,
} from '../../../domain/contract/gateway.ts';
import type { Insights } from '../../../domain/contract/insights.ts';
import type { Overview } from '../../../domain/contract/overview.ts';
import type { LoginOffered } from '../../../domain/contract/login.ts';
import type { MyDecisions, MyOrders } from '../../../domain/contract/mine.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { Named } from '../words/address.ts';
import { historyQuery } from '../words/history.ts';
import { chainsOfPeople } from '../words/lane-deeds.ts';
import type { EvidenceLog, ReleaseEvidence, TypicalDurations } from '../../../domain/contract/kept-evidence.ts';
import type { Window } from '../words/audit.ts';
import { ask, part } from './ask.ts';
import { rowsBetween } from './audit-rows.ts';
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

const releasesQuestion = (query: string) =>
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

/** Who may do what changes without a word to this page: groups and policies do, and more people may approve after a while. */
const judgedAgainMs = 60_000;

/** Asked again when the run waits for something else, or for others. */
export const myDecisionsQuestion = ({ releaseId, recorded, status }: ReleaseView) => {
  const { decisions = [], ...whom } = status?.waitingFor ?? {};
  return queryOptions({
    queryKey: ['release', releaseId, 'mine', recorded?.planHash, decisions, whom],
    queryFn: () => ask<MyDecisions>(`/v1/releases/${part(releaseId)}/mine`),
    enabled: decisions.length > 0,
    refetchInterval: judgedAgainMs,
  });
};

export const myOrdersQuestion = ({ service, environment }: LaneKey) =>
  queryOptions({
    queryKey: ['lane', service, environment, 'mine'],
    queryFn: () => ask<MyOrders>(`/v1/lanes/${part(service)}/${part(environment)}/mine`),
    refetchInterval: judgedAgainMs,
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

/** What is open in a lane, as far as anybody reads a queue: what each of it does. */
export const openInLaneQuestion = (service: string, environment: string) =>
  releasesQuestion(`service=${part(service)}&environment=${part(environment)}&open=true&limit=50`);

/** What people ordered and decided there last, as the audit has it. */
export const deedsQuestion = (lane: LaneKey) =>
  queryOptions({
    queryKey: ['lane', lane.service, lane.environment, 'deeds'],
    queryFn: async () => {
      const { lanes } = await ask<AuditLanes>('/v1/audit');
      const chains = chainsOfPeople(laneInPath(lane), lanes);
      return Promise.all(
        chains.map(async (chain) => ({
          chain,
          ...(await ask<AuditPage>(`/v1/audit/rows?lane=${part(chain)}&newest=true&limit=100`)),
        })),
      );
    },
  });

/** Whoever has gone far back reads, and is not asked for all of it again and again. */
export const seldomPaged = (ms: number) => (query: { state: { data?: { pages: unknown[] } | undefined } }) =>
  (query.state.data?.pages.length ?? 0) > 3 ? false : ms;

/** Lanes by name, page by page. `query`: what they are filtered by. */
export const lanesQuestion = (query: string) =>
  infiniteQueryOptions({
    queryKey: ['lanes', query],
    queryFn: ({ pageParam }) =>
      ask<LaneList>(`/v1/lanes?${[query, pageParam && `after=${part(pageParam)}`].filter(Boolean).join('&')}`),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** Releases and rollbacks, the newest first, page by page. `since`: as an address has it, `7d` or milliseconds. */
export const historyQuestion = (named: Named) =>
  infiniteQueryOptions({
    queryKey: ['releases', 'history', named],
    queryFn: ({ pageParam }) => {
      const query = historyQuery({ ...named, before: pageParam }, Date.now());
      return ask<ReleaseList>(`/v1/releases?${query}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** Counted anew each time: a page that stays open asks once in a while. */
export const insightsQuestion = (query: string) =>
  queryOptions({
    queryKey: ['insights', query],
    queryFn: () => ask<Insights>(`/v1/insights?${query}`),
    staleTime: 60_000,
  });

/** Where each chain of the audit ends, that they may look at. */
export const chainsQuestion = queryOptions({ queryKey: ['audit'], queryFn: () => ask<AuditLanes>('/v1/audit') });

/** Rows of a chain by their numbers: nobody of ours ever writes one anew. */
export const auditRowsQuestion = (chain: string, { after, to }: Window) =>
  queryOptions({
    queryKey: ['audit', chain, after, to],
    queryFn: () => rowsBetween(chain, after, to),
    staleTime: 60_000,
  });

/** The last rows of a lane, of all its chains. */
export const lastAuditQuestion = (lane: string) =>
  queryOptions({
    queryKey: ['audit of', lane],
    queryFn: () => ask<AuditPage>(`/v1/audit/rows?lane=${part(lane)}&newest=true&limit=100`),
  });

/** `stage`: more is on record with each. */
export const evidenceQuestion = (release: string, stage: string | undefined) =>
  queryOptions({
    queryKey: ['evidence', release, stage],
    queryFn: () => ask<ReleaseEvidence>(`/v1/releases/${part(release)}/evidence`),
    placeholderData: (before: ReleaseEvidence | undefined) => before,
  });

export const evidenceLogQuestion = (release: string, of: string) =>
  queryOptions({
    queryKey: ['evidence', release, 'log', of],
    queryFn: () => ask<EvidenceLog>(`/v1/releases/${part(release)}/evidence/log?of=${part(of)}`),
    staleTime: 60_000,
  });

/** How long other releases of its lane usually take. What carries out an order is none. */
export const typicalQuestion = ({ service, environment, releaseId, undoes }: ReleaseView) =>
  queryOptions({
    queryKey: ['lane', service, environment, 'typical', releaseId],
    queryFn: () =>
      ask<TypicalDurations>(`/v1/lanes/${part(service)}/${part(environment)}/typical?without=${part(releaseId)}`),
    staleTime: 60_000,
    enabled: undoes === undefined,
  });

/** All that somebody may look at, at one look. */
export const overviewQuestion = queryOptions({ queryKey: ['overview'], queryFn: () => ask<Overview>('/v1/overview') });
