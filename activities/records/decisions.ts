import { isSignedDecision } from '../../domain/approval.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { ofDecision, weigh } from '../../domain/weight.ts';
import { head } from '../../domain/whole-text.ts';
import { parseStored } from '../shared/stored-json.ts';
import { type Database, type Queries, storable } from './database.ts';
import type { Decisions } from './port.ts';
import { isOrderBack } from './schema-orders-back.ts';
import { type InBytes, inBytes, mostAtOnce, mostBytes, requireAll, requireWhole } from './read-at-once.ts';
import { laneOf } from './run-sql.ts';

export function postgresDecisions(database: Database): Decisions {
  return {
    /** The first signature stays: the same decision signed again, with a newer key, is no contradiction. */
    async store(signed) {
      const { id, releaseId } = signed.decision;
      await database.query(
        'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3) on conflict (id) do nothing',
        [id, releaseId, JSON.stringify(signed)],
      );
      const [stored] = await decisionsById(database, [id]);
      if (canonicalJson(stored?.decision) !== canonicalJson(signed.decision)) {
        throw failure('SLIP-REC-2', `decision ${id} is stored with other content, for ${stored?.decision.releaseId}`);
      }
    },

    async list(releaseId) {
      const rows = await manyOf(database, releaseId);
      return rows.flatMap(({ signed }) => signed ?? []);
    },

    async weigh(releaseId) {
      const rows = await manyOf<{ refused: string | null; after_change: boolean }>(database, releaseId, [
        'refused',
        `stored_at >= coalesce((select began_at from slipway.touched where workflow_id = $1), 'infinity') as after_change`,
      ]);
      // Each row, whatever is in it: a change begins where as many are on record as a step has gone by (schema-begun.ts).
      return rows.map(({ signed: { decision, keyId, signature } = nobodys, refused, after_change }) => ({
        ...{ decision, keyId, signature },
        afterChange: after_change,
        ...(refused !== null && { refused }),
      }));
    },

    async refuse(id, reason) {
      // Whether it can be is for the database to say: slipway.guard_refused.
      const [known] = await database.query<{ refused: string | null }>(
        'update slipway.decisions set refused = coalesce(refused, $2) where id = $1 returning refused',
        // Whoever runs under the release's id has chosen the words: they must not keep it from being void.
        [id, head(storable(reason), 2_000)],
      );
      return known?.refused !== null;
    },

    async find(id) {
      const [stored] = await decisionsById(database, [id]);
      return stored;
    },

    async ordersBack({ service, environment, among, limit, before, open }) {
      const newest = `select position, json from (select position, signed, signed::text as json from slipway.decisions
         where ${isOrderBack} and ($1::text is null or split_part(release_id, '/', 2) = $1)
         and ($2::text is null or split_part(release_id, '/', 3) = $2) and ($3::bigint is null or position < $3)
         and ($5::text[] is null or ${laneOf('release_id')} = any($5))
         order by position desc limit case when $6 then ${mostAskedWhetherOpen} else $4 end) orders
         where not $6 or not exists (select from slipway.documents
           where release_id = signed #>> '{decision,run}' and name = 'result')
         order by position desc limit $4`;
      const rows = await database.query<InBytes & { position: number; json: string }>(
        inBytes(newest, 'position desc'),
        [service ?? null, environment ?? null, before ?? null, limit, among?.map(laneInPath) ?? null, open ?? false],
      );
      return rows.flatMap(({ position, json }) => {
        const signed = parseStored(json);
        return isOfForm(signed) ? [{ signed, number: position }] : [];
      });
    },

    consume: (use) =>
      database.transaction(async (queries) => {
        const ids = [...new Set(use.decisionIds)].sort(); // always in the same order: two at once never wait for each other
        const stored = await decisionsById(queries, ids);
        for (const id of ids) {
          requireApproval(
            stored.find(({ decision }) => decision.id === id),
            id,
            use,
          );
          await markUsed(queries, id, use);
        }
      }),
  };
}

/** More than are open together. */
const mostAskedWhetherOpen = 1_000;

interface Use {
  releaseId: string;
  planHash: string;
  at: number;
}

/** An approval names its release, so no other one can ever use it. */
function requireApproval(signed: SignedDecision | undefined, id: string, use: Use): void {
  if (!signed) throw failure('SLIP-REC-3', `decision ${id}`);
  const { kind, releaseId, planHash } = signed.decision;
  if (kind !== 'approve' || planHash !== use.planHash || releaseId !== use.releaseId) {
    throw failure(
      'SLIP-REC-2',
      `decision ${id} is "${kind}" for plan ${planHash} of ${releaseId}, not an approval of plan ${use.planHash} of ${use.releaseId}`,
    );
  }
}

async function markUsed(queries: Queries, id: string, use: Use): Promise<void> {
  await queries.query(
    'insert into slipway.used_approvals (decision_id, release_id, plan_hash, used_at) values ($1, $2, $3, $4) on conflict (decision_id) do nothing',
    [id, use.releaseId, use.planHash, use.at],
  );
}

interface DecisionRow {
  signed: SignedDecision;
}

/** All about one run, in order, with these columns. One is parsed at a time; `signed` is absent where it can be none that the gateway has signed. */
async function manyOf<More extends object = object>(
  queries: Queries,
  releaseId: string,
  columns: readonly string[] = [],
): Promise<({ signed?: SignedDecision } & More)[]> {
  const rows = await queries.query<InBytes & { json: string } & More>(
    inBytes(
      `select ${['signed::text as json', 'position', ...columns].join(', ')} from slipway.decisions
       where release_id = $1 order by position limit $2`,
      'position',
      mostBytes.decisions,
    ),
    [releaseId, mostAtOnce.decisions + 1],
  );
  const of = { what: `decisions about ${releaseId}`, writer: 'the gateway' };
  return requireWhole(requireAll(rows, { most: mostAtOnce.decisions, ...of }), of).map((row) => {
    const signed = parseStored(row.json);
    return { ...row, ...(isOfForm(signed) && { signed }) };
  });
}

async function decisionsById(queries: Queries, ids: string[]): Promise<SignedDecision[]> {
  const rows = await queries.query<DecisionRow>('select signed from slipway.decisions where id = any($1)', [ids]);
  return rows.map(({ signed }) => signed).filter(isOfForm);
}

/** In place of what is none: no signature is shorter, and nobody goes by it. */
const nobodys: SignedDecision = {
  decision: {
    ...{ id: '', kind: 'retry', releaseId: '', planHash: '', channel: '', reason: '', decidedAt: 0 },
    by: { id: '', via: 'token', groups: [] },
  },
  keyId: '',
  signature: '',
};

/** Whoever goes by it may read its parts. Anybody with the gateway's login may have put there anything else. */
function isOfForm(signed: unknown): signed is SignedDecision {
  return weigh(signed, ofDecision) === undefined && isSignedDecision(signed);
}
