import type { DeliveryKind } from '../../domain/contract/delivery.ts';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { parsePinnedImage } from '../../domain/images.ts';
import { type Database, type Queries, storable } from './database.ts';
import type { Inventory } from './port.ts';

export function postgresInventory(database: Database): Inventory {
  return {
    async current({ service, environment }) {
      const rows = await database.query<InventoryRow>(
        `select distinct on (region, component) * from slipway.inventory
         where service = $1 and environment = $2 and state <> 'revoked'
         order by region, component, verified_at desc, position desc`,
        [service, environment],
      );
      return rows.map(toVerifiedRelease);
    },

    async position({ service, environment }) {
      const [last] = await database.query<{ position: number | null }>(
        'select max(position)::int as position from slipway.inventory where service = $1 and environment = $2',
        [service, environment],
      );
      return last?.position ?? 0;
    },

    async since({ service, environment }, position) {
      const rows = await database.query<InventoryRow>(
        'select * from slipway.inventory where service = $1 and environment = $2 and position > $3 order by position',
        [service, environment, position],
      );
      return rows.map(toVerifiedRelease);
    },

    async ofCommit({ service, environment }, commit) {
      const rows = await database.query<InventoryRow>(
        `select * from slipway.inventory where service = $1 and environment = $2 and commit = $3
         order by verified_at desc, position desc limit $4`,
        [service, environment, commit, mostOfCommit],
      );
      return rows.map(toVerifiedRelease);
    },

    async of(releaseId) {
      const rows = await database.query<InventoryRow>(
        `select * from slipway.inventory where release_id = $1 and state <> 'revoked' order by region, component`,
        [releaseId],
      );
      return rows.map(toVerifiedRelease);
    },

    async history({ service, environment, region, component, limit }) {
      const rows = await database.query<InventoryRow>(
        `select * from slipway.inventory where service = $1 and environment = $2 and region = $3 and component = $4
         order by verified_at desc, position desc limit $5`,
        [service, environment, region, component, limit],
      );
      return rows.map(toVerifiedRelease);
    },

    record: (rows, seenAfter) =>
      database.transaction(async (queries) => {
        const ended = await endedAmong(queries, [...new Set(rows.map((row) => row.releaseId))]);
        await refuseChangedSince(queries, rows, seenAfter);
        // In one order: two at once never wait for each other.
        for (const row of [...rows].sort(byPlace)) {
          if (ended.has(row.releaseId) && !(await find(queries, row)))
            throw failure('SLIP-REC-2', `${row.releaseId} has ended: nothing more is verified by it`);
          await recordOne(queries, row);
        }
      }),

    async takeBack({ run, releaseId }, reason) {
      await database.query('select slipway.take_back_undone($1, $2, $3)', [run, releaseId, storable(reason)]);
    },

    async revoke(releaseId, reason, regions) {
      await database.query(
        `update slipway.inventory set state = 'revoked', revoked_because = $2
         where release_id = $1 and state <> 'revoked' and ($3::text[] is null or region = any($3))`,
        [releaseId, storable(reason), regions ?? null],
      );
    },
  };
}

/** What is older than so many rows is of attempts that many came after. */
const mostOfCommit = 5_000;

/** Their runs are locked: a change that one of them begins now waits. */
async function refuseChangedSince(
  queries: Queries,
  rows: VerifiedRelease[],
  seenAfter: Record<string, number | undefined> = {},
): Promise<void> {
  for (const [region, number] of Object.entries(seenAfter)) {
    const row = rows.find((one) => one.region === region);
    if (!row || (await find(queries, row))) continue;
    const [last] = await queries.query<{ number: number | null }>(
      'select max(number) as number from slipway.changes where (service, environment, region) = ($1, $2, $3)',
      [row.service, row.environment, region],
    );
    if ((last?.number ?? undefined) !== number) throw failure('SLIP-REL-12', `${region}: it was changed since`);
  }
}

/** Which of these runs have their outcome. Locked, so that none gets it, and puts nothing back, before the rows are written. */
async function endedAmong(queries: Queries, releaseIds: string[]): Promise<Set<string>> {
  await queries.query(
    'insert into slipway.runs (workflow_id) select id from unnest($1::text[]) id order by id on conflict do nothing',
    [releaseIds],
  );
  await queries.query('select from slipway.runs where workflow_id = any($1) order by workflow_id for update', [
    releaseIds,
  ]);
  const rows = await queries.query<{ release_id: string; outcome: string | null }>(
    'select release_id, outcome from slipway.attempts where release_id = any($1) order by release_id for share',
    [releaseIds],
  );
  return new Set(rows.filter((row) => row.outcome !== null).map((row) => row.release_id));
}

async function find(queries: Queries, row: VerifiedRelease): Promise<InventoryRow | undefined> {
  const [found] = await queries.query<InventoryRow>(
    `select * from slipway.inventory
     where service = $1 and environment = $2 and region = $3 and component = $4 and release_id = $5`,
    [row.service, row.environment, row.region, row.component, row.releaseId],
  );
  return found;
}

/** A repetition changes nothing: what was revoked since stays so. */
async function recordOne(queries: Queries, row: VerifiedRelease): Promise<void> {
  await queries.query(
    `insert into slipway.inventory
       (service, environment, region, component, release_id, image, commit, plan_hash, verified_at, state,
        artifact_kind, artifact_digest, unseen)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (service, environment, region, component, release_id) do nothing`,
    [
      row.service,
      row.environment,
      row.region,
      row.component,
      row.releaseId,
      row.image,
      row.commit,
      row.planHash,
      row.verifiedAt,
      row.state,
      row.artifact.kind,
      row.artifact.digest,
      row.unseen ?? false,
    ],
  );
  const stored = await find(queries, row);
  if (!stored || !isSame(toVerifiedRelease(stored), row)) {
    const words = stored ? `${stored.image} (${stored.artifact_digest})` : 'nothing';
    const wanted = `${row.image} (${row.artifact.digest})`;
    throw failure(
      'SLIP-REC-2',
      `${row.releaseId} verified ${words} as ${row.component} in ${row.region}, not ${wanted}`,
    );
  }
}

function isSame(a: VerifiedRelease, b: VerifiedRelease): boolean {
  const content = ({ image, commit, planHash, artifact }: VerifiedRelease) =>
    JSON.stringify([image, commit, planHash, artifact.kind, artifact.digest]);
  return content(a) === content(b);
}

function byPlace(a: VerifiedRelease, b: VerifiedRelease): number {
  const place = (row: VerifiedRelease) =>
    JSON.stringify([row.service, row.environment, row.region, row.component, row.releaseId]);
  return place(a) < place(b) ? -1 : 1;
}

export interface InventoryRow {
  service: string;
  environment: string;
  region: string;
  component: string;
  release_id: string;
  image: string;
  artifact_kind: DeliveryKind;
  artifact_digest: string | null;
  commit: string;
  plan_hash: string;
  verified_at: number;
  state: VerifiedRelease['state'];
  unseen: boolean;
}

export function toVerifiedRelease(row: InventoryRow): VerifiedRelease {
  const { service, environment, region, component, image, commit, state } = row;
  return {
    service,
    environment,
    region,
    component,
    image,
    artifact: {
      kind: row.artifact_kind,
      // Written by a program that knew of images alone.
      digest: row.artifact_digest ?? parsePinnedImage(image).digest,
    },
    commit,
    releaseId: row.release_id,
    planHash: row.plan_hash,
    verifiedAt: row.verified_at,
    state,
    ...(row.unseen && { unseen: true }),
  };
}
