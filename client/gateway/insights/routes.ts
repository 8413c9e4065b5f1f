import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Insights } from '../../../domain/contract/insights.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { insightsOf } from '../../../domain/insights/insights.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { mostWeeks, weekMs, weekOf } from '../../../domain/insights/weeks.ts';
import { accepted } from '../calls.ts';
import type { GatewayParts } from '../calls.ts';
import { Refused } from '../errors.ts';
import { asking } from '../rights.ts';
import type { Asker } from '../rights.ts';
import * as schemas from '../schemas.ts';
import { commitTimes } from './commit-times.ts';
import { csvOf } from './csv.ts';
import { endedRuns } from './ended-runs.ts';
import { runsOf } from './read-runs.ts';
import type { Looked, WhichRuns } from './read-runs.ts';

/** Where nobody says since when: a quarter, this week too. */
const usualWeeks = 13;

/** How releases went, counted anew each time from what is on record of them: nothing is counted beforehand. */
export function insightsRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const ended = endedRuns(parts.records);
  const commits = commitTimes(parts);

  const look = async (request: FastifyRequest): Promise<{ asked: Asked; looked: Looked; runs: RunFacts[] }> => {
    const asker = await asking(parts, request);
    const asked = await askedFor(parts, asker, accepted(schemas.insightsQuery, request.query));
    const looked = await runsOf(parts, asked.which, ended);
    return { asked, looked, runs: await commits.of(looked.runs) };
  };

  server.get('/v1/insights', async (request): Promise<Insights> => {
    const { asked, looked, runs } = await look(request);
    const { since, until, service, environment } = asked.which;
    const { more, moreOrders, unread } = looked;
    return insightsOf(runs, {
      ...{ since, until, counted: asked.counted },
      ...(service !== undefined && { service }),
      ...(environment !== undefined && { environment }),
      ...(more && { more }),
      ...(moreOrders && { moreOrders }),
      ...(unread > 0 && { unread }),
    });
  });

  server.get('/v1/insights.csv', async (request, reply) => {
    const { runs } = await look(request);
    void reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="slipway-insights.csv"');
    return csvOf(runs);
  });
}

interface Asked {
  which: WhichRuns;
  counted: Insights['counted'];
}

interface Query {
  service?: string | undefined;
  environment?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
}

/** Of lanes that they may look at alone. */
async function askedFor(
  { pipeline, now }: Pick<GatewayParts, 'pipeline' | 'now'>,
  asker: Asker,
  { service, environment, since, until }: Query,
): Promise<Asked> {
  const to = Math.min(until ?? Infinity, now());
  const from = weekOf(since ?? to - (usualWeeks - 1) * weekMs);
  if (from >= to) throw new Refused(400, 'bad-request', 'since must be before until, and before now');
  if (to - from > mostWeeks * weekMs)
    throw new Refused(400, 'bad-request', `that is more than ${mostWeeks} weeks: ask for fewer`);
  const times = { since: from, until: to };
  const { sight } = asker;
  const seen = sight === 'everything' ? undefined : sight;
  if (environment !== undefined) return { which: { service, environment, among: seen, ...times }, counted: 'as-asked' };
  const lanes: readonly LaneKey[] = seen ?? asker.me.grants;
  const production = await productionAmong(pipeline, lanes);
  const among = lanes.filter((lane) => production.has(lane.environment) && (service ?? lane.service) === lane.service);
  if (among.length === 0) return { which: { service, among: seen, ...times }, counted: 'all' };
  return { which: { service, among, ...times }, counted: 'production' };
}

/** As for whom people are woken: the environments in which the policy requires an approval. */
async function productionAmong(
  pipeline: GatewayParts['pipeline'],
  lanes: readonly LaneKey[],
): Promise<ReadonlySet<string>> {
  const production = new Set<string>();
  for (const environment of new Set(lanes.map((lane) => lane.environment))) {
    const floor = await pipeline.floorOf(environment).catch(() => undefined);
    if (floor?.approval.required) production.add(environment);
  }
  return production;
}
