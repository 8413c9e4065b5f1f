import { canonicalJson } from '../../domain/canonical.ts';
import { askedOtherwise, meaningFields, meaningOf, meansTheSame, type Meaning } from '../../domain/same-request.ts';
import { laneInPath, releaseId as idOfRelease } from '../../domain/contract/names.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { type Database, lock, type Queries, storable } from './database.ts';
import type { SignedRequest } from '../../domain/contract/requests.ts';
import { keepIn } from './plans.ts';
import { inBytes, mostBytes } from './read-at-once.ts';
import { AskedOtherwise, type Attempt, type AttemptEnd, type Attempts, type SignRequest } from './port.ts';

type Asked = Omit<ReleaseRequest, 'attempt'>;

export function postgresAttempts(database: Database): Attempts {
  return {
    async open(request, options) {
      const opened = await database.transaction((queries) => openIn(queries, request, options));
      if ('refused' in opened) throw opened.refused;
      if ('other' in opened) throw new AskedOtherwise(opened.attempt, opened.other);
      return opened;
    },

    find: (releaseId) => findAttempt(database, releaseId),

    async list({ service, environment, among, limit, before, number, commit, since, until, by, outcome, open }) {
      // Who has asked is read only of what is a request by its form, and of so many.
      const newest = `select ${columns} from (select * from slipway.attempts
         where ($1::text is null or service = $1) and ($2::text is null or environment = $2)
         and ($4::bigint is null or position < $4) and ($5::bigint is null or position = $5)
         and ($6::text is null or starts_with(commit, $6)) and ($7::bigint is null or started_at >= $7)
         and ($8::text is null or outcome = $8) and ($9::boolean is null or (outcome is null) = $9)
         and ($11::text[] is null or service || '/' || environment = any($11))
         and ($12::bigint is null or started_at < $12)
         order by position desc limit ${mostLookedAt}) attempts
         where case when slipway.is_request(release_id, request)
           then $10::text is null or request -> 'requestedBy' ->> 'id' = $10 else false end
         order by position desc limit $3`;
      const known = [
        service,
        environment,
        limit,
        before,
        number,
        commit,
        since,
        outcome,
        open,
        by,
        among?.map(laneInPath),
        until,
      ];
      const rows = await database.query<AttemptRow>(
        inBytes(newest, 'position desc', mostBytes.attempts),
        known.map((one) => one ?? null),
      );
      return rows.map(toAttempt);
    },

    conclude: (releaseId, end) => database.transaction((queries) => concludeIn(queries, releaseId, end)),
  };
}

/** Of those that a list could have: what they say is JSON, and takes its time. */
const mostLookedAt = 10_000;

async function concludeIn(
  queries: Queries,
  releaseId: string,
  { outcome, summary, endedAt, told = {} }: AttemptEnd,
): Promise<void> {
  await queries.query(
    'update slipway.attempts set outcome = $2, summary = $3, ended_at = $4 where release_id = $1 and outcome is null',
    [releaseId, outcome, storable(summary), endedAt],
  );
  const stored = await findAttempt(queries, releaseId);
  if (!stored) throw failure('SLIP-REC-3', `attempt ${releaseId}`);
  if (stored.outcome !== outcome) {
    throw failure('SLIP-REC-2', `${releaseId} ended as ${stored.outcome}, so it cannot end as ${outcome}`);
  }
  for (const [name, document] of Object.entries(told)) await keepIn(queries, releaseId, name, document);
}

type Opened = Awaited<ReturnType<Attempts['open']>> | { attempt: Attempt; other: string } | { refused: Error };

async function openIn(
  queries: Queries,
  request: Asked,
  { requestKey, fresh, sign, believes = () => true, refuseNew }: Parameters<Attempts['open']>[1],
): Promise<Opened> {
  await lock(queries, `slipway/attempts/${request.service}/${request.environment}`);
  const known = await attemptOfKey(queries, request, requestKey, believes);
  if (known) return { attempt: known, created: false };
  const ofCommit = (await newestAttempts(queries, request)).filter(believes);
  // Whose key leads elsewhere: somebody has written that by hand.
  const own = ofCommit.find((one) => one.requestKey === requestKey && meansTheSame(one.request, request));
  if (own) return { attempt: own, created: false };
  const newest = ofCommit[0];
  const reused = fresh ? undefined : await newestAlike(queries, request, ofCommit, believes);
  const other = fresh || reused || !newest ? undefined : askedOtherwise(newest.request, request);
  if (newest && other !== undefined) return { attempt: newest, other };
  if (!reused && refuseNew) return { refused: refuseNew };
  const attempt = reused ?? (await addAttempt(queries, request, { requestKey, sign }));
  await rememberKey(queries, request, requestKey, attempt.releaseId);
  return { attempt, created: !reused };
}

async function newestAlike(
  queries: Queries,
  request: Asked,
  ofCommit: readonly Attempt[],
  believes: (attempt: Attempt) => boolean,
): Promise<Attempt | undefined> {
  const alike = ofCommit.find((one) => meansTheSame(one.request, request));
  return alike ?? (await newestAttempts(queries, request, meaningOf(request))).find(believes);
}

/** Keys are the caller's promise to mean the same thing. */
const meaning = (request: Asked) => canonicalJson(meaningOf(request));

const meaningInRequest = meaningFields.map((field) => `'${field}', request -> '${field}'`).join(', ');

async function attemptOfKey(
  queries: Queries,
  request: Asked,
  requestKey: string,
  believes: (attempt: Attempt) => boolean,
): Promise<Attempt | undefined> {
  const [row] = await queries.query<AttemptRow & { asked: string }>(
    `select ${columns}, keys.asked from slipway.request_keys keys join slipway.attempts using (release_id)
     where keys.service = $1 and keys.environment = $2 and keys.request_key = $3`,
    [request.service, request.environment, requestKey],
  );
  const known = row && toAttempt(row);
  if (!known || !believes(known)) return undefined;
  // What is said of the key, and what it leads to: they are two rows.
  if ([row.asked, meaning(row.request)].some((meant) => meant !== meaning(request))) {
    throw failure(
      'SLIP-REC-2',
      `request key ${requestKey} was used before, for other content: commit ${row.commit} (${row.release_id})`,
    );
  }
  return known;
}

/** So many are looked at for one that is believed: whoever has written more by hand gets the commit another attempt, and nothing else. */
const mostOfCommit = 20;

/** `meant`: among those that mean this. Compared where they are, as somebody may have asked for very many. */
async function newestAttempts(
  queries: Queries,
  { service, environment, commit }: Asked,
  meant?: Meaning,
): Promise<Attempt[]> {
  const newest = `select ${columns} from slipway.attempts
     where service = $1 and environment = $2 and commit = $3
       and ($4::jsonb is null or $4::jsonb = jsonb_build_object(${meaningInRequest}))
       and slipway.is_request(release_id, request)
     order by attempt desc limit ${mostOfCommit}`;
  const rows = await queries.query<AttemptRow>(inBytes(newest, 'attempt desc', mostBytes.attempts), [
    service,
    environment,
    commit,
    meant && JSON.stringify(meant),
  ]);
  return rows.map(toAttempt);
}

/** By its column: what a request says of itself nobody has looked at. */
async function lastAttempt(queries: Queries, { service, environment, commit }: Asked): Promise<number> {
  const [row] = await queries.query<{ attempt: number }>(
    `select coalesce(max(attempt), 0) as attempt from slipway.attempts where service = $1 and environment = $2 and commit = $3`,
    [service, environment, commit],
  );
  return row?.attempt ?? 0;
}

async function addAttempt(
  queries: Queries,
  asked: Asked,
  { requestKey, sign }: { requestKey: string; sign: SignRequest | undefined },
): Promise<Attempt> {
  const request = { ...asked, attempt: (await lastAttempt(queries, asked)) + 1 };
  const { service, environment, commit, attempt, requestedAt } = request;
  const releaseId = idOfRelease(request);
  const signed = sign && JSON.stringify(sign({ releaseId, requestKey, request }));
  const [row] = await queries.query<AttemptRow>(
    `insert into slipway.attempts (release_id, service, environment, commit, attempt, request_key, request, started_at, signed_request)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${columns}`,
    [releaseId, service, environment, commit, attempt, requestKey, JSON.stringify(request), requestedAt, signed],
  );
  return toAttempt(row as AttemptRow);
}

/** Also for a key that got an attempt of another key: its repetition must not get a newer one. One that leads to what nobody believes keeps doing so. */
async function rememberKey(queries: Queries, request: Asked, requestKey: string, releaseId: string): Promise<void> {
  await queries.query(
    'insert into slipway.request_keys (service, environment, request_key, release_id, asked) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [request.service, request.environment, requestKey, releaseId, meaning(request)],
  );
}

async function findAttempt(queries: Queries, releaseId: string): Promise<Attempt | undefined> {
  const [row] = await queries.query<AttemptRow>(`select ${columns} from slipway.attempts where release_id = $1`, [
    releaseId,
  ]);
  return row && toAttempt(row);
}

interface AttemptRow {
  release_id: string;
  position: number;
  commit: string;
  request_key: string;
  request: ReleaseRequest;
  outcome: string | null;
  summary: string | null;
  started_at: number;
  ended_at: number | null;
  signed_request: SignedRequest | null;
  before_signing: boolean;
}

/** In order of position, which nobody who may add rows can choose. */
const columns = `attempts.*, attempts.signed_request is null and not exists (
  select from slipway.attempts earlier where earlier.signed_request is not null and earlier.position < attempts.position
) as before_signing`;

function toAttempt(row: AttemptRow): Attempt {
  return {
    releaseId: row.release_id,
    number: row.position,
    request: row.request,
    requestKey: row.request_key,
    startedAt: row.started_at,
    ...(row.signed_request && { signed: row.signed_request }),
    ...(row.before_signing && { beforeSigning: true as const }),
    ...(row.outcome !== null && { outcome: row.outcome }),
    ...(row.summary !== null && { summary: row.summary }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
