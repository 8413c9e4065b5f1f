import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { processKinds } from '../../activities/records/rights.ts';
import type { ProcessKind } from '../../activities/records/rights.ts';
import type { AuditRow } from '../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { hashOfPlan } from '../../activities/steps/authorize.ts';
import { heardAmong } from '../../activities/steps/heard.ts';
import { orderOfRun } from '../../activities/steps/order-of-run.ts';
import { markOf, regionProofs } from '../../activities/steps/region-proofs.ts';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import { chainEntry, chainOf } from '../../domain/audit-chain.ts';
import { findingInWords, proofOfLane } from '../../domain/audit-proof.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LaneEnd } from '../../domain/contract/evidence.ts';
import type { ReleaseRequest, SmokeSpec } from '../../domain/contract/release.ts';
import { holdIdOf } from '../../domain/lane-closures.ts';
import { laneId, laneOfRun, rollbackId } from '../../domain/contract/names.ts';
import { aDecision, aHash, anImage, aPlan, aRegion, aVerified } from '../domain/builders.ts';
import {
  aChange,
  anAuditEntry,
  aLane,
  aLaneMemory,
  aLaneOrder,
  aRequest,
  aRunAskedFor,
} from '../contract/records-builders.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';
import { aSchemaChange } from '../support/rollback-history.ts';

/** What somebody can do who has the database login of one process, and none of its keys. */

const keys = createKeyPair();
const signer = createSigner(keys.privateKeyPem);
const verifier = createVerifier([keys.publicKeyPem]);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const records = useSeparatedRecords();

const tries = (kind: ProcessKind, statement: string, values: unknown[] = []) =>
  records.database.ask(kind, statement, values);
const byOwner = (statement: string, values: unknown[] = []) => records.database.ask('owner', statement, values);

async function aRelease(): Promise<string> {
  const { attempt } = await records.gateway.attempts.open(aRequest(), {
    requestKey: randomUUID(),
    fresh: true,
    sign: (taken) => signer.signRequest(taken),
  });
  return attempt.releaseId;
}

async function aChain(kind: ProcessKind = 'engine'): Promise<{ lane: string; rows: AuditRow[] }> {
  const { lane } = anAuditEntry();
  for (const what of ['first', 'second', 'third']) await records[kind].audit.append(anAuditEntry({ lane, what }));
  const chain = chainOf(lane, kind);
  return { lane: chain, rows: await records.owner.audit.after(chain, 0, 10) };
}

const insertRow = `insert into slipway.audit (lane, n, key, entry, previous, hash) values ($1, $2, $3, $4, $5, $6)`;
const valuesOf = ({ lane, n, key, at, what, who, facts, previous, hash }: Omit<AuditRow, 'writer'>) => [
  lane,
  n,
  key,
  JSON.stringify({ at, what, who, facts }),
  previous,
  hash,
];

describe.each(processKinds)('whoever has the login of a %s', (kind) => {
  it.each([
    ['edit a row of the audit, to have done nothing', `update slipway.audit set entry = '{}'`],
    ['hash a row anew', `update slipway.audit set hash = repeat('0', 64)`],
    ['remove rows of the audit', 'delete from slipway.audit'],
    ['remove where the audit ends', 'delete from slipway.audit_ends'],
    ['set back where the audit ends', 'update slipway.audit_ends set n = 0'],
    [
      'write its rows in the name of another role',
      `insert into slipway.audit (lane, n, key, entry, previous, hash, writer) values ('l', 1, 'k', '{}', '', '', 'slipway_gateway')`,
    ],
    ['change a decision that was signed', `update slipway.decisions set signed = '{}'`],
    ['take a decision back', 'delete from slipway.decisions'],
    ['use an approval again', 'delete from slipway.used_approvals'],
    ['change who asked for a release', `update slipway.attempts set request = '{}'`],
    ['take the signature from a request', 'update slipway.attempts set signed_request = null'],
    ['replace a plan under the hash that was approved', `update slipway.plans set plan = '{}'`],
    ['put another image under a row of the inventory', `update slipway.inventory set image = 'evil'`],
    ['take back what was signed about the ends', 'delete from slipway.chain_ends'],
  ])('cannot %s', async (_, statement) => {
    await expect(tries(kind, statement)).rejects.toThrow(/permission denied/);
  });

  it('cannot put a row between others, or before them', async () => {
    const { rows } = await aChain(kind);
    const forged = chainEntry({ n: 1, hash: rows[0]!.hash }, anAuditEntry({ lane: rows[0]!.lane }), sha256);
    await expect(tries(kind, insertRow, valuesOf(forged))).rejects.toThrow('at the end of their lane');
  });

  it('adds rows at the end alone, and they carry the name of that login', async () => {
    const { lane, rows } = await aChain(kind);
    const added = chainEntry(rows[2]!, anAuditEntry({ lane, what: 'decision approve', who: 'kim' }), sha256);
    await tries(kind, insertRow, valuesOf(added));
    expect((await records.owner.audit.list(lane, 1))[0]).toMatchObject({ n: 4, who: 'kim', writer: `test_${kind}` });
  });
});

describe.each(['engine', 'environment', 'build'] as const)('whoever has the login of a %s', (kind) => {
  it('cannot store a decision, forged or copied', async () => {
    const insert = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    await expect(tries(kind, insert, ['x', 'y', '{}'])).rejects.toThrow('permission denied');
  });

  it('cannot begin a release that nobody asked for', async () => {
    await expect(records[kind].attempts.open(aRequest(), { requestKey: 'x', fresh: true })).rejects.toThrow(
      'permission denied',
    );
  });
});

const putAttempt = `insert into slipway.attempts (release_id, service, environment, commit, attempt, request_key, request, started_at)
  values ($1, $2, $3, $4, $5, 'k', $6::json, 1)`;
const namesOf = ({ service, environment, commit }: ReturnType<typeof aRequest>, attempt: number) => [
  `release/${service}/${environment}/${commit}/${attempt}`,
  ...[service, environment, commit, attempt],
];

describe('whoever has the login of a gateway, without its key', () => {
  const forger = createSigner(createKeyPair().privateKeyPem);

  it('can store a decision of nobody, and it orders nothing', async () => {
    const lane = aLane();
    const order = forger.sign(aDecision('roll-back', { id: randomUUID(), releaseId: await aRelease() }));
    await records.gateway.decisions.store(order);
    expect(
      await orderOfRun({ records: records.engine, verifier }, rollbackId(lane, order.decision.id)),
    ).toBeUndefined();
  });

  it('cannot store a copy of what was signed under another name, past what became of the original', async () => {
    const releaseId = await aRelease();
    const approval = signer.sign(aDecision('approve', { id: randomUUID(), releaseId }));
    await records.gateway.decisions.store(approval);
    expect(await records.gateway.decisions.refuse(approval.decision.id, 'not now')).toBe(true);
    const lane = laneOfRun(releaseId)!;
    const freeze = signer.signOrder(aLaneOrder(lane, { kind: 'freeze' }).order);
    const decides = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    const orders = 'insert into slipway.lane_orders (id, service, environment, signed) values ($1, $2, $3, $4)';
    const asks = `insert into slipway.attempts
        (release_id, service, environment, commit, attempt, request_key, request, signed_request, started_at)
      select release_id || '0', service, environment, commit, attempt + 9, request_key, request, signed_request, started_at
        from slipway.attempts where release_id = $1`;
    for (const [statement, ...values] of [
      [decides, randomUUID(), releaseId, approval],
      [decides, approval.decision.id, `${releaseId}0`, approval],
      [orders, randomUUID(), lane.service, lane.environment, freeze],
      [orders, freeze.order.id, `${lane.service}-2`, lane.environment, freeze],
      [orders, freeze.order.id, lane.service, 'staging', freeze],
      [asks, releaseId],
    ] as [string, ...unknown[]][])
      await expect(tries('gateway', statement, values)).rejects.toThrow('under its own names alone');
    expect(await records.owner.decisions.weigh(releaseId)).toEqual([
      { ...approval, afterChange: false, refused: 'not now' },
    ]);
  });

  it.each([
    ['no decision', {}],
    ['nobody who has made it', { by: null }],
    ['no groups', { by: { id: 'kim' } }],
    ['a number for its kind', { by: { id: 'kim', groups: [] }, kind: 7 }],
  ])('can put there what is none, and nobody is shown it: %s', async (_what, parts) => {
    const releaseId = await aRelease();
    const id = randomUUID();
    const put = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    const decision = { ...aDecision('abort', { id, releaseId }), by: undefined, ...parts };
    await tries('gateway', put, [id, releaseId, { decision, keyId: 'x', signature: 'x' }]);
    expect(await records.gateway.decisions.list(releaseId)).toEqual([]);
    const weighed = await records.engine.decisions.weigh(releaseId);
    expect(heardAmong(weighed, verifier)).toEqual([]);
    // A change begins where as many are on record as a step has gone by.
    const goneBy = { subject: releaseId, decisions: weighed.length, standing: weighed.length };
    const isStale = () => tries('environment', 'select slipway.refuse_stale($1, $2::json)', [releaseId, goneBy]);
    expect(await records.engine.decisions.find(id)).toBeUndefined();
    await expect(isStale()).resolves.toHaveLength(1);
  });

  it('can write beside a decision that it was refused, and it is refused where the records say so alone', async () => {
    const releaseId = await aRelease();
    const approval = signer.sign(aDecision('approve', { id: randomUUID(), releaseId }));
    const put = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    const more = { ...approval, refused: 'not now', afterChange: true };
    await tries('gateway', put, [approval.decision.id, releaseId, more]);
    expect(await records.engine.decisions.weigh(releaseId)).toEqual([{ ...approval, afterChange: false }]);
  });

  it.each<[string, unknown[], string?]>([
    ['the last number there is', namesOf(aRequest(), 2_147_483_647)],
    ['a number of later', namesOf(aRequest(), 2)],
    [
      'the name of another commit',
      [namesOf({ ...aRequest(), commit: 'e'.repeat(40) }, 1)[0], ...namesOf(aRequest(), 1).slice(1)],
    ],
    ['no request', namesOf(aRequest(), 1), 'null'],
  ])('cannot take what an honest request will need: %s', async (_what, names, request = '{}') => {
    await expect(tries('gateway', putAttempt, [...names, request])).rejects.toThrow('the next attempt of');
  });

  it.each<[string, object, Partial<ReleaseRequest>?]>([
    ['nothing in it', { commit: undefined, service: undefined }],
    ['nobody who asks', { requestedBy: {} }],
    ['no repository', { repository: 5 }],
    ['images that are none', { images: null }],
    ['another commit', { commit: 'e'.repeat(40) }],
    ['another number', { attempt: 2_147_483_647 }],
    ['a commit that nobody can type', {}, { commit: 'a b' }],
    ['a commit that nobody can see', {}, { commit: 'a\u0001' }],
  ])(
    'cannot keep a commit from being released, or a list from being read, by a request with %s',
    async (_what, odd, named = {}) => {
      const asked = aRequest();
      const open = (fresh: boolean) => records.gateway.attempts.open(asked, { requestKey: randomUUID(), fresh });
      const { attempt } = await open(true);
      const of = { ...asked, ...named };
      const n = named.commit === undefined ? 2 : 1;
      const put = tries('gateway', putAttempt, [...namesOf(of, n), JSON.stringify({ ...of, attempt: n, ...odd })]);
      await expect(put).rejects.toThrow('is not its own request');
      expect((await open(false)).attempt).toEqual(attempt);
      expect(await records.gateway.attempts.list({ ...asked, limit: 1 })).toEqual([attempt]);
    },
  );

  it('cannot put there a request that the database cannot compare', async () => {
    const put = tries('gateway', putAttempt, [...namesOf(aRequest(), 1), '{"repository":"\\u0000"}']);
    await expect(put).rejects.toThrow('unsupported Unicode escape sequence');
  });

  it.each([
    [
      'signed with another key',
      { sign: (taken: Parameters<typeof forger.signRequest>[0]) => forger.signRequest(taken) },
      'SLIP-REC-9',
    ],
    ['without a signature, as an older gateway would', {}, 'SLIP-REC-6'],
  ])('can store a request %s, and no step believes it', async (_, how, code) => {
    await aRelease();
    const { attempt } = await records.gateway.attempts.open(aRequest(), { requestKey: 'x', fresh: true, ...how });
    const found = await records.environment.attempts.find(attempt.releaseId);
    expect(() => verifiedRequest(found!, verifier)).toThrow(code);
  });

  it('cannot date a request back to before the first signature', async () => {
    const insert = `insert into slipway.attempts (release_id, service, environment, commit, attempt, request_key, request, started_at, position)
      overriding system value values ('r', 's', 'e', 'c', 1, 'k', '{}', 0, -1)`;
    await expect(tries('gateway', insert)).rejects.toThrow('permission denied');
  });
});

describe('what each does itself', () => {
  it('is done with its own login: approvals used, lanes written and looked at, what it keeps read by the others', async () => {
    const releaseId = await aRelease();
    const approval = signer.sign(aDecision('approve', { id: randomUUID(), releaseId }));
    await records.gateway.decisions.store(approval);
    const { id, planHash } = approval.decision;
    for (let twice = 0; twice < 2; twice += 1)
      await records.engine.decisions.consume({ releaseId, planHash, decisionIds: [id], at: 1 });
    const lane = aLane();
    const { incarnation } = await records.engine.lanes.begin(lane, 'run');
    const memory = aLaneMemory();
    for (const sequence of [1, 2])
      expect(await records.engine.lanes.remember(lane, memory, { incarnation, sequence, runId: 'run' })).toBe(true);
    expect(await records.gateway.lanes.look(lane)).toMatchObject(memory);
    expect(await records.environment.lanes.holder(lane)).toMatchObject(memory.holder!);
    const freeze = aLaneOrder(lane, { kind: 'freeze' });
    await records.gateway.closings.order(freeze);
    expect(await records.environment.closings.list(lane)).toMatchObject({ orders: [{ signed: freeze }] });
    const ofRun = laneOfRun(releaseId)!;
    await records.engine.closings.hold(ofRun, { id: holdIdOf(releaseId), by: releaseId, reason: 'halted', from: 1 });
    expect(await records.environment.closings.list(ofRun)).toMatchObject({ holds: [{ by: releaseId }] });
    await records.build.plans.keep(releaseId, 'tests', { output: 'with \0 in it' });
    expect(await records.engine.plans.kept(releaseId, 'tests')).toEqual({ output: 'with \0 in it' });
  });
});

describe('whoever has the login of a process, and adds to the audit what none of ours writes', () => {
  it.each([
    ['no time', '{"at":"x","what":"w","who":"k","facts":{}}'],
    ['a time beyond all', '{"at":1e400,"what":"w","who":"k","facts":{}}'],
    ['nobody', '{"at":1,"what":"w","who":5,"facts":{}}'],
    ['no facts', '{"at":1,"what":"w","who":"k","facts":7}'],
    ['nothing', 'null'],
    [
      'what is nested without end',
      `{"at":1,"what":"w","who":"k","facts":{"x":${'['.repeat(4_000)}${']'.repeat(4_000)}}}`,
    ],
  ])('keeps nobody from reading it, and has it found: %s', async (_what, entry) => {
    const { lane, rows } = await aChain('build');
    const end = rows.at(-1)!;
    await tries('build', insertRow, [lane, 4, 'odd', entry, end.hash, '0'.repeat(64)]);
    const read = await records.gateway.audit.after(lane, 0, 10);
    expect(read.at(-1)).toMatchObject({ n: 4, at: 0, what: 'nothing that Slipway writes', who: '', facts: {} });
    const proof = proofOfLane(lane, [], sha256);
    for (const row of read) await proof.take(row);
    expect(proof.conclude().findings.map(findingInWords)).toEqual([`${lane}: row 4 was edited`]);
    expect(await records.gateway.audit.firstBroken(lane)).toMatchObject({ n: 4 });
  });
});

describe('documents of a release', () => {
  const image = (digit: string) => ({ component: 'core', image: `registry.test/core@sha256:${digit.repeat(64)}` });

  async function aPlanned(): Promise<string> {
    const id = await aRelease();
    await records.engine.plans.keep(id, 'read', { spec: {} });
    await records.build.plans.keep(id, 'image-core', image('1'));
    await records.build.plans.keep(id, 'image-core', image('2')); // built again after a lost reply: meant
    await records.build.plans.keep(id, 'gate-image scan', { verdict: 'fail' });
    await records.engine.plans.keep(id, 'planned', { hash: 'b'.repeat(64) });
    return id;
  }

  it.each([
    ['an image, to have another one deployed under the approval', 'image-core', image('3')],
    ['a gate, to have it passed after all', 'gate-image scan', { verdict: 'pass' }],
    ['an image that was not there', 'image-worker', image('4')],
  ])('of a build cannot be replaced once there is a plan: %s', async (_, name, document) => {
    const id = await aPlanned();
    await expect(records.build.plans.keep(id, name, document)).rejects.toThrow('SLIP-REC-2');
    // Nor by the owner: an installation with one role has the same guard.
    await expect(records.owner.plans.keep(id, name, document)).rejects.toThrow('SLIP-REC-2');
  });

  it('of a build may be said again as they are, and anew when slipway.yaml was read again', async () => {
    const id = await aPlanned();
    await records.build.plans.keep(id, 'image-core', image('2'));
    await records.engine.plans.keep(id, 'read', { spec: {} });
    await records.build.plans.keep(id, 'image-core', image('3'));
    expect(await records.owner.plans.kept(id, 'image-core')).toEqual(image('3'));
  });

  const others: [ProcessKind, string][] = [
    ['build', 'read'],
    ['build', 'planned'],
    ['build', 'result'],
    ['build', 'migrations-main'],
    ['environment', 'image-core'],
    ['environment', 'gate-image scan'],
    ['environment', 'planned'],
    ['environment', 'result'],
    ['engine', 'image-core'],
    ['engine', 'gate-image scan'],
    ['engine', 'migration-main'],
    ['gateway', 'read'],
    ['gateway', 'planned'],
    ['gateway', 'image-core'],
  ];
  it.each(others)('are not written by a %s that are not its own: %s', async (kind, name) => {
    await expect(records[kind].plans.keep(await aRelease(), name, { verdict: 'pass' })).rejects.toThrow(
      'row-level security',
    );
  });

  it('say once how a run has ended', async () => {
    const id = await aRelease();
    await records.engine.plans.keep(id, 'result', { outcome: 'failed' });
    await expect(records.engine.plans.keep(id, 'result', { outcome: 'verified' })).rejects.toThrow('SLIP-REC-2');
  });
});

describe('whoever has the login of an engine', () => {
  it('cannot give a run that has ended another outcome, or none, to use its approval again', async () => {
    const id = await aRelease();
    await records.engine.attempts.conclude(id, { outcome: 'failed', summary: 'no', endedAt: 1 });
    for (const outcome of ['verified', null])
      await expect(
        tries('engine', 'update slipway.attempts set outcome = $2 where release_id = $1', [id, outcome]),
      ).rejects.toThrow('has ended as failed');
  });

  it('cannot raise what was revoked, to have a rollback go back to it', async () => {
    const row = aVerified({ ...aLane(), releaseId: await aRelease() });
    await records.owner.inventory.record([row]);
    await records.owner.inventory.revoke(row.releaseId, 'broken');
    for (const state of ['verified', 'proven'])
      await expect(
        tries('engine', 'update slipway.inventory set state = $2 where release_id = $1', [row.releaseId, state]),
      ).rejects.toThrow('permission denied');
  });

  it('cannot choose what a rollback goes back to: neither raise a row, nor take one away, nor date its own', async () => {
    const old = aVerified({ ...aLane(), releaseId: await aRelease() });
    await records.owner.inventory.record([old]);
    for (const state of ['proven', 'revoked'])
      await expect(
        tries('engine', 'update slipway.inventory set state = $2 where release_id = $1', [old.releaseId, state]),
      ).rejects.toThrow('permission denied');
    const releaseId = await aRelease();
    const row = aVerified({ ...laneOfRun(releaseId)!, releaseId, state: 'proven', verifiedAt: 9_000_000_000_000 });
    const { planHash, image } = row;
    await regionProofs(records.environment).keep({ releaseId, planHash, ticket: { incarnation: 1, n: 1 } }, 'de', {
      artifacts: { core: { image, digest: image.split('@')[1]! } },
      checks: [],
      mark: await markOf(records.environment, releaseId, 'de'),
    });
    await records.engine.inventory.record([row]);
    const [stored] = await records.engine.inventory.of(releaseId);
    expect(stored?.state).toBe('verified');
    expect(stored?.verifiedAt).toBeLessThan(9_000_000_000_000);
  });

  it('cannot have a rollback go to what no step of the environment has seen', async () => {
    const ticket = { incarnation: 1, n: 1 };
    const releaseId = await aRelease();
    const lane = laneOfRun(releaseId)!;
    const row = aVerified({ ...lane, releaseId });
    const { planHash, image } = row;
    const proofs = regionProofs(records.environment);
    const seen = (core: string) => ({
      artifacts: { core: { image: core, digest: core.split('@')[1]! } },
      checks: [],
    });
    const sees = async (core = image, under = planHash) =>
      proofs.keep({ releaseId, planHash: under, ticket }, 'de', {
        ...seen(core),
        mark: await markOf(records.environment, releaseId, 'de'),
      });
    const refused = { details: { code: 'SLIP-REL-12', detail: `no step has seen ${image} of ${releaseId} in de` } };
    const record = () => records.engine.inventory.record([row]);
    await expect(record()).rejects.toMatchObject(refused);
    const forged = { releaseId, planHash, ...seen(image) };
    await expect(records.engine.plans.keep(laneId(lane), 'seen-de', forged)).rejects.toThrow('row-level security');
    await sees(anImage('core', '9'));
    await expect(record()).rejects.toMatchObject(refused);
    await sees(image, aHash('f'));
    await expect(record()).rejects.toMatchObject(refused);
    await sees();
    await record();
    // Said again by a late repetition, when something else is there.
    await sees(anImage('core', '9'));
    await record();
    expect(await records.engine.inventory.of(releaseId)).toMatchObject([{ image, planHash, state: 'verified' }]);
  });

  it('cannot put on record what smoke tests of its plan have not passed for, whoever has seen it stand', async () => {
    const releaseId = await aRelease();
    const lane = laneOfRun(releaseId)!;
    const smokeOf = (...names: string[]): SmokeSpec[] =>
      names.map((name) => ({ name, component: 'core', command: ['smoke'], env: {}, timeoutMs: 1_000 }));
    const regions = [
      aRegion('de', { smoke: smokeOf('checkout', 'search') }),
      aRegion('nl', { smoke: [] }),
      aRegion('us', { smoke: smokeOf('returns') }),
    ];
    const plan = aPlan({ ...lane, regions });
    const planHash = hashOfPlan(plan);
    await records.owner.plans.store(planHash, plan);
    const { image } = aVerified();
    const proofs = regionProofs(records.environment);
    const sees = async (region: string, smoke?: { wanted: string[]; passed: Record<string, string> }) =>
      proofs.keep({ releaseId, planHash, ticket: { incarnation: 1, n: 1 } }, region, {
        artifacts: { core: { image, digest: image.split('@')[1]! } },
        checks: [],
        mark: await markOf(records.environment, releaseId, region),
        ...(smoke && { smoke }),
      });
    const verifies = (region: string) =>
      records.engine.inventory.record([aVerified({ ...lane, releaseId, planHash, region })]);
    const untested = (test: string) => ({
      details: { code: 'SLIP-REL-12', detail: `the smoke test ${test} has not passed for ${releaseId} in de` },
    });
    await sees('de');
    await expect(verifies('de')).rejects.toMatchObject(untested('checkout'));
    await sees('de', { wanted: [], passed: { checkout: '', returns: '' } });
    await expect(verifies('de')).rejects.toMatchObject(untested('search'));
    await sees('nl');
    await verifies('nl');
    await sees('de', { wanted: ['search'], passed: { search: 'passed' } });
    await verifies('de');
    // Said again by a late repetition.
    await verifies('de');
    const known = await records.engine.inventory.of(releaseId);
    expect(known.map(({ region }) => region)).toEqual(['de', 'nl']);
  });

  it('cannot put on record what was seen before the region was changed', async () => {
    const releaseId = await aRelease();
    const row = aVerified({ ...laneOfRun(releaseId)!, releaseId });
    const { planHash, image } = row;
    const of = { releaseId, planHash, ticket: { incarnation: 1, n: 1 } };
    const proofs = regionProofs(records.environment);
    const seen = { artifacts: { core: { image, digest: image.split('@')[1]! } }, checks: [] };
    const sees = async () =>
      proofs.keep(of, 'de', { ...seen, mark: await markOf(records.environment, releaseId, 'de') });
    await sees();
    const { environment } = records;
    const core = aChange(laneOfRun(releaseId)!);
    const touched = { workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 };
    const { number } = await environment.changes.begin(core, touched);
    await expect(records.engine.inventory.record([row])).rejects.toMatchObject({ details: { code: 'SLIP-REL-12' } });
    // Nor what somebody has written beside it while it was being changed.
    const forged = { releaseId, planHash, change: number, artifacts: seen.artifacts };
    await environment.plans.keep(laneId(core.lane), 'seen-de', forged);
    await expect(records.engine.inventory.record([row])).rejects.toMatchObject({ details: { code: 'SLIP-REL-12' } });
    await environment.changes.end(number, true);
    await sees();
    await records.engine.inventory.record([row]);
    expect(await records.engine.inventory.of(releaseId)).toMatchObject([{ image, planHash, state: 'verified' }]);
  });

  it('cannot take the last number that a lane can begin under', async () => {
    const lane = aLane();
    await records.engine.lanes.begin(lane, 'one');
    const insert = 'insert into slipway.lane_runs (service, environment, run_id, incarnation) values ($1, $2, $3, $4)';
    await expect(tries('engine', insert, [lane.service, lane.environment, 'x', 2_147_483_647])).rejects.toThrow(
      'begins as 2',
    );
    expect((await records.engine.lanes.begin(lane, 'two')).incarnation).toBe(2);
  });

  it('cannot lower the incarnation of a lane, to have an old holder write again', async () => {
    const lane = aLane();
    for (const run of ['one', 'two']) await records.engine.lanes.begin(lane, run);
    await expect(
      tries('engine', 'update slipway.lanes set incarnation = 1 where service = $1', [lane.service]),
    ).rejects.toThrow('at incarnation 2');
    await expect(tries('engine', 'delete from slipway.lane_runs')).rejects.toThrow('permission denied');
  });
});

describe('whoever has the login of an environment worker', () => {
  it.each([1, 9_000_000_000_000])('cannot date what was done to a schema: %d', async (changedAt) => {
    const lane = aLane();
    const before = await records.owner.clock.now();
    const releaseId = await aRunAskedFor(records.gateway, lane);
    await records.environment.schema.record(aSchemaChange({ ...lane, releaseId, changedAt }));
    const [stored] = await records.owner.schema.list(lane);
    expect(stored!.changedAt).toBeGreaterThanOrEqual(before);
    expect(stored!.changedAt).toBeLessThanOrEqual(await records.owner.clock.now());
  });

  it('cannot forget what a run has changed, or hand it to another run', async () => {
    const workflowId = await aRelease();
    await records.environment.touched.record({ workflowId, runId: 'one', what: 'core in de', at: 1 });
    const forget = `update slipway.touched set what = '{}' where workflow_id = $1`;
    await expect(tries('environment', forget, [workflowId])).rejects.toThrow('had changed');
    await expect(tries('environment', `update slipway.touched set run_id = 'two'`)).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('whoever has the login of the gateway, and not its key', () => {
  const takes = 'select slipway.take_back_undone($1, $2, $3)';
  /** A run that has put back what it could, and something else that is verified in the same region. */
  async function aVictim(other: { service?: string } = {}) {
    const run = await aRelease();
    const lane = laneOfRun(run)!;
    const releaseId = `release/${other.service ?? lane.service}/production/${'d'.repeat(40)}/1`;
    await records.owner.inventory.record([aVerified({ ...laneOfRun(releaseId)!, releaseId })]);
    return { lane, run, releaseId };
  }
  const goesBack = (lane: LaneKey, workflowId: string) =>
    records.owner.changes.begin(aChange(lane, { purpose: 'roll-back' }), {
      ...{ workflowId, runId: 'one', what: 'core in de', at: 1 },
    });
  const decides = (id: string, decision: object) =>
    tries('gateway', 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)', [
      ...[id, (decision as { releaseId: string }).releaseId],
      JSON.stringify({ decision: { id, ...decision }, keyId: 'k', signature: 's' }),
    ]);

  it('takes back nothing that no rollback of its lane was ordered to undo', async () => {
    const { lane, run, releaseId } = await aVictim();
    await goesBack(lane, run);
    await decides(run.split('/')[3]!, { kind: 'roll-back', run, releaseId });
    await tries('gateway', takes, [run, releaseId, 'to have the older one come back']);
    const rollback = rollbackId(lane, randomUUID());
    await goesBack(lane, rollback);
    await tries('gateway', takes, [rollback, releaseId, 'nobody has ordered it']);
    const elsewhere = await aVictim({ service: `other-${randomUUID()}` });
    const id = randomUUID();
    const ordered = rollbackId(elsewhere.lane, id);
    await goesBack(elsewhere.lane, ordered);
    await decides(id, { kind: 'roll-back', run: ordered, releaseId: elsewhere.releaseId });
    await tries('gateway', takes, [ordered, elsewhere.releaseId, 'of another lane']);
    for (const one of [releaseId, elsewhere.releaseId]) expect(await records.owner.inventory.of(one)).toHaveLength(1);
  });
});

describe('whoever has the login of the gateway, of what others say', () => {
  it('cannot say of a run that it went well, nor that it is back: only that nobody knows', async () => {
    const id = await aRelease();
    const rollback = rollbackId(laneOfRun(id)!, randomUUID());
    const ends = (outcome: string) =>
      tries('gateway', 'update slipway.attempts set outcome = $2 where release_id = $1', [id, outcome]);
    const keeps = (outcome: string) =>
      tries('gateway', `insert into slipway.documents (release_id, name, document) values ($1, 'result', $2)`, [
        rollback,
        JSON.stringify({ outcome, summary: 'all is well' }),
      ]);
    for (const outcome of ['verified', 'rolled-back', 'failed'])
      for (const says of [ends, keeps]) await expect(says(outcome)).rejects.toThrow('row-level security');
    for (const says of [ends, keeps]) await says('halted');
    expect((await records.owner.attempts.find(id))?.outcome).toBe('halted');
  });

  it('cannot take back a no', async () => {
    const releaseId = await aRelease();
    const no = signer.sign(aDecision('abort', { id: randomUUID(), releaseId }));
    await records.gateway.decisions.store(no);
    await tries('gateway', `update slipway.decisions set refused = 'it was not meant' where id = $1`, [no.decision.id]);
    expect(await records.owner.decisions.weigh(releaseId)).toEqual([{ ...no, afterChange: false }]);
  });

  it('cannot have a key lead to the attempt of another commit', async () => {
    const { gateway, owner } = records;
    const asks = (commit: string, service: string, requestKey: string) =>
      gateway.attempts.open({ ...aRequest(), service, commit }, { requestKey, fresh: true });
    const { service } = aLane();
    const old = await asks('a'.repeat(40), service, 'an old one');
    const { asked, environment } = (
      await byOwner('select asked, environment from slipway.request_keys where release_id = $1', [
        old.attempt.releaseId,
      ])
    )[0] as { asked: string; environment: string };
    await tries(
      'gateway',
      'insert into slipway.request_keys (service, environment, request_key, release_id, asked) values ($1, $2, $3, $4, $5)',
      [service, environment, 'foreseen', old.attempt.releaseId, asked.replaceAll('a'.repeat(40), 'b'.repeat(40))],
    );
    await expect(asks('b'.repeat(40), service, 'foreseen')).rejects.toMatchObject({ details: { code: 'SLIP-REC-2' } });
    expect(await owner.attempts.list({ service, limit: 10 })).toHaveLength(1);
  });
});

describe('whoever has the login of an environment worker, of what was verified', () => {
  const revoke = `update slipway.inventory set state = 'revoked' where release_id = $1`;
  async function aVerifiedRun() {
    const releaseId = await aRelease();
    await records.owner.inventory.record([aVerified({ ...laneOfRun(releaseId)!, releaseId })]);
    return releaseId;
  }

  it('takes back what a run has put there that goes on, as the step does that puts back', async () => {
    const id = await aVerifiedRun();
    await tries('environment', revoke, [id]);
    expect(await records.owner.inventory.of(id)).toEqual([]);
  });

  it('cannot take back what a run has left that has ended, nor say that more is proven', async () => {
    const id = await aVerifiedRun();
    const raise = `update slipway.inventory set state = 'proven' where release_id = $1`;
    await expect(tries('environment', raise, [id])).rejects.toThrow('is not taken back');
    await records.engine.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 1 });
    await expect(tries('environment', revoke, [id])).rejects.toThrow('is not taken back');
    await expect(records.environment.inventory.revoke(id, 'no')).rejects.toMatchObject({
      details: { code: 'SLIP-REC-2' },
    });
    expect(await records.owner.inventory.of(id)).toHaveLength(1);
  });
});

describe('whoever owns the whole database', () => {
  /** What stays outside: nothing that the owner does changes it. */
  async function theOwner(
    does: string,
    values: unknown[],
    { lane, rows }: Awaited<ReturnType<typeof aChain>>,
  ): Promise<string[]> {
    const outside: LaneEnd[] = [{ lane, n: 3, hash: rows[2]!.hash }];
    await byOwner('alter table slipway.audit disable trigger user');
    await byOwner(does, values);
    await byOwner('alter table slipway.audit enable trigger user');
    const proof = proofOfLane(lane, outside, sha256);
    for (const row of await records.owner.audit.after(lane, 0, 100)) await proof.take(row);
    return proof.conclude().findings.map((finding) => findingInWords(finding).replace(`${lane}: `, ''));
  }

  it.each([
    [
      'edits a row',
      `update slipway.audit set entry = '{"at":1,"what":"nothing","who":"nobody","facts":{}}' where lane = $1 and n = 2`,
      'row 2 was edited',
    ],
    ['removes a row', 'delete from slipway.audit where lane = $1 and n = 2', 'row 2 was removed'],
    [
      'removes the last rows, and where they ended',
      'delete from slipway.audit where lane = $1 and n > 1',
      'rows 2 to 3 were removed at the end',
    ],
  ])('and %s is found out', async (_, does, wanted) => {
    const chain = await aChain();
    expect(await theOwner(does, [chain.lane], chain)).toEqual([wanted]);
  });

  it('and hashes the last row anew is found out by what was signed outside', async () => {
    const chain = await aChain();
    const forged = chainEntry(chain.rows[1]!, { ...chain.rows[2]!, who: 'nobody' }, sha256);
    const { at, what, who, facts } = forged;
    const does = 'update slipway.audit set entry = $2, hash = $3 where lane = $1 and n = 3';
    const values = [chain.lane, JSON.stringify({ at, what, who, facts }), forged.hash];
    expect(await theOwner(does, values, chain)).toEqual(['rows 1 to 3: something was changed there, and hashed anew']);
  });
});
