import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import { canonicalJson } from '../../../domain/canonical.ts';
import { mostBytesOfEvidence } from '../../../domain/contract/evidence-bundle.ts';
import type { SignedEvidence } from '../../../domain/contract/evidence-bundle.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';
import type { TokenCreated } from '../../../domain/contract/tokens.ts';
import { verdictOf } from '../../../domain/evidence/line.ts';
import { proveEvidence } from '../../../domain/evidence/prove.ts';
import { anImage, aPlan, aPolicy, aRegion, aResult, aVerified } from '../../domain/builders.ts';
import { leavesChanged } from '../../support/leaves.ts';
import { anOrder, signer, tokens, useGateway, verifier } from './gateway.ts';

const gateway = useGateway();

const path = (id: string) => `/v1/releases/${encodeURIComponent(id)}/bundle`;

/** By the gateway's clock, which has begun at a million in these tests. */
let clock = 1_010_000;
const goesOn = () => (clock += 10);
/** After all of it. */
const endedAt = 1_400_000;

/** A release whose plan is in force, and what its steps write into the audit. */
async function planned(changes: Partial<ReleasePlan> = {}) {
  const parts = gateway();
  const { records, release, service, post, decisionPath } = parts;
  const id = await release();
  const plan = aPlan({
    ...{ service, regions: [aRegion('de')], approval: aPolicy({ quorum: 1 }) },
    gates: [{ gate: 'image scan', verdict: 'pass', summary: 'nothing' }],
    ...changes,
  });
  const planHash = hashOfPlan(plan);
  // What is read anew opens what builds may say; the plan closes it.
  await records.plans.keep(id, 'read', {});
  await records.plans.keep(id, 'gate-image scan', { gate: 'image scan', verdict: 'pass', summary: 'nothing' });
  await records.plans.store(planHash, plan);
  await keepPlanHash(records.plans, id, planHash, { since: 1 });
  const lane = `${service}/production`;
  const says = (what: string, key = `${id}/${what}`, facts: object = { attempt: 1 }) =>
    records.audit.append({ lane, key, at: goesOn(), what, who: id, facts: { ...facts } });
  const decide = async (kind: string, token: string, ofPlan = planHash) => {
    const { status } = await post(decisionPath(id), anOrder(kind, { planHash: ofPlan }), token);
    expect(status).toBe(200);
  };
  return { ...parts, id, planHash, lane, says, decide };
}

type Planned = Awaited<ReturnType<typeof planned>>;

async function ends({ records, id, service, planHash, says }: Planned): Promise<void> {
  await says('applyComponent begun', `${id}/7/begun`);
  await says('applyComponent done', `${id}/7/done`);
  await records.touched.record({ workflowId: id, runId: randomUUID(), what: 'region de', at: 1 });
  const image = anImage('core', '1');
  const row = aVerified({ service, releaseId: id, planHash, image, region: 'de', commit: 'a'.repeat(40) });
  await records.inventory.record([row]);
  const region = {
    region: 'de',
    phase: 'verified',
    components: [{ component: 'core', image, phase: 'verified', note: '' }],
  };
  const result = aResult('verified', { planHash, regions: [region as never] });
  const report = { log: [{ at: 1, line: 'begun' }], checks: [{ name: 'images', verdict: 'pass', summary: 'well' }] };
  await records.attempts.conclude(id, { ...result, endedAt, told: { result, report } });
  await says('recordEnd done');
}

const seal = { verifyEnds: verifier.verifyEnds };

/** As a gateway says it of all chains, a moment later. */
const stated = ({ records }: Pick<Planned, 'records'>, at = goesOn()) =>
  records.chainEnds.add(seal, ({ n, before, installation, ends: all }) => {
    const previous = sha256(before ? canonicalJson(before) : '');
    return signer.signEnds({ n, at, installation, ends: all, previous });
  });

async function released(changes: Partial<ReleasePlan> = {}): Promise<Planned> {
  const run = await planned(changes);
  await run.says('planRelease done');
  await run.decide('approve', tokens.lee);
  await ends(run);
  return run;
}

const bundleOf = async ({ get, id }: Pick<Planned, 'get' | 'id'>, token = tokens.dana) =>
  (await get(path(id), token)).body as unknown as SignedEvidence;

async function provenOf(signed: SignedEvidence, state: 'holds' | 'fails' | 'unseen'): Promise<string[]> {
  const lines = await proveEvidence(signed, { ...verifier, hash: sha256 });
  return lines.filter((line) => line.state === state).map(({ what, says }) => `${what}: ${says}`);
}

const verdictOn = async (signed: SignedEvidence) =>
  verdictOf(await proveEvidence(signed, { ...verifier, hash: sha256 }));

const missingIn = ({ bundle }: SignedEvidence) => bundle.missing.map(({ what }) => what);

describe('the evidence file of a release', () => {
  it('has all that is on record, and holds', async () => {
    const run = await released();
    await stated(run);
    const signed = await bundleOf(run);
    expect(await provenOf(signed, 'fails')).toEqual([]);
    expect(await verdictOn(signed)).toBe('proven');
    expect(missingIn(signed)).toEqual([]);
    const holds = await provenOf(signed, 'holds');
    for (const what of [
      'request: dana',
      'plan: in force is',
      'approvals: 1 of 1',
      'gates: as',
      'images: 1 of 1',
      'end: verified',
    ])
      expect(holds).toContainEqual(expect.stringContaining(what));
    expect(holds.filter((line) => line.startsWith('ends of the audit: '))).toHaveLength(signed.bundle.audit.length);
    expect(signed.bundle.audit.map(({ chain }) => chain)).toEqual([run.lane, `${run.lane}@gateway`]);
    expect(signed.bundle).toMatchObject({
      ...{ release: { id: run.id, service: run.service, environment: 'production' }, planHash: run.planHash },
      ...{ plannedAt: 1, changed: ['region de'], keyIds: verifier.keyIds },
      end: { outcome: 'verified', endedAt, checks: [{ name: 'images' }], log: [{ line: 'begun' }] },
      kept: { gates: [{ gate: 'image scan', verdict: 'pass' }] },
    });
  });

  it('has orders about it alone: back again, and of the hold that it has left', async () => {
    const run = await released();
    const ordered = { id: randomUUID(), lane: { service: run.service, environment: 'production' }, by: 'kim', at: 5 };
    const clears = (lifts: string, of: string) =>
      signer.signOrder({ ...ordered, id: randomUUID(), reason: 'looked', kind: 'clear-hold', lifts, of });
    for (const order of [clears('h1', run.id), clears('h2', 'release/other/production/c/1')])
      await run.records.closings.order(order);
    const back = { releaseId: run.id, decisionId: randomUUID(), reason: 'broken', channel: 'cli' };
    expect((await run.post('/v1/rollbacks', back, tokens.kim)).status).toBe(201);
    const signed = await bundleOf(run);
    expect(signed.bundle.orders.map(({ order }) => 'lifts' in order && order.lifts)).toEqual(['h1']);
    expect(signed.bundle.decisions.map(({ decision }) => decision.kind)).toEqual(['approve', 'roll-back']);
    expect(await provenOf(signed, 'fails')).toEqual([]);
  });

  it('is found to be changed at each of its leaves', async () => {
    const run = await released();
    await stated(run);
    const signed = await bundleOf(run);
    let leaves = 0;
    for (const { at, changed } of leavesChanged(signed)) {
      leaves += 1;
      expect({ at, holds: verifier.verifyEvidence(changed as SignedEvidence) }).toEqual({ at, holds: false });
    }
    expect(leaves).toBeGreaterThan(100);
  });

  it('is sent as it is to be kept, byte by byte, under a name', async () => {
    const { server, id, service } = await released();
    const headers = { authorization: `Bearer ${tokens.dana}` };
    const answer = await server.inject({ url: path(id), headers });
    expect(answer.body).toBe(`${canonicalJson(JSON.parse(answer.body))}\n`);
    const { number } = answer.json<SignedEvidence>().bundle.release;
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="${service}-production-${number}.evidence.json"`,
    );
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('has all rows of its lane from when it was asked for to a while after its end, whatever they are about', async () => {
    const run = await planned();
    const { records, lane } = run;
    const other = (key: string, at: number) =>
      records.audit.append({ lane, key, at, what: 'recordLane done', who: `lane/${lane}`, facts: {} });
    for (let n = 0; n < 9; n += 1) await other(`before-${n}`, 900_000);
    await other('first', 999_000);
    await run.says('planRelease done');
    await other('between', goesOn());
    await run.decide('approve', tokens.lee);
    await ends(run);
    await other('soon after', endedAt + 5_000);
    await other('long after', endedAt + 700_000);
    const { audit } = (await bundleOf(run)).bundle;
    const keys = audit[0]!.rows.map(({ key }) => key.replace(`${run.id}/`, ''));
    expect(keys).toEqual([
      ...['first', 'planRelease done', 'between', '7/begun', '7/done', 'recordEnd done', 'soon after'],
    ]);
    expect(audit[0]!.before.n).toBe(9);
    // Up to an end that was signed, where there is one.
    await stated(run, endedAt + 800_000);
    const signed = await bundleOf(run);
    expect(signed.bundle.audit[0]!.rows.map(({ key }) => key)).toContain('long after');
    expect(await verdictOn(signed)).toBe('proven');
  });

  it('takes the first end that was signed after its rows, however many came since', async () => {
    const run = await released();
    await stated(run);
    for (const key of ['x', 'y', 'z']) {
      await run.says('nothing', key);
      await stated(run);
    }
    const signed = await bundleOf(run);
    expect(signed.bundle.statements.length).toBeLessThanOrEqual(2);
    expect(await verdictOn(signed)).toBe('proven');
  });

  it('names other lanes to nobody who may not look at them', async () => {
    const run = await released();
    await run.records.audit.append({
      lane: 'secret/production',
      key: randomUUID(),
      at: goesOn(),
      what: 'w',
      who: 'x',
      facts: {},
    });
    await stated(run);
    run.policy.people = {
      people: { kim: { token: 'kim' }, robot: { github: 1 } },
      groups: { approvers: { members: ['kim'] } },
    };
    const narrow = {
      ...{ name: `ci-${randomUUID().slice(0, 8)}`, person: 'robot', rights: ['look'] },
      ...{ services: [run.service], environments: ['production'], expiresInMs: 60_000 },
    };
    const made = (await run.post('/v1/tokens', narrow, tokens.kim)).body as unknown as TokenCreated;
    const headers = { authorization: `Bearer ${made.secret}` };
    const { body } = await run.server.inject({ url: path(run.id), headers });
    expect(body).not.toContain('secret/production');
    expect(body).toContain('it names other lanes');
    expect(await provenOf(JSON.parse(body) as SignedEvidence, 'fails')).toEqual([]);
  });

  it('has the plans that somebody has decided about before', async () => {
    const run = await planned();
    await run.says('planRelease done');
    await run.decide('approve', tokens.kim);
    const plan = aPlan({ service: run.service, tags: ['other'] });
    await run.records.plans.store(hashOfPlan(plan), plan);
    await keepPlanHash(run.records.plans, run.id, hashOfPlan(plan));
    const { bundle } = await bundleOf(run);
    expect(bundle.plans.map(({ hash }) => hash)).toEqual([hashOfPlan(plan), run.planHash]);
    expect(bundle.missing.map(({ what }) => what)).toContain('since when the plan was before people');
  });

  it('is there of a release that goes on, or has said nothing, and says what is missing', async () => {
    const { get, release } = gateway();
    const id = await release();
    const signed = await bundleOf({ get, id });
    expect(missingIn(signed)).toEqual(
      expect.arrayContaining([expect.stringContaining('the plan in force'), 'end', 'audit']),
    );
    expect(await provenOf(signed, 'fails')).toEqual([]);
    const lost = await released();
    await lost.records.plans.keep(lost.id, 'tests', 7);
    expect(await provenOf(await bundleOf(lost), 'fails')).toEqual([]);
  });

  it('shows a release that went on without a yes for what it is', async () => {
    const run = await planned();
    await run.says('planRelease done');
    await ends(run);
    expect(await provenOf(await bundleOf(run), 'fails')).toEqual([
      'approvals: it has changed something, and 0 of 1 that the plan asks for count',
    ]);
  });

  it('does not take a plan for one that has another hash, or is of no form', async () => {
    const run = await planned();
    const other = 'c'.repeat(64);
    await run.records.plans.store(other, aPlan({ service: run.service }));
    await keepPlanHash(run.records.plans, run.id, other);
    expect((await bundleOf(run)).bundle.missing).toContainEqual({
      what: `the plan in force, ${other}`,
      why: 'what is on record under its hash has another',
    });
    const odd = { ...aPlan({ service: run.service }), approval: { required: 'yes' } } as unknown as ReleasePlan;
    await run.records.plans.store(hashOfPlan(odd), odd);
    await keepPlanHash(run.records.plans, run.id, hashOfPlan(odd));
    expect((await bundleOf(run)).bundle.missing).toContainEqual({
      what: `the plan in force, ${hashOfPlan(odd)}`,
      why: 'what is on record is of no form that Slipway writes',
    });
  });

  it('fits with the largest plan that there can be', async () => {
    const env = Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`V${n}`, 'x'.repeat(1_000)]));
    const [component] = aPlan().components;
    const run = await released({ components: [{ ...component!, delivery: { kind: 'deployment-image', env } }] });
    const signed = await bundleOf(run);
    const bytes = Buffer.byteLength(canonicalJson(signed));
    expect(bytes).toBeGreaterThan(4_000_000);
    expect(bytes).toBeLessThan(mostBytesOfEvidence / 3);
    expect(await provenOf(signed, 'fails')).toEqual([]);
  });

  it('has no plan of another release, whoever names it as its own', async () => {
    const run = await planned();
    const secret = aPlan({ service: 'secret', tags: ['of-others'] });
    await run.records.plans.store(hashOfPlan(secret), secret);
    await keepPlanHash(run.records.plans, run.id, hashOfPlan(secret));
    const signed = await bundleOf(run);
    expect(JSON.stringify(signed)).not.toContain('of-others');
    expect(signed.bundle.missing).toContainEqual({
      what: `the plan in force, ${hashOfPlan(secret)}`,
      why: 'what is on record under its hash is not of this release',
    });
  });

  it('has no address of anybody, and says who may not approve by names', async () => {
    const run = await planned({ approval: aPolicy({ quorum: 1, excludeAuthors: true }) });
    await run.records.plans.keep(run.id, 'read', { authors: ['somebody@example.test'] });
    await run.says('planRelease done');
    await run.decide('approve', tokens.kim);
    await ends(run);
    await stated(run);
    const signed = await bundleOf(run);
    expect(JSON.stringify(signed)).not.toContain('example.test');
    expect(signed.bundle).toMatchObject({
      wrote: [],
      decisions: [{ withAddresses: 'holds', decision: { by: { id: 'kim' } } }],
    });
    expect(await verdictOn(signed)).toBe('proven');
    await byOwner('slipway.documents', [
      `update slipway.documents set document = '{"authors":["kim@example.test"]}' where release_id = $1 and name = 'read'`,
      [run.id],
    ]);
    const other = await bundleOf(run);
    expect(other.bundle.wrote).toEqual(['kim']);
    expect(await provenOf(other, 'fails')).toContainEqual(expect.stringContaining('0 of 1 that the plan asks for'));
  });

  it("takes nobody's word but a signature for what was signed with an address", async () => {
    const run = await released();
    await stated(run);
    const forged = { id: randomUUID(), kind: 'approve', releaseId: run.id, planHash: run.planHash };
    const by = { id: 'max', via: 'token', groups: ['approvers'], emails: ['max@example.test'] };
    const signed = {
      decision: { ...forged, by, channel: 'cli', decidedAt: 1_000_500, reason: 'x' },
      ...{ keyId: verifier.keyIds[0], signature: `${'A'.repeat(86)}==`, withAddresses: 'holds' },
    };
    await run.database.ask('gateway', 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)', [
      forged.id,
      run.id,
      JSON.stringify(signed),
    ]);
    expect(await provenOf(await bundleOf(run), 'fails')).toContainEqual(expect.stringContaining('the approve of max'));
  });

  /** What nobody but the owner of the database can do. */
  const byOwner = async (table: string, ...statements: [string, unknown[]][]) => {
    const { database } = gateway();
    await database.ask('owner', `alter table ${table} disable trigger user`);
    for (const [statement, values] of statements) await database.ask('owner', statement, values);
    await database.ask('owner', `alter table ${table} enable trigger user`);
  };

  const rejected = async () => {
    const run = await planned();
    await run.says('planRelease done');
    await run.decide('approve', tokens.lee);
    await run.decide('reject', tokens.kim);
    await ends(run);
    return run;
  };
  const withoutNoes = ({ id }: Planned) =>
    byOwner('slipway.decisions', [
      `delete from slipway.decisions where release_id = $1 and signed #>> '{decision,kind}' = 'reject'`,
      [id],
    ]);
  const lastRowOff = async ({ lane, records }: Planned) => {
    const chain = `${lane}@gateway`;
    const [row] = await records.audit.after(chain, 1, 1);
    await byOwner('slipway.audit', ['delete from slipway.audit where lane = $1 and n = 2', [chain]]);
    await byOwner('slipway.audit_ends', [
      'update slipway.audit_ends set n = 1, hash = $2 where lane = $1',
      [chain, row!.previous],
    ]);
  };
  const chainOff = async ({ lane }: Planned) => {
    for (const table of ['slipway.audit', 'slipway.audit_ends'])
      await byOwner(table, [`delete from ${table} where lane = $1`, [`${lane}@gateway`]]);
  };
  const yesesOff = ({ id }: Planned) =>
    byOwner('slipway.decisions', ['delete from slipway.decisions where release_id = $1', [id]]);

  it.each<[string, ((run: Planned) => Promise<unknown>)[], string]>([
    ['a no', [stated, withoutNoes], 'kim has decided: reject'],
    ['a no and its row', [stated, withoutNoes, lastRowOff], 'rows 2 to 2 were removed'],
    ['a no and all rows of people', [stated, withoutNoes, chainOff], 'no row says that lee has decided: approve'],
    ['all decisions and their rows', [stated, yesesOff, chainOff], 'all its rows were removed'],
    ['all decisions', [stated, yesesOff], 'lee has decided: approve'],
  ])('does not hold where %s was taken from the records before it was made', async (_what, attack, wanted) => {
    const run = await rejected();
    for (const step of attack) await step(run);
    const signed = await bundleOf(run);
    expect(await verdictOn(signed)).toBe('does not hold');
    expect(await provenOf(signed, 'fails')).toContainEqual(expect.stringContaining(wanted));
  });

  it('proves nothing where a no and its row were taken before any end was signed', async () => {
    const run = await rejected();
    await withoutNoes(run);
    await lastRowOff(run);
    expect(await verdictOn(await bundleOf(run))).toBe('cannot be told');
  });

  it('is one for all who ask at once, and of each person one', async () => {
    const run = await released();
    const other = await run.release({ commit: 'b'.repeat(40) });
    const asked = async (id: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await run.server.inject({ url: path(id), headers });
      return { status: answer.statusCode, body: answer.body, again: answer.headers['retry-after'] };
    };
    run.askedRecords.length = 0;
    const [first, second, refused, third] = await Promise.all([
      asked(run.id, tokens.dana),
      asked(run.id, tokens.kim),
      asked(other, tokens.dana),
      asked(other, tokens.lee),
    ]);
    expect(second.body).toBe(first.body);
    expect([first.status, refused.status, refused.again, third.status]).toEqual([200, 429, '5', 200]);
    expect(run.askedRecords.filter((name) => name === 'decisions.weigh')).toHaveLength(2);
    expect((await asked(other, tokens.dana)).status).toBe(200);
  });

  it('is of a release: a rollback has none of its own', async () => {
    const { get, service, id } = await planned();
    const rollback = await get(path(`rollback/${service}/production/x`));
    expect([rollback.status, rollback.body.error.message]).toEqual([404, expect.stringContaining('is a rollback')]);
    expect((await get(path(`${id}9`))).status).toBe(404);
  });
});
