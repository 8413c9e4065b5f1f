import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerKnown, identified, requireText, usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { browserRoutes } from './browser/routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { createLog } from '../../activities/shared/log.ts';
import { limitConnections } from '../../activities/shared/open-connections.ts';
import { cutOffTheDeaf } from './deaf.ts';
import { answerOf, Refused } from './errors.ts';
import { decidingBy } from './decide.ts';
import { decisionRoutes } from './decision-routes.ts';
import { createStreams, eventRoutes, eventsPath } from './event-routes.ts';
import { engineFor, engineView } from './engine-view.ts';
import { healthRoutes } from './health-routes.ts';
import { ownPackage } from '../own-package.ts';
import { versionHeader } from '../../domain/contract/gateway.ts';
import { kept } from '../../activities/shared/kept.ts';
import { insightsRoutes } from './insights/routes.ts';
import { laneRoutes } from './lane-routes.ts';
import { loginRoute } from './login-route.ts';
import { allowancesFor, createAllow } from './limits.ts';
import type { Kind } from './limits.ts';
import { classOf, tellAnswered } from './measuring.ts';
import { descriptionRoute } from './description-route.ts';
import { allOperations } from './openapi/operations.ts';
import { notificationRoutes } from './notification-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import type { Inside, MoreDoor } from './more-doors.ts';
import { orderingLanes } from './order-lane.ts';
import { closuresOfMany } from './closures-of-many.ts';
import { overviewRoutes } from './overview-routes.ts';
import { questionLimits } from './question-limits.ts';
import { recordsInTime } from './records-in-time.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';
import { logAnswered, withoutItsSecrets } from './request-log.ts';
import { releaseRoutes } from './release-routes.ts';
import { runStates } from './run-states.ts';
import { asking, requireAsked } from './rights.ts';
import { createUnderWay } from './under-way.ts';

/** The way in: identifies people, checks what they send, stores and signs what they decide, and starts runs. Holds no state of its own. */
export function createGateway(given: GatewayParts, moreDoors: readonly MoreDoor[] = []): FastifyInstance {
  const { headerMs, requestMs, idleMs, sendMs, headerBytes, bodyBytes } = questionLimits;
  const loggerInstance: FastifyBaseLogger = given.logger ?? createLog({ form: 'json', level: 'error' });
  const server = Fastify({
    bodyLimit: bodyBytes,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: headerMs, connectionsCheckingInterval: 1_000, maxHeaderSize: headerBytes },
    loggerInstance,
    // What is over is told in one line, by whoever counts it.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    // An address that cannot be read is nobody's route: it is answered before any of these is asked.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      void reply.header(requestIdHeader, request.id).header('connection', 'close');
      const { status, body } = answerOf(new Refused(400, 'bad-request', 'the address cannot be read'));
      void reply.status(status).send({ error: body });
    },
    routerOptions: { maxParamLength: 1_000 },
  });
  const parts = {
    ...given,
    records: recordsInTime(given.records, given.limits?.answerMs ?? usualAnswerMs),
    log: (error: unknown) => server.log.error(error),
  };
  limitConnections(server.server, parts.limits?.connectionsPerAddress);
  server.setErrorHandler((error, request, reply) => {
    const { status, body, retryAfterSeconds } = answerOf(error, request.id);
    if (status === 500) request.log.error(withoutItsSecrets(error, request));
    parts.measures?.refused(body.code);
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    // Whoever may not come in is not listened to either: the rest of what they send would hold the connection.
    const isStranger = callerKnown(request) === undefined && !request.routeOptions.config.ownDoor;
    if (isStranger || status === 401 || status === 405 || status === 413) void reply.header('connection', 'close');
    return reply.status(status).send({ error: body });
  });
  server.setNotFoundHandler(() => {
    throw new Refused(404, 'not-found', 'there is nothing at this address');
  });
  const deaf = cutOffTheDeaf(parts.limits?.sendMs ?? sendMs);
  const { measures } = parts;
  const allow = createAllow(Date.now, allowancesFor(parts.limits?.startsPerMinute), (kind) => measures?.tooOften(kind));
  const underWay = createUnderWay();
  const streams = createStreams();
  measures?.follow(() => ({ questions: underWay.now(), streams: streams.now() }));
  server.addHook('onRequest', async (request, reply) => {
    void reply.header(requestIdHeader, request.id);
  });
  tellAnswered(server, (answered, request) => {
    logAnswered(answered, request);
    const { route, method, ms, isStream } = answered;
    measures?.answered({ route, method, status: classOf(answered), ...(!isStream && { ms }) });
  });
  const { version } = ownPackage();
  server.addHook('onRequest', (request, reply, done) => {
    if (deaf.begin(request.raw, reply.raw)) done();
    else reply.hijack();
  });
  // Of texts and files, too, which nothing serializes.
  server.addHook('onSend', async (request, { statusCode }, answer) => {
    if (statusCode < 400 && !request.routeOptions.config.ownDoor) requireRight(request);
    return answer;
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    deaf.send(request.raw, reply.raw);
    underWay.made(reply.raw);
    streams.made(reply.raw);
    done();
  });
  // Before the body is read, and before anything is asked of Temporal or the records.
  server.addHook('onRequest', async (request, reply) => {
    if (toAnybody.has(request.routeOptions.url) || request.routeOptions.config.ownDoor) return;
    const { id } = (await identified(parts, request)).who;
    void reply.header(versionHeader, version);
    // Whoever has hung up by now: of a body that will not come nobody is told any more, and what is counted here would never be over.
    if (reply.raw.destroyed) return reply.hijack();
    const kind = kindOf(request);
    if (kind === undefined) {
      allow('read', id);
      void reply.header('allow', taken);
      throw new Refused(405, 'method-not-allowed', `the gateway takes ${taken}, and no ${request.method}`);
    }
    // Answers to the others are small, and so many at once that starts of all services of a repository find room.
    if (kind === 'read') (request.routeOptions.url === eventsPath ? streams : underWay).begin(id, reply.raw);
    allow(kind, id);
  });
  // All that a request says, before any route reads it: the address, what follows it, the body.
  server.addHook('preHandler', async ({ params, query, body, routeOptions }) => {
    if (!routeOptions.config.ownDoor) requireText({ params, query, body });
  });
  const engine = kept(() => engineView(parts));
  healthRoutes(server, parts, given);
  loginRoute(server, parts);
  browserRoutes(server, parts, allow);
  descriptionRoute(server);
  server.get('/v1/engine', async (request) => engineFor((await asking(parts, request)).sight, await engine()));
  server.get('/v1/me', async (request) => (await asking(parts, request)).me);
  // After the answer: nobody waits for evidence to be signed or sent.
  server.addHook('onResponse', async ({ method }, { statusCode }) => {
    if (method === 'POST' && statusCode !== 401) parts.evidence?.soon();
  });
  const states = runStates(parts);
  releaseRoutes(server, parts, states);
  // What was found of a signature is found once, whoever asks.
  const closures = closuresOfMany(parts);
  overviewRoutes(server, parts, { states, closures });
  eventRoutes(server, parts, streams);
  const inside: Inside = { parts, deciding: decidingBy(parts), lanes: orderingLanes(parts), allow };
  decisionRoutes(server, parts, inside.deciding);
  laneRoutes(server, parts, { lanes: inside.lanes, closures });
  auditRoutes(server, parts);
  insightsRoutes(server, parts);
  tokenRoutes(server, parts);
  notificationRoutes(server, parts);
  for (const door of moreDoors) door(server, inside);
  return server;
}

/** Undefined for what is done nowhere here: it is answered before a body of it is read. */
function kindOf({ method, routeOptions }: FastifyRequest): Kind | undefined {
  if (method === 'GET' || method === 'HEAD') return 'read';
  if (method !== 'POST') return undefined;
  return routeOptions.url === '/v1/releases' ? 'start' : 'write';
}

const taken = 'GET, HEAD, POST';

const needs = new Map(allOperations.map(({ method, path, needs }) => [`${method} ${path}`, needs]));

/** Throws for an answer of a route that has not asked for the right that it is described with, or is not described at all. */
function requireRight(request: FastifyRequest): void {
  const { method, routeOptions } = request;
  const right = needs.get(`${method === 'HEAD' ? 'GET' : method} ${routeOptions.url}`) ?? 'look';
  if (right !== 'nothing') requireAsked(request, right);
}

/** What is answered without a token. */
const toAnybody = new Set<string | undefined>(
  allOperations.filter((operation) => operation.open).map(({ path }) => path),
);
