import { createHash } from 'node:crypto';
import { chainEntry, chainStart, followsInChain } from '../../domain/audit-chain.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { LaneHold, SignedLaneOrder } from '../../domain/contract/lane.ts';
import { releaseId as idOfRelease } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ReleasePlan, SchemaChange, VerifiedRelease } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Attempt, AuditRow, OwnLaneMemory, Records, Stored } from '../../activities/records/port.ts';

/** Every table of the records as text in memory, as the database would keep it. Nobody shares anything with whoever has written it. */
interface Tables {
  clock: () => number;
}

/**
 * Records for tests that need thousands of them. Kept to what PostgreSQL does by the same contract suite; what only the gateway writes about
 * the ends of the audit is not in it.
 */
export function createMemoryRecords(): Records {
  let ticks = Date.now();
  const tables: Tables = { clock: () => (ticks += 1) };
  const touched = memoryTouched(tables);
  const attempts = memoryAttempts();
  return {
    attempts,
    decisions: memoryDecisions(tables, touched.beganAt),
    breaches: memoryBreaches(),
    inventory: memoryInventory(attempts.outcomeOf),
    schema: memorySchema(),
    touched,
    lanes: memoryLanes(tables),
    closings: memoryClosings(tables),
    plans: memoryPlans(),
    audit: memoryAudit(),
    chainEnds: { add: () => Promise.reject(new Error('not kept here')), shipNext: () => Promise.resolve(false) },
    close: () => Promise.resolve(),
  };
}

/** As the database would give it back. It is frozen, and so need not be copied for each reader. */
const copy = <T>(value: T): T => frozen(JSON.parse(JSON.stringify(value)) as T);

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
const storable = (text: string) => text.replaceAll('\0', '\uFFFD');
const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
const laneName = ({ service, environment }: LaneKey) => `${service}/${environment}`;

/** A method that answers at once, or throws as a promise. */
const answering =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Promise<Result> =>
    new Promise((resolve) => resolve(work(...args)));

function memoryAttempts(): Records['attempts'] & { outcomeOf(releaseId: string): string | undefined } {
  let all: Attempt[] = [];
  const keys = new Map<string, { releaseId: string; asked: string }>();
  const byId = (releaseId: string) => all.find((one) => one.releaseId === releaseId);
  const told = (attempt: Attempt): Attempt => {
    const isFirst = !all.slice(0, all.indexOf(attempt) + 1).some(({ signed }) => signed);
    return { ...attempt, ...(isFirst && { beforeSigning: true as const }) };
  };
  return {
    outcomeOf: (releaseId) => byId(releaseId)?.outcome,
    open: answering((request, { requestKey, fresh, sign }) => {
      const { repository, branch, commit, images, downgrade } = request;
      const asked = canonicalJson({ repository, branch, commit, images, downgrade });
      const key = `${laneName(request)}/${requestKey}`;
      const known = keys.get(key);
      if (known && known.asked !== asked) throw failure('SLIP-REC-2', `request key ${requestKey} was used before`);
      if (known) return { attempt: told(byId(known.releaseId)!), created: false };
      const newest = all
        .filter((one) => laneName(one.request) === laneName(request) && one.request.commit === commit)
        .at(-1);
      const reused = newest && !fresh;
      const numbered = { ...request, attempt: (newest?.request.attempt ?? 0) + 1 };
      const releaseId = idOfRelease(numbered);
      const signed = sign?.({ releaseId, requestKey, request: numbered });
      const made = { releaseId, request: numbered, requestKey, startedAt: request.requestedAt };
      const attempt = reused ? newest : copy<Attempt>({ ...made, ...(signed && { signed }) });
      if (!reused) all.push(attempt);
      keys.set(key, { releaseId: attempt.releaseId, asked });
      return { attempt: told(attempt), created: !reused };
    }),
    find: answering((releaseId) => {
      const known = byId(releaseId);
      return known && told(known);
    }),
    list: answering(({ service, environment, limit }) =>
      [...all]
        .reverse()
        .filter(({ request }) => service === undefined || request.service === service)
        .filter(({ request }) => environment === undefined || request.environment === environment)
        .slice(0, limit)
        .map(told),
    ),
    conclude: answering((releaseId, { outcome, summary, endedAt }) => {
      const known = byId(releaseId);
      if (!known) throw failure('SLIP-REC-3', `attempt ${releaseId}`);
      const ended = { ...known, outcome, summary: storable(summary), endedAt };
      if (known.outcome === undefined) all = all.map((one) => (one === known ? ended : one));
      else if (known.outcome !== outcome) throw failure('SLIP-REC-2', `${releaseId} ended as ${known.outcome}`);
    }),
  };
}

function memoryDecisions({ clock }: Tables, beganAt: (workflowId: string) => number | undefined): Records['decisions'] {
  const all: { signed: SignedDecision; storedAt: number; refused?: string }[] = [];
  const used = new Set<string>();
  const byId = (id: string) => all.find(({ signed }) => signed.decision.id === id);
  const of = (releaseId: string) => all.filter(({ signed }) => signed.decision.releaseId === releaseId);
  return {
    store: answering((signed) => {
      const known = byId(signed.decision.id);
      if (!known) all.push({ signed: copy(signed), storedAt: clock() });
      if (known && !same(known.signed.decision, signed.decision))
        throw failure('SLIP-REC-2', `decision ${signed.decision.id} is stored with other content`);
    }),
    list: answering((releaseId) => of(releaseId).map(({ signed }) => signed)),
    weigh: answering((releaseId) =>
      of(releaseId).map(({ signed, storedAt, refused }) => ({
        ...signed,
        afterChange: storedAt >= (beganAt(releaseId) ?? Infinity),
        ...(refused !== undefined && { refused }),
      })),
    ),
    refuse: answering((id, reason) => {
      const known = byId(id);
      if (known && !used.has(id)) known.refused ??= storable(reason);
    }),
    find: answering((id) => byId(id)?.signed),
    consume: answering(({ releaseId, planHash, decisionIds }) => {
      for (const id of decisionIds) {
        const decision = byId(id)?.signed.decision;
        if (!decision) throw failure('SLIP-REC-3', `decision ${id}`);
        const fits = decision.kind === 'approve' && decision.planHash === planHash && decision.releaseId === releaseId;
        if (!fits) throw failure('SLIP-REC-2', `decision ${id} is no approval of plan ${planHash} of ${releaseId}`);
      }
      for (const id of decisionIds) used.add(id);
    }),
  };
}

function memoryBreaches(): Records['breaches'] {
  const all = new Map<string, Breach>();
  return {
    record: answering((breach) => {
      const known = all.get(breach.id) ?? copy(breach);
      all.set(breach.id, known);
      if (!same(known, breach)) throw failure('SLIP-REC-2', `breach ${breach.id} is stored with other content`);
    }),
    find: answering((id) => all.get(id)),
  };
}

function memoryInventory(outcomeOf: (releaseId: string) => string | undefined): Records['inventory'] {
  let all: VerifiedRelease[] = [];
  const isAt = (a: VerifiedRelease, b: Pick<VerifiedRelease, 'service' | 'environment' | 'region' | 'component'>) =>
    laneName(a) === laneName(b) && a.region === b.region && a.component === b.component;
  const content = ({ image, commit, planHash, artifact }: VerifiedRelease) =>
    JSON.stringify([image, commit, planHash, artifact.kind, artifact.digest]);
  const find = (row: VerifiedRelease) => all.find((one) => isAt(one, row) && one.releaseId === row.releaseId);
  const put = (row: VerifiedRelease, state: VerifiedRelease['state']) => {
    all = all.map((one) => (one === row ? { ...row, state } : one));
  };
  const newestFirst = (rows: VerifiedRelease[]) =>
    rows.sort((a, b) => b.verifiedAt - a.verifiedAt || all.indexOf(b) - all.indexOf(a));
  return {
    current: answering((lane) => {
      const rows = newestFirst(all.filter((row) => laneName(row) === laneName(lane) && row.state !== 'revoked'));
      const newest = rows.filter((row) => rows.find((one) => isAt(one, row)) === row);
      const place = ({ region, component }: VerifiedRelease) => `${region}\0${component}`;
      return newest.sort((a, b) => (place(a) < place(b) ? -1 : 1));
    }),
    history: answering(({ limit, ...place }) => newestFirst(all.filter((row) => isAt(row, place))).slice(0, limit)),
    record: answering((rows) => {
      for (const row of rows) {
        const known = find(row);
        if (!known && outcomeOf(row.releaseId) !== undefined)
          throw failure('SLIP-REC-2', `${row.releaseId} has ended: nothing more is verified by it`);
        if (known && content(known) !== content(row))
          throw failure('SLIP-REC-2', `${row.releaseId} verified ${known.image} in ${row.region}, not ${row.image}`);
      }
      for (const row of rows) {
        const known = find(row);
        if (!known) all.push(copy(row));
        else if (known.state === 'verified') put(known, row.state);
      }
    }),
    revoke: answering((releaseId, _reason, regions) => {
      for (const row of all)
        if (row.releaseId === releaseId && (regions?.includes(row.region) ?? true)) put(row, 'revoked');
    }),
  };
}

function memorySchema(): Records['schema'] {
  let all: SchemaChange[] = [];
  type Change = Pick<SchemaChange, 'service' | 'environment' | 'database' | 'releaseId'>;
  const isSame = (a: Change, b: Change) =>
    laneName(a) === laneName(b) && a.database === b.database && a.releaseId === b.releaseId;
  return {
    record: answering((change) => {
      if (!all.some((one) => isSame(one, change))) all.push(copy(change));
    }),
    takeBack: answering((change) => {
      all = all.filter((one) => !isSame(one, change));
    }),
    list: answering((lane) => all.filter((one) => laneName(one) === laneName(lane))),
  };
}

function memoryTouched({ clock }: Tables): Records['touched'] & { beganAt(id: string): number | undefined } {
  const all = new Map<string, { runId: string; what: string[]; firstAt: number; beganAt: number }>();
  const refuse = (workflowId: string) =>
    failure('SLIP-REL-9', `${workflowId} had changed ${all.get(workflowId)?.what.join(', ')}`);
  return {
    beganAt: (workflowId) => all.get(workflowId)?.beganAt,
    record: answering(({ workflowId, runId, what, at }) => {
      const known = all.get(workflowId) ?? { runId, what: [], firstAt: at, beganAt: clock() };
      if (known.runId !== runId) throw refuse(workflowId);
      if (!known.what.includes(what)) known.what.push(what);
      all.set(workflowId, known);
    }),
    find: answering((workflowId) => {
      const known = all.get(workflowId);
      return known && { runId: known.runId, what: [...known.what] };
    }),
    list: answering(({ since, ...lane }) =>
      [...all]
        .filter(([id, { firstAt }]) => id.split('/').slice(1, 3).join('/') === laneName(lane) && firstAt > since)
        .map(([workflowId, { what, firstAt }]) => ({ workflowId, what: [...what], firstAt }))
        .sort((a, b) => a.firstAt - b.firstAt || (a.workflowId < b.workflowId ? -1 : 1)),
    ),
    handOver: answering((workflowId, { from, to }) => {
      const known = all.get(workflowId);
      if (known && known.runId !== from && known.runId !== to) throw refuse(workflowId);
      if (known) known.runId = to;
    }),
  };
}

function memoryLanes({ clock }: Tables): Records['lanes'] {
  type Lane = OwnLaneMemory & { incarnation: number; sequence: number; runId: string; heldSince: number };
  const all = new Map<string, Lane>();
  const runs = new Map<string, string[]>();
  const memoryOf = ({ holder, waiting }: Lane): OwnLaneMemory => ({
    ...(holder && { holder }),
    waiting,
  });
  return {
    begin: answering((lane, runId) => {
      const name = laneName(lane);
      const begun = runs.get(name) ?? [];
      if (!begun.includes(runId)) runs.set(name, [...begun, runId]);
      const incarnation = runs.get(name)!.indexOf(runId) + 1;
      const known = all.get(name) ?? { incarnation: 0, sequence: 0, runId, waiting: [], heldSince: clock() };
      if (known.incarnation < incarnation) Object.assign(known, { incarnation, sequence: 0, runId });
      all.set(name, known);
      const sequence = known.incarnation === incarnation ? known.sequence : 0;
      return { incarnation, sequence, ...memoryOf(known) };
    }),
    remember: answering((lane, memory, { incarnation, sequence, runId }) => {
      const known = all.get(laneName(lane));
      if (known?.incarnation !== incarnation) return false;
      if (known.sequence !== sequence - 1) return known.sequence === sequence && known.runId === runId;
      const { holder, waiting } = copy(memory);
      const isHeldOn = holder && known.holder && same(holder.ticket, known.holder.ticket);
      const heldSince = isHeldOn ? known.heldSince : clock();
      delete known.holder;
      Object.assign(known, { sequence, runId, waiting, heldSince, ...(holder && { holder }) });
      return true;
    }),
    look: answering((lane) => {
      const known = all.get(laneName(lane));
      return known && memoryOf(known);
    }),
    holder: answering((lane) => {
      const { holder, heldSince = 0 } = all.get(laneName(lane)) ?? {};
      return holder && { ...holder, heldSince };
    }),
    lastTicket: answering((lane) => {
      const known = all.get(laneName(lane));
      return known && { incarnation: known.incarnation, n: known.sequence };
    }),
  };
}

function memoryClosings({ clock }: Tables): Records['closings'] {
  const orders: Stored<SignedLaneOrder>[] = [];
  const holds: { lane: string; hold: Stored<LaneHold> }[] = [];
  return {
    order: answering((signed) => {
      const known = orders.find(({ order }) => order.id === signed.order.id);
      if (!known) orders.push({ ...copy(signed), storedAt: clock() });
      if (known && !same(known.order, signed.order))
        throw failure('SLIP-REC-2', `the order ${signed.order.id} is stored with other content`);
    }),
    hold: answering((lane, hold) => {
      if (holds.some((one) => one.lane === laneName(lane) && one.hold.id === hold.id)) return;
      holds.push({ lane: laneName(lane), hold: { ...hold, reason: storable(hold.reason), storedAt: clock() } });
    }),
    list: answering((lane) => ({
      orders: orders.filter(({ order }) => laneName(order.lane) === laneName(lane)),
      holds: holds.filter((one) => one.lane === laneName(lane)).map(({ hold }) => hold),
    })),
  };
}

const documentLimit = 4 * 1024 * 1024;

function memoryPlans(): Records['plans'] {
  const plans = new Map<string, ReleasePlan>();
  const documents = new Map<string, unknown>();
  const asStored = <T>(document: T): T => {
    const text = JSON.stringify(document) as string | undefined;
    if (text === undefined || Buffer.byteLength(text) > documentLimit)
      throw failure('SLIP-REC-4', 'it has no JSON form, or is too large');
    return frozen(JSON.parse(text) as T);
  };
  return {
    store: answering((hash, plan) => {
      const known = plans.get(hash);
      if (known === undefined) plans.set(hash, asStored(plan));
      else if (!same(known, plan)) throw failure('SLIP-REC-2', `plan ${hash} is stored with other content`);
    }),
    find: answering((hash) => plans.get(hash)),
    // What the database's own triggers guard of a build's documents is no matter of steps that change an environment.
    keep: answering((releaseId, name, document) => {
      const key = `${releaseId}\0${name}`;
      const stored = asStored(document);
      if (name === 'result' && documents.has(key) && !same(documents.get(key), stored))
        throw failure('SLIP-REC-2', `${name} of ${releaseId} cannot be replaced any more`);
      documents.set(key, stored);
    }),
    kept: answering((releaseId, name) => documents.get(`${releaseId}\0${name}`)),
  };
}

function memoryAudit(): Records['audit'] {
  const all = new Map<string, AuditRow[]>();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const rowsOf = (lane: string) => all.get(lane) ?? [];
  return {
    append: answering((entry) => {
      const rows = rowsOf(entry.lane);
      if (rows.some(({ key }) => key === entry.key)) return;
      all.set(entry.lane, [...rows, chainEntry(rows.at(-1) ?? chainStart, entry, sha256)]);
    }),
    list: answering((lane, limit) => copy([...rowsOf(lane)].reverse().slice(0, limit))),
    after: answering((lane, n, limit) =>
      copy(
        rowsOf(lane)
          .filter((row) => row.n > n)
          .slice(0, limit),
      ),
    ),
    ends: answering(() =>
      [...all]
        .map(([lane, rows]) => ({ lane, n: rows.length, hash: rows.at(-1)!.hash }))
        .sort((a, b) => (a.lane < b.lane ? -1 : 1)),
    ),
    firstBroken: answering((lane) =>
      rowsOf(lane).find((row, i, rows) => !followsInChain(rows[i - 1] ?? chainStart, row, sha256)),
    ),
  };
}
