import { AskedOtherwise } from '../../../activities/records/port.ts';
import type { Attempt, GoneBy, Records, TouchedThing } from '../../../activities/records/port.ts';
import { canonicalJson } from '../../../domain/canonical.ts';
import { laneInPath, releaseId as idOfRelease } from '../../../domain/contract/names.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { hadChanged } from '../../../domain/hold-reason.ts';
import { askedOtherwise, meaningOf, meansTheSame } from '../../../domain/same-request.ts';
import { answering, copy, laneName, storable } from './stored.ts';
import type { Clock } from './stored.ts';

/** `keepAll`: what is told of an end. */
export function memoryAttempts(
  keepAll: (releaseId: string, told: Readonly<Record<string, unknown>>) => void,
): Records['attempts'] & { outcomeOf(releaseId: string): string | undefined } {
  let all: Attempt[] = [];
  const keys = new Map<string, { releaseId: string; asked: string }>();
  const byId = (releaseId: string) => all.find((one) => one.releaseId === releaseId);
  const told = (attempt: Attempt): Attempt => {
    const isFirst = !all.slice(0, all.indexOf(attempt) + 1).some(({ signed }) => signed);
    return { ...attempt, ...(isFirst && { beforeSigning: true as const }) };
  };
  return {
    outcomeOf: (releaseId) => byId(releaseId)?.outcome,
    open: answering((request, { requestKey, fresh, sign, believes = () => true, refuseNew }) => {
      const asked = canonicalJson(meaningOf(request));
      const key = `${laneName(request)}/${requestKey}`;
      const known = keys.get(key);
      const keyed = known && told(byId(known.releaseId)!);
      if (keyed && believes(keyed)) {
        if (known.asked !== asked) throw failure('SLIP-REC-2', `request key ${requestKey} was used before`);
        return { attempt: keyed, created: false };
      }
      const everyOne = all.filter(
        (one) => laneName(one.request) === laneName(request) && one.request.commit === request.commit,
      );
      const ofCommit = everyOne.filter((one) => isRequest(one.request) && believes(told(one)));
      const own = ofCommit.find((one) => one.requestKey === requestKey && meansTheSame(one.request, request));
      if (own) return { attempt: told(own), created: false };
      const newest = ofCommit.at(-1);
      const reused = fresh ? undefined : ofCommit.filter((one) => meansTheSame(one.request, request)).at(-1);
      const other = newest && !fresh && !reused && askedOtherwise(newest.request, request);
      if (newest && other) throw new AskedOtherwise(newest, other);
      if (!reused && refuseNew) throw refuseNew;
      const numbered = { ...request, attempt: everyOne.length + 1 };
      const releaseId = idOfRelease(numbered);
      const signed = sign?.({ releaseId, requestKey, request: numbered });
      const made = { releaseId, number: all.length + 1, request: numbered, requestKey, startedAt: request.requestedAt };
      const attempt = reused ?? copy<Attempt>({ ...made, ...(signed && { signed }) });
      if (!reused) all.push(attempt);
      if (!known) keys.set(key, { releaseId: attempt.releaseId, asked });
      return { attempt: told(attempt), created: !reused };
    }),
    find: answering((releaseId) => {
      const known = byId(releaseId);
      return known && told(known);
    }),
    list: answering(
      ({
        service,
        environment,
        among,
        limit,
        before,
        number,
        commit = '',
        since = 0,
        until = Infinity,
        by,
        outcome,
        open,
      }) =>
        [...all]
          .reverse()
          .filter(({ request }) => service === undefined || request.service === service)
          .filter(({ request }) => environment === undefined || request.environment === environment)
          .filter(({ request }) => among?.some((lane) => laneInPath(lane) === laneInPath(request)) ?? true)
          .filter((one) => (before === undefined || one.number < before) && (number ?? one.number) === one.number)
          .filter(({ request, startedAt }) => request.commit.startsWith(commit) && startedAt >= since)
          .filter(({ startedAt }) => startedAt < until)
          .filter((one) => (outcome ?? one.outcome) === one.outcome)
          .filter((one) => open === undefined || (one.outcome === undefined) === open)
          .filter(({ request }) => isRequest(request) && (by ?? request.requestedBy.id) === request.requestedBy.id)
          .slice(0, limit)
          .map(told),
    ),
    conclude: answering((releaseId, { outcome, summary, endedAt, told: said = {} }) => {
      const known = byId(releaseId);
      if (!known) throw failure('SLIP-REC-3', `attempt ${releaseId}`);
      if ((known.outcome ?? outcome) !== outcome) throw failure('SLIP-REC-2', `${releaseId} ended as ${known.outcome}`);
      keepAll(releaseId, said);
      const ended = { ...known, outcome, summary: storable(summary), endedAt };
      if (known.outcome === undefined) all = all.map((one) => (one === known ? ended : one));
    }),
  };
}

const isRequest = ({ images, attempt, requestedBy, ...asked }: Partial<Attempt['request']>) =>
  [asked.service, asked.environment, asked.repository, asked.branch, asked.commit, requestedBy?.id].every(
    (text) => typeof text === 'string',
  ) &&
  typeof attempt === 'number' &&
  isRecord(images);

const isRecord = (value: unknown) => typeof value === 'object' && value !== null;

/** So small that whoever forgets to go on is found out. */
const pageSize = 2;

/** `hasEnded`: by what else is on record of a run; `isStill`: what it has gone by. */
export function memoryTouched(
  clock: Clock,
  {
    hasEnded,
    isStill,
    hasChanges,
  }: {
    hasEnded(id: string): boolean;
    isStill(id: string, goneBy: GoneBy): boolean;
    hasChanges(id: string): boolean;
  },
): Records['touched'] & {
  beganAt(id: string): number | undefined;
  touch(thing: TouchedThing): void;
  refusePlanning(id: string): void;
} {
  const closed = new Set<string>();
  const all = new Map<string, { runId: string; what: string[]; beganAt: number }>();
  const refuse = (workflowId: string) =>
    failure('SLIP-REL-9', `${workflowId} ${hadChanged(all.get(workflowId)?.what ?? [])}`);
  const touch = ({ workflowId, runId, what, goneBy }: TouchedThing): void => {
    if (goneBy && !isStill(workflowId, goneBy)) throw failure('SLIP-REL-14', workflowId);
    if (/^database \S+$/.test(what) && hasChanges(workflowId))
      throw failure('SLIP-REL-10', `${workflowId} has begun to change regions`);
    if (closed.has(workflowId) || hasEnded(workflowId)) throw failure('SLIP-REL-10', `${workflowId} has ended`);
    const known = all.get(workflowId) ?? { runId, what: [], beganAt: clock() };
    if (known.runId !== runId) throw refuse(workflowId);
    if (!known.what.includes(what)) known.what.push(what);
    all.set(workflowId, known);
  };
  return {
    beganAt: (workflowId) => all.get(workflowId)?.beganAt,
    close: answering((workflowId) => void closed.add(workflowId)),
    touch,
    refusePlanning(id) {
      const isOver = closed.has(id) || hasEnded(id);
      if (isOver || all.has(id)) throw failure('SLIP-REL-10', `${id} has ${isOver ? 'ended' : 'changed something'}`);
    },
    record: answering(touch),
    find: answering((workflowId) => {
      const known = all.get(workflowId);
      return known && { runId: known.runId, what: [...known.what], begunAt: Math.floor(known.beganAt) };
    }),
    list: answering(({ since, after, ...lane }) => {
      const found = [...all]
        .sort(([one, a], [other, b]) => b.beganAt - a.beganAt || (one < other ? 1 : -1))
        .map(([workflowId, { what, beganAt }]) => ({ workflowId, what: [...what], begunAt: Math.floor(beganAt) }))
        .filter((run) => run.workflowId.split('/').slice(1, 3).join('/') === laneName(lane) && run.begunAt > since);
      const rest = found.slice(found.findIndex(({ workflowId }) => workflowId === after) + 1);
      return { runs: rest.slice(0, pageSize), more: rest.length > pageSize };
    }),
    handOver: answering((workflowId, { from, to }) => {
      const known = all.get(workflowId);
      if (known && known.runId !== from && known.runId !== to) throw refuse(workflowId);
      if (known) known.runId = to;
    }),
  };
}
