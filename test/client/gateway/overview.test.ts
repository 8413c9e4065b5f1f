import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import type { LaneOverview, OpenRun, Overview, RegionOverview } from '../../../domain/contract/overview.ts';
import type { TokenCreated } from '../../../domain/contract/tokens.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aCommit, aHash, aPlan, aPlannedMigration, aPolicy, aVerified } from '../../domain/builders.ts';
import { anOrder, aStart, signer, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** The service of one test, in staging and production. */
function aShop() {
  const parts = gateway();
  const { get, post, records, service, policy, engine } = parts;
  policy.environments = ['staging', 'production'];
  const asked = async (letter: string, environment = 'production', token = tokens.dana) =>
    (await post('/v1/releases', aStart(service, { commit: aCommit(letter), environment }), token)).body.releaseId;
  const verify = async (id: string, letter: string, changes: Parameters<typeof aVerified>[0] = {}) =>
    records.inventory.record([aVerified({ service, releaseId: id, commit: aCommit(letter), ...changes })]);
  const end = (id: string, outcome: string) =>
    records.attempts.conclude(id, { outcome, summary: outcome, endedAt: 2_000_000 });
  const verified = async (letter: string, environment = 'production', changes = {}) => {
    const id = await asked(letter, environment);
    await verify(id, letter, { environment, ...changes });
    await end(id, 'verified');
    return id;
  };
  const overview = async (token?: string) => (await get('/v1/overview', token)).body as unknown as Overview;
  const lane = async (environment = 'production', token?: string): Promise<LaneOverview | undefined> =>
    (await overview(token)).lanes.find((one) => one.service === service && one.environment === environment);
  const region = async (environment = 'production'): Promise<RegionOverview | undefined> =>
    (await lane(environment))?.regions[0];
  const runs = async (token?: string): Promise<OpenRun[]> =>
    (await overview(token)).runs.filter((one) => one.service === service);
  const says = (id: string, status: Partial<ReleaseStatus>) => {
    engine.status = async (asked) => (asked === id ? aStatus(id, status) : undefined);
  };
  return { ...parts, asked, verify, end, verified, overview, lane, region, runs, says };
}

function aStatus(releaseId: string, changes: Partial<ReleaseStatus>): ReleaseStatus {
  const stage = changes.stage ?? 'deploying';
  return {
    ...{ releaseId, stage, doing: 'deploying core', artifacts: [], migrations: [], regions: [], checks: [] },
    ...{ timings: [{ stage, startedAt: 5 }], approvals: [], log: [] },
    ...changes,
  };
}

const asksForApproval: Partial<ReleaseStatus> = {
  stage: 'awaiting-approval',
  waitingFor: { what: 'approval', who: '1 of approvers', until: 9_000_000, decisions: ['approve', 'reject', 'abort'] },
};
const isHeld: Partial<ReleaseStatus> = {
  stage: 'held',
  waitingFor: { what: 'a decision', who: 'approvers', decisions: ['retry', 'roll-back', 'accept-failure'] },
};

describe('the overview', () => {
  it('has what was verified last in each region, with who has asked for it', async () => {
    const { verified, lane, records } = aShop();
    await verified('a');
    const id = await verified('b', 'production', { verifiedAt: 4_000_000 });
    const { number } = (await records.attempts.find(id))!;
    expect((await lane())?.regions).toEqual([
      {
        ...{ region: 'de', state: 'verified', components: 1 },
        release: { releaseId: id, number, requestedBy: 'dana', commit: aCommit('b'), verifiedAt: 4_000_000 },
      },
    ]);
  });

  it('tells what of a region is of another commit', async () => {
    const { verified, region } = aShop();
    await verified('a', 'production', { component: 'core', verifiedAt: 3_000_000 });
    await verified('b', 'production', { component: 'web', verifiedAt: 4_000_000 });
    expect(await region()).toMatchObject({
      components: 2,
      release: { commit: aCommit('b') },
      versions: [{ commit: aCommit('b') }, { commit: aCommit('a') }],
    });
  });

  it('has lanes in which nothing was verified yet, and the environments as the policy has them', async () => {
    const { lane, overview } = aShop();
    expect(await lane('staging')).toEqual({ service: expect.any(String), environment: 'staging', regions: [] });
    const { environments } = await overview();
    expect(environments.indexOf('staging')).toBeLessThan(environments.indexOf('production'));
  });

  it('says how far a lane is behind the environment before it', async () => {
    const { verified, region } = aShop();
    await verified('a', 'staging', { verifiedAt: 1_000 });
    await verified('a', 'production', { verifiedAt: 1_500 });
    expect((await region())?.behind).toBeUndefined();
    await verified('b', 'staging', { verifiedAt: 2_000 });
    await verified('c', 'staging', { verifiedAt: 3_000 });
    expect((await region())?.behind).toEqual({ environment: 'staging', releases: 2 });
    expect((await region('staging'))?.behind).toBeUndefined();
  });

  it('says nothing of how far what was never verified there is behind', async () => {
    const { verified, region } = aShop();
    await verified('b', 'staging', { verifiedAt: 2_000 });
    await verified('a', 'production', { verifiedAt: 1_500 });
    expect((await region())?.behind).toBeUndefined();
  });

  it('knows nobody who knows what runs where a run has changed something, and has not brought it back', async () => {
    const { verified, asked, end, region, records } = aShop();
    await verified('a', 'production', { verifiedAt: 1_000 });
    const halted = await asked('b');
    await records.touched.record({ workflowId: halted, runId: randomUUID(), what: 'core in de', at: 1 });
    await end(halted, 'halted');
    expect(await region()).toMatchObject({
      ...{ state: 'unknown', release: { commit: aCommit('a') } },
      why: expect.stringContaining(`core may run what ${halted} put there, which ended halted`),
    });
  });

  it('tells what was revoked, and why, where nothing was verified since', async () => {
    const { verified, region, records } = aShop();
    const id = await verified('a');
    await records.inventory.revoke(id, 'wrong VAT');
    expect(await region()).toMatchObject({ state: 'revoked', why: 'wrong VAT', release: { commit: aCommit('a') } });
    await verified('b');
    expect(await region()).toMatchObject({ state: 'verified', release: { commit: aCommit('b') } });
  });

  it('tells what closes a lane by orders that people have signed, until they lift it', async () => {
    const { lane, post, service, records } = aShop();
    expect(await lane()).not.toHaveProperty('closed');
    const path = `/v1/lanes/${service}/production`;
    await post(`${path}/freeze`, { reason: 'sale' }, tokens.kim);
    const forged = { id: randomUUID(), lane: { service, environment: 'staging' }, by: 'kim', at: 1, reason: 'x' };
    const stranger = createSigner(createKeyPair().privateKeyPem);
    const { keyId } = signer.signOrder({ ...forged, kind: 'freeze' });
    await records.closings.order({ ...stranger.signOrder({ ...forged, kind: 'freeze' }), keyId });
    expect((await lane())?.closed).toMatchObject([{ kind: 'freeze', by: 'kim', reason: 'sale' }]);
    expect(await lane('staging')).not.toHaveProperty('closed');
    await post(`${path}/unfreeze`, { reason: 'over' }, tokens.kim);
    expect(await lane()).not.toHaveProperty('closed');
  });

  it('has what closes a lane newest first, and a hold among it, however many freezes came later', async () => {
    const { lane, post, service, records } = aShop();
    const hold = { id: 'hold-1', by: `release/${service}`, reason: 'halted', from: 5 };
    await records.closings.hold({ service, environment: 'production' }, hold);
    const freeze = async (n: number) =>
      post(`/v1/lanes/${service}/production/freeze`, { reason: `sale ${n}` }, tokens.kim);
    await freeze(1);
    const told = async () => (await lane())!.closed!.map(({ kind, from }) => ({ kind, from }));
    expect((await told()).map(({ kind }) => kind)).toEqual(['freeze', 'hold']);
    for (const n of [2, 3, 4, 5, 6]) await freeze(n);
    const all = await told();
    expect(all.map(({ kind }) => kind)).toEqual(['freeze', 'freeze', 'freeze', 'freeze', 'hold']);
    expect(all.map(({ from }) => from)).toEqual(all.map(({ from }) => from).sort((a, b) => b - a));
  });

  it('says what it could not look at, and shows the rest', async () => {
    const { overview, failing } = aShop();
    failing.add('lanesAtOnce.closingsCounted');
    const { unseen, lanes } = await overview();
    expect(unseen).toContainEqual(expect.stringContaining('What closes the lanes could not be read'));
    expect(lanes.length).toBeGreaterThan(0);
  });

  it('asks for all lanes as often as for one', async () => {
    const { overview, policy, askedRecords } = aShop();
    const questions = async () => {
      askedRecords.length = 0;
      await overview();
      return [...askedRecords].sort();
    };
    await questions();
    const few = await questions();
    policy.beside = Array.from({ length: 50 }, () => `shop-${randomUUID().slice(0, 8)}`);
    expect(await questions()).toEqual(few.length > 0 ? [...few, 'lanesAtOnce.closings'].sort() : few);
    expect(await questions()).toEqual(few);
  });

  it('has of lanes that somebody may not look at neither what runs there, nor what goes on, nor that they are', async () => {
    const { verified, asked, overview, policy, service } = aShop();
    await verified('a');
    await asked('b');
    policy.access = { look: ['approvers'] };
    expect(JSON.stringify(await overview(tokens.kim))).toContain(service);
    const { lanes, runs, environments } = await overview(tokens.dana);
    expect([lanes, runs, environments]).toEqual([[], [], []]);
  });
});

describe('open runs in the overview', () => {
  it('are told with what they say of themselves, where a worker answers', async () => {
    const { asked, runs } = aShop();
    const id = await asked('a');
    const [silent] = await runs();
    expect(silent).toMatchObject({ releaseId: id, requestedBy: 'dana' });
    expect([silent?.state, silent?.regions]).toEqual([undefined, undefined]);
    const { asked: askedToo, runs: runsToo, says: saysToo } = aShop();
    const other = await askedToo('a');
    const failure = {
      code: 'SLIP-X-1',
      title: 'it failed',
      detail: 'x',
      next: 'y',
      kind: 'terminal',
      blame: 'release',
    } as const;
    saysToo(other, {
      ...isHeld,
      regions: [{ region: 'de', phase: 'failed', begunAt: 1, since: 9, components: [] }],
      failure,
    });
    expect(await runsToo()).toMatchObject([
      { state: { stage: 'held' }, regions: [{ region: 'de', phase: 'failed', begunAt: 1, since: 9 }], failure },
    ]);
  });

  it('wait for whoever may approve them, and has not', async () => {
    const { asked, runs, says, records, post, decisionPath, service, policy } = aShop();
    policy.approval = aPolicy({ quorum: 2 });
    const id = await asked('a');
    const plan = aPlan({
      service,
      approval: policy.approval,
      migrations: [aPlannedMigration({ contracting: ['0014'] })],
    });
    await records.plans.store(aHash('9'), plan).catch(() => undefined);
    await keepPlanHash(records.plans, id, aHash('9'));
    says(id, asksForApproval);
    const waits = async (token: string) => (await runs(token)).map(({ waitsForMe }) => waitsForMe);
    expect(await waits(tokens.kim)).toEqual([true]);
    expect(await waits(tokens.lee)).toEqual([true]);
    expect(await waits(tokens.dana)).toEqual([false]);
    const approve = anOrder('approve', { planHash: aHash('9') });
    expect((await post(decisionPath(id), approve, tokens.kim)).status).toBe(200);
    expect(await waits(tokens.kim)).toEqual([false]);
    expect(await waits(tokens.lee)).toEqual([true]);
    const [run] = await runs(tokens.lee);
    expect(run?.approval).toEqual({ given: ['kim'], missing: 1, noReturn: ['0014'] });
    const other = anOrder('approve', { planHash: aHash('9') });
    expect((await post(decisionPath(id), other, tokens.lee)).status).toBe(200);
    policy.approval = aPolicy({ quorum: 2, groups: ['approvers', 'developers'] });
    expect(await runs(tokens.ola)).toMatchObject([
      { waitsForMe: false, approval: { given: ['kim', 'lee'], missing: 0 } },
    ]);
  });

  it('are told as not known to wait for somebody where nobody says how they stand, as while all workers are away', async () => {
    const { asked, overview, verified } = aShop();
    const untold = async () => (await overview(tokens.kim)).unseen?.find((line) => line.includes('not said in time'));
    await verified('a');
    const before = Number(/How (\d+)/.exec((await untold()) ?? 'How 0')?.[1]);
    await asked('b');
    expect(await untold()).toBe(
      before === 0
        ? 'How 1 open run stands was not said in time: whether it waits for you is not known.'
        : `How ${before + 1} open runs stand was not said in time: whether they wait for you is not known.`,
    );
  });

  it('wait for nobody who has asked for them, where the policy keeps them from it', async () => {
    const { asked, runs, says } = aShop();
    const id = await asked('a', 'production', tokens.kim);
    says(id, asksForApproval);
    expect((await runs(tokens.kim)).map(({ waitsForMe }) => waitsForMe)).toEqual([false]);
    expect((await runs(tokens.lee)).map(({ waitsForMe }) => waitsForMe)).toEqual([true]);
  });

  it('wait for those on call where they are held, and not for whoever may only try them again', async () => {
    const { asked, runs, says, policy } = aShop();
    policy.onCall = ['on-call'];
    const id = await asked('a');
    says(id, isHeld);
    expect((await runs(tokens.ola)).map(({ waitsForMe }) => waitsForMe)).toEqual([true]);
    expect((await runs(tokens.kim)).map(({ waitsForMe }) => waitsForMe)).toEqual([true]);
    expect((await runs(tokens.dana)).map(({ waitsForMe }) => waitsForMe)).toEqual([false]);
  });

  it('wait for nobody while they wait for their lane', async () => {
    const { asked, runs, says } = aShop();
    const id = await asked('a');
    says(id, { stage: 'awaiting-lane', waitingFor: { what: 'the lane', who: 'release/x' } });
    expect((await runs(tokens.kim))[0]).not.toHaveProperty('waitsForMe');
  });
});

describe('a lane on hold', () => {
  it('waits for whoever may clear it, and for nobody else', async () => {
    const { service, records, overview, policy } = aShop();
    policy.onCall = ['on-call'];
    const lane = { service, environment: 'production' };
    const holds = async (token: string) => (await overview(token)).holdsForMe?.filter((one) => one.service === service);
    expect((await holds(tokens.kim)) ?? []).toEqual([]);
    await records.closings.hold(lane, { id: 'hold-1', by: `release/${service}`, reason: 'halted', from: 5 });
    expect([await holds(tokens.kim), await holds(tokens.ola)]).toEqual([[lane], [lane]]);
    expect((await holds(tokens.dana)) ?? []).toEqual([]);
    policy.access = { operate: ['on-call'] };
    expect((await holds(tokens.kim)) ?? []).toEqual([]);
    expect(await holds(tokens.ola)).toEqual([lane]);
  });
});

describe('a look that several share', () => {
  it('says to each what waits for them', async () => {
    const parts = gateway({ overviewMs: 1_000_000 });
    const { get, post, service, engine } = parts;
    const { releaseId } = (await post('/v1/releases', aStart(service), tokens.dana)).body;
    engine.status = async (asked) => (asked === releaseId ? aStatus(releaseId, isHeld) : undefined);
    const mine = async (token: string) => {
      const { runs } = (await get('/v1/overview', token)).body as unknown as Overview;
      return runs.find((run) => run.releaseId === releaseId)?.waitsForMe;
    };
    expect(await Promise.all([mine(tokens.kim), mine(tokens.dana)])).toEqual([true, false]);
  });

  it('is one for all who see the same, and whoever has several pages is judged once', async () => {
    const parts = gateway({ overviewMs: 1_000_000 });
    const { get, askedRecords } = parts;
    const asks = async (token: string) => {
      const before = askedRecords.length;
      await get('/v1/overview', token);
      return askedRecords.slice(before);
    };
    expect(await asks(tokens.kim)).toContain('lanesAtOnce.places');
    expect((await asks(tokens.dana)).filter((what) => what.startsWith('lanesAtOnce'))).toEqual([]);
    expect(await asks(tokens.kim)).toEqual([]);
  });

  it('says of a token that may only look that nothing waits for it, whatever waits for whose it is', async () => {
    const parts = gateway({ overviewMs: 1_000_000 });
    const { get, post, service, engine, policy } = parts;
    policy.people = {
      people: { kim: { token: 'kim' }, dana: { token: 'dana' } },
      groups: { approvers: { members: ['kim'] } },
    };
    const { releaseId } = (await post('/v1/releases', aStart(service), tokens.dana)).body;
    engine.status = async (asked) => (asked === releaseId ? aStatus(releaseId, isHeld) : undefined);
    const only = { person: 'kim', rights: ['look'], services: [service], environments: ['production'] };
    const made = await post('/v1/tokens', { ...only, name: `look-${service}`, expiresInMs: 60_000 }, tokens.kim);
    const { secret: token } = made.body as unknown as TokenCreated;
    const mine = async (of: string) => {
      const { runs } = (await get('/v1/overview', of)).body as unknown as Overview;
      return runs.find((run) => run.releaseId === releaseId)?.waitsForMe;
    };
    expect([await mine(tokens.kim), await mine(token)]).toEqual([true, false]);
  });

  it('shows nobody what others may look at', async () => {
    const parts = gateway({ overviewMs: 1_000_000 });
    const { get, service, policy } = parts;
    policy.access = { look: ['approvers'] };
    const sees = async (token: string) =>
      ((await get('/v1/overview', token)).body as unknown as Overview).lanes.some((lane) => lane.service === service);
    expect([await sees(tokens.kim), await sees(tokens.dana)]).toEqual([true, false]);
  });
});
