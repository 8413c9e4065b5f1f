import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../../activities/records/port.ts';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import { keepBack } from '../../../activities/steps/back-again.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { notLetInWords } from '../../../domain/approvers.ts';
import { laneId, laneOfRun } from '../../../domain/contract/names.ts';
import { holdReason } from '../../../domain/hold-reason.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { RegionPhase, ReleaseStatus } from '../../../domain/contract/status.ts';
import {
  aCommit,
  aHash,
  aMember,
  anImage,
  aPlan,
  aPolicy,
  aRegion,
  aResult,
  aVerified,
} from '../../domain/builders.ts';
import type { EngineView } from '../../../client/cli/gateway-shapes.ts';
import { TemporalLate } from '../../../client/no-answer.ts';
import { aChange, aLaneMemory, aLaneOrder, aMomentLater } from '../../contract/records-builders.ts';
import { ownPackage } from '../../../client/own-package.ts';
import type { AnswerBody } from './gateway.ts';
import { writeHolder } from '../../support/lane-holder.ts';
import { anOrder, aStart, tokens, useGateway, verifier } from './gateway.ts';

const gateway = useGateway();

describe('the gateway', () => {
  it('knows people by their tokens', async () => {
    const { get } = gateway();
    expect(await get('/v1/me')).toMatchObject({
      status: 200,
      body: { id: 'dana', via: 'token', groups: ['developers'] },
    });
  });

  it('says of which version it is to whom it knows, whatever it answers, and to nobody else', async () => {
    const { server } = gateway();
    const versionFor = async (url: string, token: string) => {
      const { headers } = await server.inject({ url, headers: { authorization: `Bearer ${token}` } });
      return headers['slipway-version'];
    };
    const { version } = ownPackage();
    expect(await versionFor('/v1/me', tokens.dana)).toBe(version);
    expect(await versionFor('/v1/releases/no-such-release', tokens.dana)).toBe(version);
    expect(await versionFor('/v1/me', 'guessed')).toBeUndefined();
    expect(await versionFor('/healthz', tokens.dana)).toBeUndefined();
  });

  it('says that it is well to anybody, and how its parts are to whom it knows', async () => {
    const { get } = gateway();
    expect(await get('/healthz', '')).toEqual({ status: 200, body: { ok: true } });
    expect(await get('/v1/health')).toEqual({
      status: 200,
      body: { ok: true, temporal: 'ok', records: 'ok', tokens: 'ok', policy: 'ok', evidence: 'ok' },
    });
  });

  it('waits for none of its parts for long, and names the one that hangs', async () => {
    const { get, engine } = gateway({ answerMs: 1_000 });
    engine.look = () => new Promise(() => {});
    expect((await get('/v1/health')).body).toMatchObject({ ok: false, temporal: 'no answer in 1 s', records: 'ok' });
  });

  it('waits for silent records no longer than for others, whatever is asked, and says what may have been written', async () => {
    const { get, post, release, decisionPath, service, silence } = gateway({ answerMs: 1_000 });
    const id = await release();
    silence.falls = true;
    const rollback = { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli' };
    const answers = await Promise.all([
      post('/v1/releases', aStart(service)),
      post(decisionPath(id), anOrder('abort')),
      post('/v1/rollbacks', rollback, tokens.kim),
      post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim),
      get(`/v1/releases/${encodeURIComponent(id)}`),
      get('/v1/audit'),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.error.message]).toEqual([503, 'the records (PostgreSQL) do not answer: no answer in 1 s']);
      expect(body.error.next).toContain('What was to be written may be stored all the same');
    }
    expect((await get('/v1/health')).body).toMatchObject({ ok: false, temporal: 'ok', records: 'no answer in 1 s' });
  });

  it('names Temporal where it cannot say which queues are asked for work', async () => {
    const { get, engine } = gateway();
    engine.isPolled = () => Promise.reject(new TemporalLate('no answer in 8 s'));
    expect(await get('/v1/engine')).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', message: 'Temporal has not answered in time' } },
    });
  });

  it('goes on, and says so, while the policy file is broken and the last valid one is in force', async () => {
    const { get, policy } = gateway();
    policy.problem = 'policy.yaml is broken';
    expect((await get('/v1/health')).body).toMatchObject({
      ok: true,
      policy: { ok: false, says: 'policy.yaml is broken' },
    });
  });

  it('goes on, and says so, while evidence cannot be sent', async () => {
    const { get, evidence } = gateway();
    evidence.problems.push('it is away');
    expect((await get('/v1/health')).body).toMatchObject({ ok: true, evidence: { ok: false, says: 'it is away' } });
  });

  it('has nothing at other addresses', async () => {
    expect((await gateway().get('/v2')).body.error.code).toBe('not-found');
  });
});

describe('a release that is asked for', () => {
  it('starts once, with who asked', async () => {
    const { post, engine, service } = gateway();
    const { status, body } = await post('/v1/releases', aStart(service));
    expect(status).toBe(201);
    expect(body).toEqual({
      releaseId: `release/${service}/production/${aCommit()}/1`,
      created: true,
      pageUrl: `http://pages.test/runs/release/${service}/production/${aCommit()}/1`,
      temporalUrl: expect.stringContaining('http://temporal.test/namespaces/default/workflows/release%2F'),
    });
    expect(engine.started).toMatchObject([{ service, attempt: 1, requestedBy: { id: 'dana' } }]);
  });

  it('has the address of its commit where its repository is at GitHub, and none where nobody knows it', async () => {
    const viewOf = async (repository?: string) => {
      const { get, post, policy, service } = gateway();
      if (repository !== undefined) policy.repository = repository;
      const { body } = await post('/v1/releases', aStart(service));
      return (await get(`/v1/releases/${encodeURIComponent(body.releaseId)}`)).body;
    };
    expect(await viewOf('git@github.com:example/shop.git')).toMatchObject({
      commitUrl: `https://github.com/example/shop/commit/${aCommit()}`,
    });
    expect(await viewOf()).not.toHaveProperty('commitUrl');
  });

  it('is the same for the same request key, also when two are sent at once', async () => {
    const { post, engine, service } = gateway();
    const wanted = aStart(service);
    const both = await Promise.all([post('/v1/releases', wanted), post('/v1/releases', wanted)]);
    const again = await post('/v1/releases', wanted);
    expect(both.map((a) => a.status).sort()).toEqual([200, 201]);
    expect(again).toMatchObject({ status: 200, body: { created: false, releaseId: both[0].body.releaseId } });
    expect(engine.started).toHaveLength(1);
  });

  it('is the same for the same commit, until a new attempt is asked for', async () => {
    const { post, service } = gateway();
    await post('/v1/releases', aStart(service));
    expect((await post('/v1/releases', aStart(service))).body).toMatchObject({
      created: false,
      releaseId: expect.stringMatching(/\/1$/),
    });
    expect((await post('/v1/releases', aStart(service, { newAttempt: true }))).body).toMatchObject({
      created: true,
      releaseId: expect.stringMatching(/\/2$/),
    });
  });

  it.each([
    ['with other images', { images: { core: anImage('core', '6') } }],
    ['as a downgrade', { downgrade: true }],
    ['both', { images: { core: anImage('core', '6') }, downgrade: true }],
    ['on another branch', { branch: 'other' }],
  ])('is its own, and begins, whatever somebody else has asked for first: %s', async (_what, otherwise) => {
    const { post, engine, service } = gateway();
    const { body: theirs } = await post('/v1/releases', aStart(service, otherwise), tokens.kim);
    const images = { core: anImage('core') };
    const mine = await post('/v1/releases', aStart(service, { images }));
    expect(mine).toMatchObject({ status: 201, body: { created: true } });
    expect(engine.started[1]).toMatchObject({ images, downgrade: false, requestedBy: { id: 'dana' } });
    expect((await post('/v1/releases', aStart(service, { images }))).body.releaseId).toBe(mine.body.releaseId);
    const { body: again } = await post('/v1/releases', aStart(service, otherwise), tokens.kim);
    expect(again).toMatchObject({ created: false, releaseId: theirs.releaseId });
  });

  it('is no downgrade of a commit that has another attempt, until that is said: it says what there is', async () => {
    const { post, engine, service } = gateway();
    const images = { core: anImage('core') };
    const { body: theirs } = await post('/v1/releases', aStart(service, { images }));
    const mine = await post('/v1/releases', aStart(service, { downgrade: true }), tokens.kim);
    expect(mine).toMatchObject({ status: 409, body: { error: { code: 'asked-otherwise' } } });
    expect(mine.body.error.message).toBe(
      `${theirs.releaseId} is of this commit, and dana asked for it otherwise: with the images core=${images.core}, not as a downgrade`,
    );
    expect(mine.body.error.next).toContain('--new-attempt');
    expect(engine.started).toHaveLength(1);
    const own = await post('/v1/releases', aStart(service, { downgrade: true, newAttempt: true }), tokens.kim);
    expect(own).toMatchObject({ status: 201, body: { created: true } });
    expect(engine.started[1]).toMatchObject({ images: {}, downgrade: true, requestedBy: { id: 'kim' } });
  });

  it('is a run of its own where what is on record for the same was never signed, and that again when it is repeated', async () => {
    const { post, release, records, engine, service } = gateway();
    const { request } = (await records.attempts.find(await release()))!;
    const images = { core: anImage('core') };
    const { attempt } = await records.attempts.open({ ...request, images }, { requestKey: 'by-hand', fresh: true });
    const ask = () => post('/v1/releases', aStart(service, { images, requestKey: 'by-hand' }));
    const { status, body } = await ask();
    expect({ status, ...body }).toMatchObject({ status: 201, created: true });
    expect(body.releaseId).not.toBe(attempt.releaseId);
    expect(await ask()).toMatchObject({ status: 200, body: { created: false, releaseId: body.releaseId } });
    expect(engine.started.map(({ attempt: n }) => n)).toEqual([1, 3]);
  });

  it('says that it is stored where Temporal fails to start its run, and starts at the next try', async () => {
    const { post, engine, service, logged } = gateway();
    const start = engine.startRelease;
    const broken = new Error('permission denied');
    engine.startRelease = () => Promise.reject(broken);
    const wanted = aStart(service);
    const { status, body } = await post('/v1/releases', wanted);
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(body.error.message).toContain('the request is stored; whether');
    expect(logged).toEqual([broken]);
    engine.startRelease = start;
    expect(await post('/v1/releases', wanted)).toMatchObject({ status: 200, body: { created: false } });
  });

  it.each([
    ['was away', 14, 'Temporal cannot be reached'],
    ['was late', 4, 'Temporal has not answered in time'],
    ['was asked too much', 8, 'Temporal takes no more at present'],
  ])('starts at the next try when Temporal %s at the first', async (_how, code, told) => {
    const { post, engine, service } = gateway();
    const start = engine.startRelease;
    engine.startRelease = () => Promise.reject(Object.assign(new Error('no'), { code }));
    const wanted = aStart(service);
    const { status, body } = await post('/v1/releases', wanted);
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(body.error.message).toContain(told);
    engine.startRelease = start;
    expect(await post('/v1/releases', wanted)).toMatchObject({ status: 200, body: { created: false } });
    expect(engine.started).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown field', { force: true }, 'force'],
    ['a short commit', { commit: 'abc' }, 'commit'],
    ['a branch that climbs', { branch: 'a/../b' }, 'branch'],
    ['a branch that looks like an option', { branch: '--upload-pack=x' }, 'branch'],
    ['a control character', { branch: 'main\u001b[2J' }, 'branch'],
    ['an image without a digest', { images: { core: 'registry.test/core:latest' } }, 'images.core'],
    ['an image of no component', { images: { billing: anImage('billing') } }, 'images.billing'],
    [
      'an image from somewhere else',
      { images: { core: anImage().replace('registry.test', 'evil.test') } },
      'the policy allows images from registry.test',
    ],
    ['an empty key', { requestKey: '' }, 'requestKey'],
    ['a service that is a path', { service: '../etc' }, 'service'],
  ])('is refused with %s', async (_what, changes, field) => {
    const { post, engine, service } = gateway();
    const { status, body } = await post('/v1/releases', aStart(service, changes));
    expect(status).toBe(400);
    expect(body.error.message).toContain(field);
    expect(engine.started).toEqual([]);
  });

  it('is refused when the pipeline is, with the code and the next step', async () => {
    const { post } = gateway();
    const { status, body } = await post('/v1/releases', aStart('unknown'));
    expect(status).toBe(422);
    expect(body.error).toMatchObject({ code: 'SLIP-CFG-3', next: expect.any(String) });
  });

  it('is refused when the body is too large, or is no JSON', async () => {
    const { post, server, service } = gateway();
    for (const length of [300_000, 1_000_000]) {
      const { status, body } = await post('/v1/releases', aStart(service, { branch: 'x'.repeat(length) }));
      expect([status, body.error.code]).toEqual([413, 'bad-request']);
    }
    const headers = { authorization: `Bearer ${tokens.dana}`, 'content-type': 'application/json' };
    const broken = await server.inject({ method: 'POST', url: '/v1/releases', headers, payload: '{' });
    expect(broken.statusCode).toBe(400);
    expect(broken.json<AnswerBody>().error.code).toBe('bad-request');
  });
});

describe('what is asked about releases', () => {
  it('is answered with their rows, newest first', async () => {
    const { get, post, service, release } = gateway();
    const first = await release();
    const { body } = await post('/v1/releases', aStart(service, { newAttempt: true }));
    const rows = (await get(`/v1/releases?service=${service}`)).body.releases;
    expect(rows.map((row) => row.releaseId)).toEqual([body.releaseId, first]);
    expect((await get('/v1/releases?limit=1000')).status).toBe(400);
  });

  it('says why a run does not move when no worker answers', async () => {
    const { get, release } = gateway();
    const { body } = await get(`/v1/releases/${encodeURIComponent(await release())}`);
    expect(body).toMatchObject({
      open: true,
      why: [
        'No engine worker answers: start one, and the run goes on where it was.',
        expect.stringContaining('By the records its plan is made'),
      ],
    });
  });

  it('says that no version of the engine is current, and how one is made current', async () => {
    const { get, engine, release } = gateway();
    engine.without = { polled: ['ab12'] };
    const { body } = await get(`/v1/releases/${encodeURIComponent(await release())}`);
    expect(body).toMatchObject({
      why: [
        expect.stringContaining('No version'),
        expect.stringContaining('`slipway setup --make-current ab12`'),
        expect.stringContaining('By the records'),
      ],
    });
  });

  it('names the version of the engine that a run needs and that has no workers, and tells all versions', async () => {
    const { get, engine, release } = gateway();
    const version = { buildId: 'ab12', current: false, polled: false, pinned: 1 };
    engine.pinnedTo = version;
    engine.knownVersions = [version];
    const { body } = await get(`/v1/releases/${encodeURIComponent(await release())}`);
    expect(body).toMatchObject({
      why: [
        expect.stringMatching(/engine worker of version ab12: none polls/),
        expect.stringContaining('By the records'),
      ],
    });
    engine.polled = new Set(['slipway', 'slipway.watch', 'environment-production']);
    const { versions, queues } = (await get('/v1/engine')).body as unknown as EngineView;
    expect(versions).toEqual([version]);
    expect(queues.filter(({ polled }) => !polled).map(({ role, queue }) => `${role}: ${queue}`)).toEqual([
      'build: build',
      'environment:production: environment-production.watch',
      'environment:production: environment-production.roll-back',
      'environment:production: environment-production.roll-back-watch',
    ]);
    expect((await get('/v1/engine', '')).status).toBe(401);
  });

  it('is halted for a run that was ended from outside', async () => {
    const { get, engine, release } = gateway();
    const id = await release();
    engine.runs.set(id, { open: false, pending: [] });
    expect((await get(`/v1/releases/${encodeURIComponent(id)}`)).body).toMatchObject({
      open: false,
      outcome: 'halted',
    });
  });

  it('is not told of a run that was asked for while Temporal was away: it has not begun, and the same again begins it', async () => {
    const { get, post, engine, records, service, decisionPath } = gateway();
    const begin = engine.startRelease;
    engine.startRelease = () => Promise.reject(new TemporalLate('no answer'));
    expect((await post('/v1/releases', aStart(service))).status).toBe(503);
    const [attempt] = await records.attempts.list({ service, limit: 1 });
    const id = attempt!.releaseId;
    const look = async () => (await get(`/v1/releases/${encodeURIComponent(id)}`)).body;
    const { why, ...told } = (await look()) as unknown as ReleaseView;
    expect(told).toMatchObject({ open: false, unknown: 'not-begun' });
    expect(told).not.toHaveProperty('outcome');
    expect(why).toEqual([
      expect.stringContaining('It has not begun, or its history is gone'),
      expect.stringContaining(
        `\`slipway deploy --service ${service} --environment production --branch main --commit ${'a'.repeat(40)}\``,
      ),
    ]);
    expect(await post(decisionPath(id), anOrder('abort'))).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('it has not begun'), next: expect.stringContaining('--why') } },
    });
    expect((await records.attempts.find(id))?.outcome).toBeUndefined();
    engine.startRelease = begin;
    await post('/v1/releases', aStart(service));
    expect(await look()).toMatchObject({ releaseId: id, open: true });
    expect(await look()).not.toHaveProperty('unknown');
  });

  it('is not told of a rollback that was ordered while Temporal was away: it is to be ordered again', async () => {
    const { get, post, engine, records, release, service } = gateway();
    const id = await release();
    await records.inventory.record([aVerified({ service, releaseId: id })]);
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 9 });
    engine.startRollback = () => Promise.reject(new TemporalLate('no answer'));
    const order = { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli' };
    expect((await post('/v1/rollbacks', order, tokens.kim)).status).toBe(503);
    const run = `rollback/${service}/production/${order.decisionId}`;
    expect((await get(`/v1/releases/${encodeURIComponent(run)}`)).body).toMatchObject({
      open: false,
      unknown: 'not-begun',
      why: [expect.stringContaining('has not begun'), expect.stringContaining(`\`slipway rollback ${id} --reason`)],
    });
  });

  it('is halted for a run whose history is gone and that had changed something, with what undoes it, where the lane that Temporal has is the one on record', async () => {
    const { get, post, engine, records, release, service, decisionPath } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'one', what: 'core in nl', at: 1 });
    engine.runs.delete(id);
    const look = async () => (await get(`/v1/releases/${encodeURIComponent(id)}`)).body;
    expect(await look()).toMatchObject({
      open: false,
      unknown: 'elsewhere',
      why: [
        expect.stringContaining('core in nl'),
        expect.stringContaining('namespace default'),
        expect.stringContaining('slipway lane tell'),
      ],
    });
    expect(await post(decisionPath(id), anOrder('abort'))).toMatchObject({ status: 409 });
    expect((await records.attempts.find(id))?.outcome).toBeUndefined();
    const lane = { service, environment: 'production' };
    await engine.beginLane(lane);
    expect(await look()).toMatchObject({ unknown: 'elsewhere' });
    await records.lanes.begin(lane, engine.runs.get(laneId(lane))!.firstRunId!);
    const body = await look();
    expect(body).toMatchObject({
      open: false,
      outcome: 'halted',
      why: expect.arrayContaining([expect.stringContaining(`slipway rollback ${id}`)]),
    });
    expect(body).not.toHaveProperty('unknown');
  });

  it('is told from the records once it has ended, whatever workers there are', async () => {
    const { get, engine, records, release } = gateway();
    const id = await release();
    const regions = [{ region: 'de', phase: 'failed', note: 'crash loop', components: [] }];
    const timings = [{ stage: 'deploying', startedAt: 1, endedAt: 2 }];
    const result = { outcome: 'halted', summary: 'de crashes', artifacts: [], regions, timings };
    await records.plans.keep(id, 'result', result);
    await records.plans.keep(id, 'report', { log: [{ at: 1, line: 'deploying de' }], checks: [] });
    await records.attempts.conclude(id, { outcome: 'halted', summary: 'de crashes', endedAt: 3 });
    engine.runs.set(id, { open: false, pending: [] });
    expect((await get(`/v1/releases/${encodeURIComponent(id)}`)).body).toMatchObject({
      open: false,
      outcome: 'halted',
      status: { stage: 'done', regions, timings, log: [{ line: 'deploying de' }] },
    });
  });

  it('names what a run had changed that was ended from outside: it is not known what is there', async () => {
    const { get, engine, records, release } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'one', what: 'core in nl', at: 1 });
    engine.runs.set(id, { open: false, pending: [] });
    expect((await get(`/v1/releases/${encodeURIComponent(id)}`)).body).toMatchObject({
      summary: expect.stringContaining('ended from outside, half way'),
      status: { regions: [{ region: 'nl', phase: 'unknown', note: expect.stringContaining('core was changed') }] },
      why: expect.arrayContaining([expect.stringContaining('ended from outside, half way')]),
    });
  });

  it('names the database that a terminated run had begun to migrate, though it is in no region, also once its hold is cleared', async () => {
    const { get, engine, records, release, service } = gateway();
    const id = await release();
    const lane = { service, environment: 'production' };
    await records.touched.record({ workflowId: id, runId: 'one', what: 'database main', at: 1 });
    engine.runs.set(id, { open: false, pending: [] });
    const look = async () => (await get(`/v1/releases/${encodeURIComponent(id)}`)).body;
    const line = 'By the records it had begun to change database main.';
    expect(await look()).toMatchObject({ outcome: 'halted', troubles: [line], why: expect.arrayContaining([line]) });
    const [hold] = (await records.closings.list(lane)).holds;
    await records.closings.order(aLaneOrder(lane, { kind: 'clear-hold', lifts: hold!.id }));
    expect(await look()).toMatchObject({ troubles: [line], why: expect.arrayContaining([line]) });
  });

  it.each<[string, string[] | undefined]>([
    ['halted', ['By the records it had begun to change core in nl, database main.']],
    ['rolled-back', ['By the records it had begun to change core in nl, database main.']],
    ['an outcome of a newer version', ['By the records it had begun to change core in nl, database main.']],
    ['unproven', undefined],
  ])('names what was changed of an end that holds the lane, and of no other: %s', async (outcome, troubles) => {
    const { get, records, release } = gateway();
    const id = await release();
    for (const what of ['core in nl', 'database main'])
      await records.touched.record({ workflowId: id, runId: 'one', what, at: 1 });
    await records.attempts.conclude(id, { outcome, summary: 'so it was', endedAt: 3 });
    const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
    expect((body as unknown as ReleaseView).troubles).toEqual(troubles);
  });

  it('names the commands by which a lane that a run waits for is opened', async () => {
    const { get, engine, records, release, service } = gateway();
    const id = await release();
    const lane = { service, environment: 'production' };
    await records.closings.hold(lane, { id: 'hold-r0', by: 'r0', reason: 'look at de', from: 7 });
    engine.status = async () => ({
      releaseId: id,
      stage: 'awaiting-lane',
      doing: '',
      waitingFor: { what: 'the lane: on hold: look at de', who: `lane/${service}/production` },
      artifacts: [],
      migrations: [],
      regions: [],
      checks: [],
      timings: [],
      approvals: [],
      log: [],
    });
    expect((await get(`/v1/releases/${encodeURIComponent(id)}`)).body).toMatchObject({
      why: [
        'It waits for the lane: on hold: look at de.',
        expect.stringContaining(`lane clear-hold --service ${service} --environment production --id hold-r0`),
      ],
    });
  });

  const says = (id: string, changes: Partial<ReleaseStatus> = {}): ReleaseStatus => ({
    ...{ releaseId: id, stage: 'awaiting-approval', doing: '', artifacts: [], migrations: [], checks: [], timings: [] },
    ...{ regions: [{ region: 'nl', phase: 'pending', components: [] }], approvals: [], log: [] },
    ...changes,
  });

  it.each([
    ['the service', { withoutService: true }],
    ['the environment', { withoutService: true, withoutEnvironment: true }],
  ])(
    'says of a plan that waits for approval that the policy does not let it in any more, where that lost %s',
    async (_, lost) => {
      const { get, engine, records, release, policy, service } = gateway();
      const id = await release();
      await records.plans.store(aHash('6'), aPlan());
      engine.status = async () =>
        says(id, { planHash: aHash('6'), waitingFor: { what: 'approval', who: 'approvers' } });
      Object.assign(policy, lost);
      const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
      const line = notLetInWords({ service, environment: 'production' });
      expect(body).toMatchObject({ troubles: expect.arrayContaining([line]), why: expect.arrayContaining([line]) });
    },
  );

  it('says of a plan that waits for approval that nobody can tell whether it was made by another policy', async () => {
    const { get, engine, records, release, policy } = gateway();
    const id = await release();
    await records.plans.store(aHash('6'), aPlan());
    engine.status = async () => says(id, { planHash: aHash('6'), waitingFor: { what: 'approval', who: 'approvers' } });
    policy.unreadable = true;
    const { status, body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
    const line = expect.stringMatching(
      /^Whether this plan was made by another policy than this gateway has could not be told: .*cannot be read/,
    ) as unknown as string;
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ troubles: expect.arrayContaining([line]), why: expect.arrayContaining([line]) }),
    ]);
  });

  it('says where a run says otherwise of itself than it is on record, and by whom it was approved', async () => {
    const { get, post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    await post(decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.kim);
    engine.status = async () => says(id, { approvals: [{ by: 'eve', at: 1, channel: 'test' }] });
    const path = `/v1/releases/${encodeURIComponent(id)}`;
    const { body: before } = await get(path);
    expect(before).toMatchObject({ status: { approvals: [{ by: 'kim' }] } });
    expect(before).not.toHaveProperty('troubles');
    await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
    const line = 'The run itself does not say that it has begun to change core in nl, which is on record.';
    expect((await get(path)).body).toMatchObject({ troubles: [line], why: expect.arrayContaining([line]) });
  });

  const seenOf = async ({ get }: ReturnType<typeof gateway>, id: string) =>
    (await get(`/v1/releases/${encodeURIComponent(id)}`)).body as unknown as ReleaseView;
  const approves = (
    { post, decisionPath }: ReturnType<typeof gateway>,
    id: string,
    token: string,
    planHash = aHash(),
  ) => post(decisionPath(id), anOrder('approve', { planHash }), token);

  it('names none who has approved a run and was refused', async () => {
    const parts = gateway();
    const { engine, release } = parts;
    const id = await release();
    engine.status = async () => says(id);
    engine.answer = { kind: 'refused', reason: 'it is too late' };
    await approves(parts, id, tokens.kim);
    expect((await seenOf(parts, id)).status?.approvals).toEqual([]);
    engine.answer = { kind: 'taken', message: 'taken' };
    await approves(parts, id, tokens.lee);
    const { status, recorded } = await seenOf(parts, id);
    expect(status?.approvals).toMatchObject([{ by: 'lee' }]);
    // All that was decided is told, with why, and what the run did not take.
    expect(recorded?.decisions).toMatchObject([
      { kind: 'approve', by: 'kim', reason: 'because', refused: 'it is too late' },
      { kind: 'approve', by: 'lee', reason: 'because' },
    ]);
    expect(recorded?.decisions?.[1]).not.toHaveProperty('refused');
  });

  it('names none who has approved another plan than the one in force', async () => {
    const parts = gateway();
    const { engine, records, release } = parts;
    const id = await release();
    engine.status = async () => says(id);
    await approves(parts, id, tokens.kim);
    await records.plans.keep(id, 'planned', { hash: aHash('9') });
    expect((await seenOf(parts, id)).status?.approvals).toEqual([]);
    await approves(parts, id, tokens.lee, aHash('9'));
    expect((await seenOf(parts, id)).status?.approvals).toMatchObject([{ by: 'lee' }]);
  });

  const inPhase = (id: string, stage: ReleaseStatus['stage'], phase: RegionPhase) =>
    says(id, { stage, regions: [{ region: 'nl', phase, components: [] }] });

  it('says of an open run where no step has seen well what it calls verified, and nothing where one has', async () => {
    const parts = gateway();
    const { engine, records, release, service } = parts;
    const id = await release();
    engine.status = async () => inPhase(id, 'verifying', 'verified');
    const line = 'The run itself says that nl is verified; on record no step has seen it well.';
    expect((await seenOf(parts, id)).troubles).toEqual([line]);
    await records.inventory.record([aVerified({ service, region: 'nl', releaseId: id })]);
    expect(await seenOf(parts, id)).not.toHaveProperty('troubles');
  });

  it.each([
    ['and tells that where no step has', false],
    ['and has nothing to tell where one has', true],
  ])('holds what a run that has ended calls back against what steps have seen, %s', async (_what, isBack) => {
    const parts = gateway();
    const { engine, records, release } = parts;
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
    if (isBack) await isBackIn(records, id, ['nl']);
    await records.attempts.conclude(id, { outcome: 'halted', summary: 'so it was', endedAt: 3 });
    engine.status = async () => inPhase(id, 'done', 'rolled-back');
    engine.runs.set(id, { open: false, pending: [] });
    const line = 'The run itself says that nl is back; on record no step has seen all of it back.';
    expect((await seenOf(parts, id)).why.filter((one) => one === line)).toEqual(isBack ? [] : [line]);
  });

  it('asks the records as much however many regions a run says that it has: its own, or others', async () => {
    const { get, engine, records, release, askedRecords } = gateway();
    const id = await release();
    const own = Array.from({ length: 30 }, (_, i) => `r${i}`);
    const others = Array.from({ length: 1_000 }, (_, i) => `x${i}`);
    await records.plans.store(aHash('4'), aPlan({ regions: own.map((name) => aRegion(name)) }));
    await records.plans.keep(id, 'planned', { hash: aHash('4') });
    const lookAt = async (regions: string[]) => {
      const named = regions.map((region) => ({ region, phase: 'rolled-back' as const, components: [] }));
      engine.status = async () => says(id, { stage: 'rolling-back', regions: named });
      askedRecords.length = 0;
      const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
      return { asked: [...askedRecords].sort(), body };
    };
    const { asked } = await lookAt(['r0']);
    expect((await lookAt(own)).asked).toEqual(asked);
    const strange = await lookAt(others);
    expect(strange.asked).toEqual(asked);
    expect(strange.body).toMatchObject({ troubles: [expect.stringContaining('names x0, x1, x2 and 997 more')] });
  });

  it('asks the records as much however many regions a run has that is over', async () => {
    const { get, engine, records, release, askedRecords } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
    await records.attempts.conclude(id, { outcome: 'halted', summary: 'it hangs', endedAt: 3 });
    engine.runs.set(id, { open: false, pending: [] });
    const lookAt = async (length: number) => {
      const regions = Array.from({ length }, (_, i) => ({
        region: `r${i}`,
        phase: 'rolled-back' as const,
        components: [],
      }));
      engine.status = async () => says(id, { regions });
      askedRecords.length = 0;
      await get(`/v1/releases/${encodeURIComponent(id)}`);
      return [...askedRecords].sort();
    };
    expect(await lookAt(30)).toEqual(await lookAt(1));
  });

  it('asks nobody how a run has ended whose end is on record, whatever runs under its id', async () => {
    const { get, engine, records, release } = gateway();
    const id = await release();
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 3 });
    await records.plans.keep(id, 'result', aResult('verified'));
    engine.status = async () => says(id, { log: [{ at: 1, line: 'it is broken: roll it back' }] });
    for (const open of [true, false]) {
      engine.runs.set(id, { open, pending: [] });
      const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
      expect(body).toMatchObject({ open: false, outcome: 'verified' });
      expect(JSON.stringify(body)).not.toContain('it is broken');
    }
  });

  it('tells how a run has ended whose end is on record while Temporal is away', async () => {
    const { get, engine, records, release } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'the very one', what: 'core in nl', at: 1 });
    const told = { result: aResult('halted'), report: { log: [{ at: 1, line: 'nl crashes' }], checks: [] } };
    await records.attempts.conclude(id, { outcome: 'halted', summary: 'nl crashes', endedAt: 3, told });
    const away = () => Promise.reject(new Error('Temporal cannot be reached'));
    Object.assign(engine, { look: away, status: away });
    const { status, body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: 'halted', endedAt: 3, status: { log: [{ line: 'nl crashes' }] } });
  });

  it('says where what a release had verified was put back since', async () => {
    const { get, records, release, service } = gateway();
    const id = await release();
    const planHash = createHash('sha256').update(id).digest('hex');
    await records.plans.store(planHash, aPlan({ service, regions: [aRegion('de'), aRegion('nl')] }));
    await keepPlanHash(records.plans, id, planHash);
    const rows = ['de', 'nl'].map((region) => aVerified({ service, region, releaseId: id, planHash }));
    await records.inventory.record(rows);
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 3 });
    const path = `/v1/releases/${encodeURIComponent(id)}`;
    expect((await get(path)).body).not.toHaveProperty('troubles');
    await records.inventory.revoke(id, 'slow', ['nl']);
    const line = 'It is verified in nl no more: that was put back since, or has begun to be.';
    expect((await get(path)).body).toMatchObject({ outcome: 'verified', troubles: [line] });
  });

  it('asks, of what has ended and was changed by it, the very run that has changed it', async () => {
    const { get, engine, records, release } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'the very one', what: 'core in nl', at: 1 });
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 3 });
    const asked: (string | undefined)[] = [];
    engine.status = async (_, runId) => {
      asked.push(runId);
      return undefined;
    };
    engine.runs.set(id, { open: false, pending: [] });
    await get(`/v1/releases/${encodeURIComponent(id)}`);
    expect(asked).toEqual(['the very one']);
  });

  it('is not found for what there is not', async () => {
    const { get } = gateway();
    expect((await get('/v1/releases/release%2Fshop%2Fproduction%2Fx%2F1')).status).toBe(404);
    expect((await get(`/v1/plans/${aHash('9')}`)).body.error).toEqual({
      code: 'not-found',
      message: 'there is no such plan',
    });
  });

  it('says what was verified last where a plan goes to, with the plan that it was verified with', async () => {
    const { get, records, service } = gateway();
    const plan = aPlan({ service });
    const [earlier, later] = [aPlan({ service, tags: ['earlier'] }), aPlan({ service, tags: ['later'] })];
    await records.plans.store(aHash('5'), plan);
    const verified = async (hash = aHash('5')) => (await get(`/v1/plans/${hash}/verified`)).body;
    expect(await verified()).toEqual({});
    expect((await get(`/v1/plans/${aHash('9')}/verified`)).status).toBe(404);
    expect((await get(`/v1/plans/${aHash('5')}/verified`, 'nobody')).status).toBe(401);
    const row = (letter: string, verifiedAt: number, region: string) =>
      aVerified({
        service,
        region,
        verifiedAt,
        planHash: aHash(letter),
        releaseId: `release/${service}/production/${letter}/1`,
      });
    await records.inventory.record([row('2', 900, 'nl')]);
    await records.inventory.record([
      row('1', 500, 'de'),
      aVerified({ service, environment: 'staging', verifiedAt: 1_000 }),
    ]);
    expect(await verified()).toEqual({
      verified: { planHash: aHash('2'), releaseId: `release/${service}/production/2/1`, verifiedAt: 900 },
    });
    await records.plans.store(aHash('1'), earlier);
    await records.plans.store(aHash('2'), later);
    expect(await verified()).toMatchObject({ verified: { planHash: aHash('2'), plan: later } });
    await records.inventory.revoke(`release/${service}/production/2/1`, 'rolled back');
    expect(await verified()).toMatchObject({ verified: { planHash: aHash('1'), plan: earlier } });
  });

  it('shows a plan by its hash', async () => {
    const { get, records, service } = gateway();
    const plan = aPlan({ service });
    await records.plans.store(aHash('7'), plan);
    expect((await get(`/v1/plans/${aHash('7')}`)).body).toEqual(plan);
  });
});

describe('a decision', () => {
  it('is stored and signed before it is delivered', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    let stored = 0;
    engine.onDecide = async () => {
      stored = (await records.decisions.list(id)).length;
    };
    const order = anOrder('approve', { planHash: aHash() });
    expect(await post(decisionPath(id), order, tokens.kim)).toEqual({
      status: 200,
      body: { decisionId: order['decisionId'], accepted: true, answer: 'taken', message: 'the run has taken it' },
    });
    expect(stored).toBe(1);
    expect(engine.decided[0]?.decision).toMatchObject({ by: { id: 'kim', groups: ['approvers'] }, planHash: aHash() });
    expect(verifier.verify(engine.decided[0]!)).toBe(true);
  });

  it('is one decision when it is sent twice, also at once', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    const order = anOrder('approve', { planHash: aHash() });
    const answers = await Promise.all([1, 2, 3].map(() => post(decisionPath(id), order, tokens.kim)));
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(await records.decisions.list(id)).toHaveLength(1);
    expect(new Set(engine.decided.map((d) => d.signature)).size).toBe(1);
  });

  it('is refused when its id was used for another one', async () => {
    const { post, release, decisionPath } = gateway();
    const id = await release();
    const order = anOrder('approve', { planHash: aHash() });
    await post(decisionPath(id), order, tokens.kim);
    expect((await post(decisionPath(id), { ...order, kind: 'reject' }, tokens.kim)).status).toBe(409);
    expect((await post(decisionPath(id), { ...order, planHash: aHash('9') }, tokens.kim)).status).toBe(409);
  });

  it('is neither signed nor stored for who may not decide it, and that they tried is on record', async () => {
    const { post, engine, records, release, decisionPath, service } = gateway();
    const id = await release();
    const answer = await post(decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.dana);
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { message: 'dana is not in the group approvers' } },
    });
    expect(engine.decided).toEqual([]);
    expect(await records.decisions.list(id)).toEqual([]);
    expect(await records.audit.list(`${service}/production`, 5)).toMatchObject([
      {
        what: 'decision approve refused',
        who: 'dana',
        facts: { code: 'forbidden', refused: 'dana is not in the group approvers' },
      },
    ]);
  });

  it('is kept when no worker answers, and says so', async () => {
    const { post, engine, release, decisionPath } = gateway();
    const id = await release();
    engine.answer = { kind: 'queued' };
    const { status, body } = await post(decisionPath(id), anOrder('abort'), tokens.dana);
    expect([status, body.answer, body.message]).toEqual([
      200,
      'queued',
      'stored; it takes effect when a worker is back',
    ]);
  });

  it.each([
    ['approve', true],
    ['abort', true],
    ['reject', true],
    ['roll-back', true],
    ['retry', false],
    ['accept-failure', false],
  ])(
    'to %s that Temporal fails to deliver is answered as stored, and gone by where steps go by it, and the log says what went wrong',
    async (kind, isForSteps) => {
      const { post, engine, release, records, logged, decisionPath } = gateway();
      const id = await release();
      engine.answer = new Error('permission denied');
      const { status, body } = await post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
      expect({ status, body }).toMatchObject({ status: 200, body: { accepted: true, answer: 'unheard' } });
      const gone = isForSteps ? ', and each step goes by it' : '';
      expect(body.message).toContain(`stored${gone}; whether the run has heard of it is not known`);
      expect(await records.decisions.list(id)).toMatchObject([{ decision: { kind } }]);
      expect(logged).toEqual([engine.answer]);
    },
  );

  it.each([
    ['fails to tell', Object.assign(new Error('max depth exceeded'), { code: 13 })],
    ['is away', Object.assign(new Error('no connection'), { code: 14 })],
  ])('counts also where Temporal %s how the run is', async (_how, error) => {
    const { post, engine, release, records, decisionPath, get } = gateway();
    const id = await release();
    engine.look = () => Promise.reject(error);
    for (const kind of ['abort', 'roll-back'])
      expect(await post(decisionPath(id), anOrder(kind), tokens.kim)).toMatchObject({ status: 200 });
    expect(await records.decisions.list(id)).toMatchObject([{ decision: { kind: 'abort' } }, {}]);
    expect(await get(`/v1/releases/${encodeURIComponent(id)}`)).toMatchObject({ status: 200, body: { open: true } });
    expect((await post(decisionPath('release/none/production/x/1'), anOrder('abort'), tokens.kim)).status).not.toBe(
      200,
    );
  });

  it('that Temporal is away for says that it is stored, and is one decision when it is sent again', async () => {
    const { post, engine, release, records, decisionPath } = gateway();
    const id = await release();
    engine.answer = new TemporalLate('no answer in 4 s');
    const sent = anOrder('abort');
    const { status, body } = await post(decisionPath(id), sent, tokens.dana);
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(body.error.message).toContain('is stored, and each step goes by it, but the run may not have heard of it');
    engine.answer = { kind: 'taken', message: 'taken' };
    expect((await post(decisionPath(id), sent, tokens.dana)).status).toBe(200);
    expect(await records.decisions.list(id)).toHaveLength(1);
  });

  it.each([
    ['approve', new Error('permission denied'), 'See how it has ended: slipway status'],
    ['approve', new TemporalLate('no answer in 4 s'), 'See how it has ended: slipway status'],
    ['retry', new Error('permission denied'), 'See how it has ended: slipway status'],
    ['roll-back', new Error('permission denied'), 'Order the rollback of the ended release: slipway rollback'],
  ])(
    'to %s that the run may not have heard of is not said to count where its end is on record by then: %s',
    async (kind, answer, next) => {
      const { post, engine, records, release, decisionPath } = gateway();
      const id = await release();
      engine.onDecide = () => records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 2 });
      engine.answer = answer;
      const { status, body } = await post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
      const words = `${id} has ended: verified; whether it had heard of this before is not known`;
      expect([status, body.error.message, body.error.next]).toEqual([409, words, `${next} ${id}`]);
    },
  );

  it.each(['abort', 'reject'])(
    'to %s that comes after the first change counts at no step, whether the run has heard of it or not',
    async (kind) => {
      const { post, engine, records, release, decisionPath } = gateway();
      const id = await release();
      await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
      engine.answer = new Error('permission denied');
      const { status, body } = await post(decisionPath(id), anOrder(kind), tokens.kim);
      const words = 'core in nl had been changed already: ask for a rollback instead';
      expect([status, body.error.message]).toEqual([409, words]);
    },
  );

  it('is a conflict when the run refuses it, in its own words', async () => {
    const { post, engine, release, decisionPath } = gateway();
    const id = await release();
    engine.answer = { kind: 'refused', reason: 'the run is building, not awaiting approval' };
    const { status, body } = await post(decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.kim);
    expect([status, body.error.message]).toEqual([409, 'the run is building, not awaiting approval']);
  });

  it('that the run refuses is void on record, unless it is a no: that counts, and is told so', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    engine.answer = { kind: 'refused', reason: 'it is too late' };
    const sends = (kind: string) => post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
    for (const kind of ['approve', 'retry'])
      expect(await sends(kind)).toMatchObject({ status: 409, body: { error: { message: 'it is too late' } } });
    for (const kind of ['reject', 'abort'])
      expect(await sends(kind)).toMatchObject({
        status: 200,
        body: { message: expect.stringMatching(/it counts.*though the run says that it is too late/) },
      });
    const weighed = await records.decisions.weigh(id);
    expect(weighed.map(({ decision, refused }) => [decision.kind, refused])).toEqual([
      ['approve', 'it is too late'],
      ['retry', 'it is too late'],
      ['reject', undefined],
      ['abort', undefined],
    ]);
  });

  it('that is void is refused when it is sent again, and the run hears no more of it', async () => {
    const { post, engine, release, decisionPath } = gateway();
    const id = await release();
    const order = anOrder('retry');
    engine.answer = { kind: 'refused', reason: 'nothing has failed yet' };
    await post(decisionPath(id), order, tokens.kim);
    const heard: string[] = [];
    engine.onDecide = async () => void heard.push('again');
    engine.answer = { kind: 'taken', message: 'taken: retry' };
    const { status, body } = await post(decisionPath(id), order, tokens.kim);
    expect([status, body.error.message, body.error.next, heard]).toEqual([
      409,
      'it was refused when it was first said, and is void since: nothing has failed yet',
      'Decide again: that is another decision.',
      [],
    ]);
  });

  it('is told by the records, whatever the run says of it, once something has been changed', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
    const sends = (kind: string) => post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
    engine.answer = { kind: 'taken', message: 'taken: abort' };
    const late = 'core in nl had been changed already: ask for a rollback instead';
    expect(await sends('abort')).toMatchObject({ status: 409, body: { error: { message: late } } });
    engine.answer = { kind: 'refused', reason: 'the run is planning' };
    const counts = 'the run is planning. It counts all the same: the run has changed something';
    for (const kind of ['approve', 'roll-back'])
      expect(await sends(kind)).toMatchObject({
        status: 202,
        body: { accepted: true, answer: 'counts', message: expect.stringContaining(counts) },
      });
    expect((await records.decisions.weigh(id)).map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('against it counts before anything was changed, and says so by its word, though the run says otherwise', async () => {
    const { post, engine, release, decisionPath } = gateway();
    const id = await release();
    engine.answer = { kind: 'refused', reason: 'the run is planning' };
    const { status, body } = await post(decisionPath(id), anOrder('reject', { planHash: aHash() }), tokens.kim);
    expect([status, body.answer]).toEqual([200, 'counts']);
    expect(body.message).toContain('no step of the run changes anything from now on');
  });

  it('to go back that comes while the end is being recorded is told that it came too late, with the way on, and is void', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    await records.touched.record({ workflowId: id, runId: 'r', what: 'core in nl', at: 1 });
    engine.onDecide = () => records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 2 });
    engine.answer = { kind: 'refused', reason: 'the run has ended' };
    const { status, body } = await post(decisionPath(id), anOrder('roll-back'), tokens.kim);
    expect([status, body.error.message, body.error.next]).toEqual([
      409,
      `it came too late: ${id} has ended: verified`,
      `Order the rollback of the ended release: slipway rollback ${id}`,
    ]);
    expect(await records.decisions.weigh(id)).toMatchObject([{ refused: 'the run has ended' }]);
  });

  it.each(['reject', 'abort', 'approve', 'retry'])(
    'that is refused by a run whose end is on record by then does not count, and is told so: %s',
    async (kind) => {
      const { post, engine, records, release, decisionPath } = gateway();
      const id = await release();
      engine.onDecide = () => records.attempts.conclude(id, { outcome: 'failed', summary: 'broken', endedAt: 2 });
      engine.answer = { kind: 'refused', reason: 'the run has ended' };
      const { status, body } = await post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
      expect([status, body.error.message, body.error.next]).toEqual([
        409,
        `it came too late: ${id} has ended: failed`,
        `See how it has ended: slipway status ${id}`,
      ]);
    },
  );

  it('to go back that is about a rollback, by which no step goes, is not said to count, and is void', async () => {
    const { post, engine, records, release, service, decisionPath } = gateway();
    const id = await release();
    await records.inventory.record([aVerified({ service, releaseId: id })]);
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 1 });
    const order = { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli' };
    const rollback = (await post('/v1/rollbacks', order, tokens.kim)).body.releaseId;
    await records.touched.record({ workflowId: rollback, runId: 'r', what: 'core in de', at: 1 });
    engine.answer = { kind: 'refused', reason: 'this run is a rollback already' };
    const { status, body } = await post(decisionPath(rollback), anOrder('roll-back'), tokens.kim);
    expect([status, body.error.message]).toEqual([409, 'this run is a rollback already']);
    expect(await records.decisions.weigh(rollback)).toMatchObject([{ refused: 'this run is a rollback already' }]);
  });

  it('to call off a rollback is nothing for who asked for the bad release: it is not signed', async () => {
    const { post, records, release, service, decisionPath } = gateway();
    const id = await release();
    await records.inventory.record([aVerified({ service, releaseId: id })]);
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 1 });
    const order = { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli' };
    const rollback = (await post('/v1/rollbacks', order, tokens.kim)).body.releaseId;
    const { status, body } = await post(decisionPath(rollback), anOrder('abort'), tokens.dana);
    expect([status, body.error.message]).toEqual([403, 'dana is not in the group approvers']);
    expect(await records.decisions.weigh(rollback)).toEqual([]);
  });

  it('to approve another plan than the one in force is a conflict that names it, and is not stored', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    const { status, body } = await post(decisionPath(id), anOrder('approve', { planHash: aHash('9') }), tokens.kim);
    expect([status, body.error.code, body.error.message, body.error.next]).toEqual([
      409,
      'conflict',
      `${id} now has plan ${aHash()}, and not ${aHash('9')}: nothing was stored`,
      `Look at what would change now: slipway plan ${id}`,
    ]);
    expect(engine.decided).toEqual([]);
    expect(await records.decisions.list(id)).toEqual([]);
  });

  it('to approve before there is a plan is a conflict, and is not stored', async () => {
    const { post, records, service, decisionPath } = gateway();
    const { releaseId: id } = (await post('/v1/releases', aStart(service))).body;
    const { status, body } = await post(decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.kim);
    expect([status, body.error.message]).toEqual([409, expect.stringContaining('has no plan yet')]);
    expect(await records.decisions.list(id)).toEqual([]);
  });

  it('that approved the plan which was in force is the same decision when it is sent again after that has moved', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    const order = anOrder('approve', { planHash: aHash() });
    await post(decisionPath(id), order, tokens.kim);
    await records.plans.keep(id, 'planned', { hash: aHash('9') });
    expect((await post(decisionPath(id), order, tokens.kim)).status).toBe(200);
    expect(engine.decided.map(({ decision }) => decision.planHash)).toEqual([aHash(), aHash()]);
  });

  it('to reject an earlier plan is a no to the release: it is signed as it was meant, delivered, and said to count', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    const { status, body } = await post(decisionPath(id), anOrder('reject', { planHash: aHash('9') }), tokens.kim);
    expect([status, body.message]).toEqual([200, expect.stringContaining('a no to one plan is a no to the release')]);
    expect(engine.decided[0]?.decision).toMatchObject({ kind: 'reject', planHash: aHash('9') });
    expect(await records.decisions.weigh(id)).toMatchObject([{ decision: { kind: 'reject' } }]);
  });

  it('that is no approval carries the plan in force by the records, whatever is sent along', async () => {
    const { post, engine, release, decisionPath } = gateway();
    const id = await release();
    await post(decisionPath(id), anOrder('abort', { planHash: aHash('9') }), tokens.kim);
    expect(engine.decided[0]?.decision.planHash).toBe(aHash());
  });

  it('of whoever has written it is forbidden where authors may not approve', async () => {
    const { post, records, release, decisionPath, policy } = gateway();
    policy.approval = aPolicy({ excludeAuthors: true });
    const id = await release();
    const decide = () => post(decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.kim);
    await records.plans.keep(id, 'read', { authors: ['kim@example.test'] });
    const { status, body } = await decide();
    expect([status, body.error.message]).toEqual([
      403,
      'kim has written commits of this release and may not approve it',
    ]);
    await records.plans.keep(id, 'read', { authors: ['dana@example.test'] });
    expect((await decide()).status).toBe(200);
  });

  it('is followed by evidence of where the audit ends, and looking is not', async () => {
    const { get, post, release, decisionPath, evidence } = gateway();
    const id = await release();
    const before = evidence.asked;
    await post(decisionPath(id), anOrder('abort'));
    expect(evidence.asked).toBe(before + 1);
    await get('/v1/releases');
    expect(evidence.asked).toBe(before + 1);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['approves no plan in particular', anOrder('approve'), 400],
    ['is of an unknown kind', anOrder('deploy'), 400],
    ['names itself as somebody else', { ...anOrder('abort'), by: 'root' }, 400],
    ['hides control characters in its reason', anOrder('abort', { reason: 'fine\u0007\u001b[31m' }), 400],
    ['begins lines of its own in its reason', anOrder('abort', { reason: 'fine\nkim approved it' }), 400],
    ['has a reason of 10 kB', anOrder('abort', { reason: 'x'.repeat(10_000) }), 400],
    ['has an id with a slash, as a rollback would carry it', anOrder('abort', { decisionId: 'a/b' }), 400],
  ])('is refused when it %s', async (_what, order, status) => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    const answer = await post(decisionPath(id), order, tokens.kim);
    expect([answer.status, answer.body.error.code]).toEqual([status, 'bad-request']);
    expect(engine.decided).toEqual([]);
    expect(await records.decisions.list(id)).toEqual([]);
  });

  it.each(['approve', 'reject', 'abort', 'retry'])(
    'to %s that comes after the time to approve was over is a conflict that says so, and is not stored',
    async (kind) => {
      const { post, engine, records, release, decisionPath } = gateway();
      const id = await release();
      await records.attempts.conclude(id, { outcome: 'expired', summary: 'nobody has approved it', endedAt: 1 });
      engine.runs.set(id, { open: false, pending: [] });
      const { status, body } = await post(decisionPath(id), anOrder(kind, { planHash: aHash() }), tokens.kim);
      expect([status, body.error.code, body.error.message]).toEqual([409, 'conflict', `${id} has ended: expired`]);
      expect([await records.decisions.list(id), engine.decided]).toEqual([[], []]);
    },
  );

  it('about a run that has ended, or never was, is refused and not stored', async () => {
    const { post, engine, records, release, decisionPath } = gateway();
    const id = await release();
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 1 });
    engine.runs.set(id, { open: false, pending: [] });
    expect((await post(decisionPath(id), anOrder('abort'))).body.error.message).toBe(`${id} has ended: verified`);
    expect((await post(decisionPath('release/shop/production/x/1'), anOrder('abort'))).status).toBe(404);
    expect(await records.decisions.list(id)).toEqual([]);
  });
});

describe('a rollback that is ordered', () => {
  async function verified(regions = ['de']) {
    const parts = gateway();
    const id = await parts.release();
    const rows = regions.map((region) => aVerified({ service: parts.service, region, releaseId: id }));
    await parts.records.inventory.record(rows);
    await parts.records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: 1 });
    const order = (changes = {}) => ({
      releaseId: id,
      decisionId: `order-${parts.service}`,
      reason: 'slow',
      channel: 'cli',
      ...changes,
    });
    return { ...parts, id, order };
  }

  it('starts one run, however often it is ordered', async () => {
    const { post, engine, order, service } = await verified();
    const answers = await Promise.all([
      post('/v1/rollbacks', order(), tokens.kim),
      post('/v1/rollbacks', order(), tokens.kim),
    ]);
    expect(answers.map((a) => [a.status, a.body.releaseId])).toEqual(
      [1, 2].map(() => [201, `rollback/${service}/production/order-${service}`]),
    );
    expect(engine.rollbacks).toHaveLength(1);
  });

  it('says that it is stored where Temporal fails to start its run, and is carried out once when it is sent again', async () => {
    const { post, engine, records, order, service, id, logged } = await verified();
    const start = engine.startRollback;
    const broken = new Error('permission denied');
    engine.startRollback = () => Promise.reject(broken);
    const run = `rollback/${service}/production/order-${service}`;
    expect(await post('/v1/rollbacks', order(), tokens.kim)).toMatchObject({
      status: 503,
      body: {
        error: {
          code: 'unavailable',
          message: `the order is stored; whether ${run} has begun is not known: the log of the gateway says what went wrong`,
        },
      },
    });
    expect(logged).toEqual([broken]);
    engine.startRollback = start;
    expect(await post('/v1/rollbacks', order(), tokens.kim)).toMatchObject({ status: 201, body: { releaseId: run } });
    expect(engine.rollbacks).toEqual([run]);
    expect(await records.decisions.list(id)).toHaveLength(1);
  });

  it('is answered with its run when it is sent again after it was carried out', async () => {
    const { post, records, order, service, id } = await verified();
    const first = await post('/v1/rollbacks', order(), tokens.kim);
    await records.inventory.revoke(id, 'slow');
    await records.inventory.record([aVerified({ service })]);
    expect(await post('/v1/rollbacks', order(), tokens.kim)).toEqual(first);
    expect((await post('/v1/rollbacks', order({ regions: ['nl'] }), tokens.kim)).status).toBe(409);
  });

  it('is refused where something else runs by now, with the command for the regions where it still does, if there are any', async () => {
    const { post, records, order, service, id } = await verified(['de', 'nl', 'fr']);
    await records.inventory.record([aVerified({ service })]);
    const refusal = async (regions?: string[]) => {
      const { status, body } = await post('/v1/rollbacks', order({ ...(regions && { regions }) }), tokens.kim);
      return [status, body.error.next];
    };
    expect(await refusal()).toEqual([
      409,
      `Where it runs still: slipway rollback ${id} --region fr --region nl --reason "…"`,
    ]);
    expect(await refusal(['de', 'nl'])).toEqual([409, expect.stringContaining(`${id} --region nl --reason`)]);
    expect(await refusal(['de'])).toEqual([
      409,
      expect.stringMatching(/^See what runs where: slipway lane --service /),
    ]);
  });

  it('is refused by the id of an order to a run that was open, which has no run of its own', async () => {
    const { post, engine, release, decisionPath, service } = gateway();
    const id = await release();
    const decisionId = `order-${service}`;
    const sent = { decisionId, reason: 'slow', channel: 'cli' };
    expect((await post(decisionPath(id), { ...sent, kind: 'roll-back' }, tokens.kim)).status).toBe(200);
    const { status, body } = await post('/v1/rollbacks', { ...sent, releaseId: id }, tokens.kim);
    expect([status, body.error.message]).toEqual([409, expect.stringContaining('was used for another decision')]);
    expect(engine.rollbacks).toEqual([]);
  });

  it('is signed with the regions it is for', async () => {
    const { post, records, order, id } = await verified();
    await post('/v1/rollbacks', order({ regions: ['de'] }), tokens.kim);
    const [signed] = await records.decisions.list(id);
    expect(signed?.decision.regions).toEqual(['de']);
    expect(signed && verifier.verify(signed)).toBe(true);
  });

  it('is signed with when it expires: as long after it was given as the policy lets an approval wait', async () => {
    const { post, records, order, id, policy } = await verified();
    policy.approval = aPolicy({ expiresMs: 7_000 });
    await post('/v1/rollbacks', order(), tokens.kim);
    const [signed] = await records.decisions.list(id);
    const { decidedAt, expiresAt } = signed!.decision;
    expect(expiresAt).toBe(decidedAt + 7_000);
    expect(verifier.verify(signed!)).toBe(true);
    expect(verifier.verify({ ...signed!, decision: { ...signed!.decision, expiresAt: expiresAt! + 1 } })).toBe(false);
  });

  it('is shown as a run of its own', async () => {
    const { post, get, order } = await verified();
    const { body } = await post('/v1/rollbacks', order(), tokens.kim);
    expect((await get(`/v1/releases/${encodeURIComponent(body.releaseId)}`)).body).toMatchObject({
      releaseId: body.releaseId,
      requestedBy: 'kim',
      open: true,
    });
  });

  it('is halted, and recorded so, when its run was ended from outside', async () => {
    const { post, get, engine, records, order } = await verified();
    const { releaseId } = (await post('/v1/rollbacks', order(), tokens.kim)).body;
    await records.touched.record({ workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 });
    engine.runs.set(releaseId, { open: false, pending: [] });
    expect((await get(`/v1/releases/${encodeURIComponent(releaseId)}`)).body).toMatchObject({
      open: false,
      outcome: 'halted',
      status: { regions: [{ region: 'de', phase: 'unknown' }] },
    });
    expect(await records.plans.kept(releaseId, 'result')).toMatchObject({ outcome: 'halted' });
  });

  it('is forbidden to who may not', async () => {
    const { post, engine, records, order, id } = await verified();
    expect(await post('/v1/rollbacks', order(), tokens.dana)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    });
    expect(engine.rollbacks).toEqual([]);
    expect(await records.decisions.list(id)).toEqual([]);
  });

  it('is carried out of a release that is unproven, though what ran before it is all that is recorded', async () => {
    const { post, engine, records, service, release } = gateway();
    const id = await release();
    await records.inventory.record([aVerified({ service })]);
    await records.attempts.conclude(id, { outcome: 'unproven', summary: 'de could not be told', endedAt: 1 });
    const order = { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli', regions: ['de'] };
    expect((await post('/v1/rollbacks', order, tokens.kim)).status).toBe(201);
    expect(engine.rollbacks).toEqual([`rollback/${service}/production/order-${service}`]);
  });

  it.each(['rolled-back', 'superseded', 'failed', 'an outcome of a newer version'])(
    'is refused for a release that ended otherwise: %s',
    async (outcome) => {
      const { post, engine, records, release } = gateway();
      const id = await release();
      await records.attempts.conclude(id, { outcome, summary: 'so it was', endedAt: 1 });
      const order = { releaseId: id, decisionId: 'x', reason: 'r', channel: 'cli' };
      const { status, body } = await post('/v1/rollbacks', order, tokens.kim);
      expect([status, body.error.message]).toEqual([409, expect.stringContaining(`${id} ended ${outcome}: only what`)]);
      expect(engine.rollbacks).toEqual([]);
    },
  );

  it('is refused for a release that has not ended, that is not the newest, or is none', async () => {
    const parts = gateway();
    const open = await parts.release();
    const order = { releaseId: open, decisionId: 'x', reason: 'r', channel: 'cli' };
    expect((await parts.post('/v1/rollbacks', order, tokens.kim)).body.error.message).toContain('has not ended');
    expect((await parts.post('/v1/rollbacks', { ...order, releaseId: 'release/a/b/c/1' }, tokens.kim)).status).toBe(
      404,
    );
    const old = await verified();
    await old.records.inventory.record([aVerified({ service: old.service })]);
    expect((await old.post('/v1/rollbacks', old.order(), tokens.kim)).body.error.message).toContain('by now');
    // Whoever may not order it has nobody look through the lane for that.
    expect(await old.post('/v1/rollbacks', old.order(), tokens.dana)).toMatchObject({ status: 403 });
  });
});

describe('a rollback that was halted half way', () => {
  it('may be ordered again where the release still runs, and not where it is back', async () => {
    const { records, service, post, release } = gateway();
    const id = await release();
    const startedAt = (await records.attempts.find(id))!.startedAt;
    const row = (region: string, changes = {}) => aVerified({ service, region, verifiedAt: startedAt - 1, ...changes });
    await records.inventory.record([row('de'), row('nl')]);
    const touch = (workflowId: string, at: number) =>
      Promise.all(
        ['core in de', 'core in nl'].map((what) => records.touched.record({ workflowId, runId: 'r', what, at })),
      );
    await touch(id, startedAt + 1);
    const own = { releaseId: id, verifiedAt: startedAt + 2 };
    await records.inventory.record([row('de', own), row('nl', own)]);
    await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: startedAt + 2 });
    const first = `rollback/${service}/production/first`;
    await touch(first, startedAt + 3);
    await records.inventory.revoke(id, 'it was slow', ['de', 'nl']);
    const at = (region: string, phase: RegionPhase) => ({
      region,
      phase,
      components: [{ component: 'core', image: anImage(), phase, note: '' }],
    });
    await isBackIn(records, first, ['de']);
    await records.plans.keep(
      first,
      'result',
      aResult('halted', { regions: [at('de', 'rolled-back'), at('nl', 'failed')] }),
    );
    const order = (region: string) => ({
      releaseId: id,
      decisionId: `again-${region}`,
      reason: 'slow',
      channel: 'cli',
      regions: [region],
    });
    expect((await post('/v1/rollbacks', order('nl'), tokens.kim)).status).toBe(201);
    expect((await post('/v1/rollbacks', order('de'), tokens.kim)).body.error.message).toContain('by now');
  });
});

/** A step of this run has put core back there, and seen it. */
async function isBackIn(records: Records, workflowId: string, regions: string[]): Promise<void> {
  const lane = laneOfRun(workflowId)!;
  const { runId, what } = (await records.touched.find(workflowId))!;
  const authority = { releaseId: workflowId, ticket: { incarnation: 1, n: 1 } };
  for (const region of regions) {
    const change = aChange(lane, { region, purpose: 'roll-back' });
    const { number } = await records.changes.begin(change, { workflowId, runId, what: what[0]!, at: 1 });
    await records.changes.end(number, true);
    const mark = await records.changes.lookAt(lane, region);
    await keepBack(records, authority, region, { components: ['core'], mark });
  }
}

describe('a rollback of a release that was halted', () => {
  /** It was ended from outside after it had changed this: there is no result that would name its plan. */
  async function halted(what = ['core in de', 'core in nl']) {
    const parts = gateway();
    const { records, service } = parts;
    const lane = { service, environment: 'production' };
    const id = await parts.release();
    const plan = aPlan(lane);
    const planHash = hashOfPlan(plan);
    await records.plans.store(planHash, plan);
    await records.plans.keep(id, 'planned', { hash: planHash });
    const startedAt = (await records.attempts.find(id))!.startedAt;
    const touch = (workflowId: string, at: number, places = what) =>
      Promise.all(places.map((one) => records.touched.record({ workflowId, runId: 'r', what: one, at })));
    await records.inventory.record([aVerified({ ...lane }), aVerified({ ...lane, region: 'nl' })]);
    await touch(id, startedAt + 10);
    await records.attempts.conclude(id, { outcome: 'halted', summary: 'ended from outside', endedAt: startedAt + 20 });
    const order = (changes = {}) =>
      parts.post(
        '/v1/rollbacks',
        { releaseId: id, decisionId: `order-${service}`, reason: 'slow', channel: 'cli', ...changes },
        tokens.kim,
      );
    const later = { ...lane, releaseId: `release/${service}/production/${aCommit('c')}/1` };
    return { ...parts, lane, id, planHash, order, touch, later, at: startedAt + 30 };
  }

  it('is a run of its own, under the plan that it had', async () => {
    const { order, service, records, id, planHash } = await halted();
    expect(await order()).toMatchObject({
      status: 201,
      body: { releaseId: `rollback/${service}/production/order-${service}` },
    });
    const [signed] = await records.decisions.list(id);
    expect(signed?.decision).toMatchObject({ kind: 'roll-back', planHash });
    expect(await records.attempts.find(id)).toMatchObject({ outcome: 'halted' });
  });

  it('is for regions that it has changed, and no others', async () => {
    const { order, engine, id } = await halted(['core in de']);
    expect(await order({ regions: ['de', 'nl'] })).toMatchObject({
      status: 400,
      body: { error: { message: `${id} has changed nothing in nl` } },
    });
    expect(engine.rollbacks).toEqual([]);
    expect((await order({ regions: ['de'] })).status).toBe(201);
  });

  it('is refused where no region was changed', async () => {
    const { order, id } = await halted(['database main']);
    expect(await order()).toMatchObject({
      status: 409,
      body: {
        error: {
          message: `${id} had changed no region: there is nothing to put back`,
          next: expect.stringContaining(`slipway status ${id}`),
        },
      },
    });
  });

  it('is refused where something else was verified since', async () => {
    const { order, records, later } = await halted();
    await aMomentLater(records);
    await records.inventory.record([aVerified({ ...later, verifiedAt: await records.clock.now() })]);
    expect(await order()).toMatchObject({
      status: 409,
      body: { error: { message: `de runs ${later.releaseId} by now: only what runs can be rolled back` } },
    });
  });

  it('is refused where another release was left behind since, and names that one', async () => {
    const { order, touch, later, at } = await halted();
    await touch(later.releaseId, at, ['core in nl']);
    expect(await order()).toMatchObject({
      status: 409,
      body: { error: { next: `Roll that one back instead: slipway rollback ${later.releaseId}` } },
    });
  });

  it('is refused where everything is back already', async () => {
    const { order, records, touch, service, at, id } = await halted();
    const rollback = `rollback/${service}/production/earlier`;
    await touch(rollback, at);
    const regions = ['de', 'nl'].map((region) => ({ region, phase: 'rolled-back' as const, components: [] }));
    await isBackIn(records, rollback, ['de', 'nl']);
    await records.plans.keep(rollback, 'result', aResult('rolled-back', { regions }));
    expect((await order()).body.error.message).toBe(`${id} is back everywhere already: there is nothing to put back`);
  });

  type Halted = Awaited<ReturnType<typeof halted>>;
  const verifiedSince = async ({ records, later }: Halted, ...regions: string[]) => {
    await aMomentLater(records);
    const verifiedAt = await records.clock.now();
    await records.inventory.record(regions.map((region) => aVerified({ ...later, region, verifiedAt })));
  };
  const putBack = async ({ records, touch, service, at }: Halted) => {
    const rollback = `rollback/${service}/production/earlier`;
    await touch(rollback, at);
    await isBackIn(records, rollback, ['de', 'nl']);
  };

  it.each<[string, string[] | undefined, (run: Halted) => Promise<unknown>, RegExp | undefined]>([
    ['nothing has happened since', undefined, () => Promise.resolve(), undefined],
    [
      'another was verified in one region since',
      undefined,
      (run) => verifiedSince(run, 'de'),
      /rollback \S+ --region nl /,
    ],
    [
      'another was verified everywhere since',
      undefined,
      (run) => verifiedSince(run, 'de', 'nl'),
      /^See what runs where/,
    ],
    [
      'another has changed it since',
      undefined,
      (run) => run.touch(run.later.releaseId, run.at, ['core in nl']),
      /^Roll that one back instead: slipway rollback /,
    ],
    ['it is back everywhere', undefined, putBack, /then clear the hold of the lane\.$/],
    ['it had changed no region', ['database main'], () => Promise.resolve(), /then clear the hold of the lane\.$/],
  ])('is offered among the ways on as an order would be answered: %s', async (_, what, since, next) => {
    const run = await halted(what);
    const { startedAt } = (await run.records.attempts.find(run.id))!;
    const earlier = `release/${run.service}/production/${aCommit('e')}/1`;
    const row = { ...run.lane, releaseId: earlier, commit: aCommit('e'), verifiedAt: startedAt - 10 };
    await run.records.inventory.record(['de', 'nl'].map((region) => aVerified({ ...row, region })));
    await since(run);
    const { body } = await run.get(`/v1/releases/${encodeURIComponent(run.id)}`);
    const offered = (body as unknown as ReleaseView).why.find((line) => line.startsWith('2. '));
    const { status, body: answer } = await run.order();
    if (next === undefined) {
      expect([status, offered]).toEqual([201, expect.stringContaining(`slipway rollback ${run.id} `)]);
      return;
    }
    const { error } = answer;
    expect([status, error.next]).toEqual([409, expect.stringMatching(next)]);
    expect(offered).toBe(`2. An order to roll all of it back would be refused (${error.message}). ${error.next}`);
  });

  it('is offered where nobody can tell how it would be answered, and that is said: the rest is told all the same', async () => {
    const { get, id, failing } = await halted();
    failing.add('inventory.current');
    const { status, body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
    const untold = expect.stringMatching(/^Whether it can be rolled back could not be told: ./) as unknown as string;
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ outcome: 'halted', troubles: expect.arrayContaining([untold]) }),
    ]);
    const { why } = body as unknown as ReleaseView;
    expect(why).toEqual(
      expect.arrayContaining([untold, expect.stringMatching(/^2\. Back to what was verified before/)]),
    );
  });

  it('is seen in the lane until then: what is verified is not what may run', async () => {
    const { get, lane, id } = await halted(['core in de']);
    const { body } = await get(`/v1/lanes/${lane.service}/production`);
    expect(body).toMatchObject({
      leftBehind: [{ region: 'de', component: 'core', image: anImage('core'), releaseId: id, outcome: 'halted' }],
    });
  });
});

it('why a release was halted is told with the ways on', async () => {
  const { get, records, release, engine } = gateway();
  const id = await release();
  await records.attempts.conclude(id, { outcome: 'halted', summary: 'nl is not back', endedAt: 1 });
  engine.runs.set(id, { open: false, pending: [] });
  const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
  expect(body).toMatchObject({ why: expect.arrayContaining([expect.stringContaining(`slipway rollback ${id}`)]) });
});

describe('an order to a lane', () => {
  const hold = (parts: ReturnType<typeof gateway>, id: string, by = `release/${parts.service}/production/${id}/1`) =>
    parts.records.closings
      .hold({ service: parts.service, environment: 'production' }, { id, by, reason: `bad ${id}`, from: 7 })
      .then(() => by);
  const order = ({ post, service }: ReturnType<typeof gateway>, name: string, body: Record<string, unknown>) =>
    post(`/v1/lanes/${service}/production/${name}`, { reason: 'Black Friday', ...body }, tokens.kim);
  const freeze = async (parts: ReturnType<typeof gateway>, reason = 'sale') => {
    await order(parts, 'freeze', { reason });
    const { orders } = await parts.records.closings.list({ service: parts.service, environment: 'production' });
    parts.engine.ordered.length = 0;
    return orders.at(-1)!.signed.order.id;
  };
  /** What the lane says that it is closed by. */
  const closure = (id: string, kind: 'hold' | 'freeze', by = 'dana') => {
    const scope = { service: 'shop', environment: 'production' };
    return { id, kind, scope, from: 7, passes: [], by, reason: `bad ${id}` };
  };

  it('freezes it: on record before it is carried out', async () => {
    const parts = gateway();
    const { engine, records, service } = parts;
    const { status, body } = await order(parts, 'freeze', {});
    expect([status, body.service]).toEqual([200, service]);
    expect(engine.ordered).toEqual(['freeze by kim: Black Friday']);
    expect(await records.audit.list(`${service}/production`, 5)).toMatchObject([{ what: 'freeze', who: 'kim' }]);
  });

  it('ends a freeze whose key is not known any more, which is told until then', async () => {
    const parts = gateway();
    const { get, records, service, engine } = parts;
    const lane = { service, environment: 'production' };
    const stranger = createSigner(createKeyPair().privateKeyPem);
    const signed = stranger.signOrder({ id: randomUUID(), lane, kind: 'freeze', by: 'bert', at: 1, reason: 'audit' });
    await records.closings.order(signed);
    const path = `/v1/lanes/${service}/production`;
    const { body } = await get(path);
    const { id } = signed.order;
    expect(body).toMatchObject({
      status: { closures: [{ id, kind: 'freeze', reason: 'audit', unprovenKey: signed.keyId }] },
      differs: expect.arrayContaining([
        expect.stringContaining(`the freeze ${id} names ${signed.keyId}, a key that is not known here`),
      ]),
      waysOut: [expect.stringContaining(`--id ${id}`)],
    });
    await order(parts, 'unfreeze', {});
    expect(engine.ordered).toContain(`unfreeze by kim: Black Friday, lifts ${id}`);
    expect((await get(path)).body).toMatchObject({ status: { closures: [] } });
  });

  it('lifts what is in force by the records, under the name that it has there', async () => {
    const parts = gateway();
    const id = await freeze(parts);
    const by = await hold(parts, 'h1');
    // The lane has a name of its own for the hold, and says that another run has left it.
    parts.engine.lane = { ...parts.engine.lane, closures: [closure('hold-1.1', 'hold', 'release/other')] };
    await order(parts, 'clear-hold', {});
    await order(parts, 'unfreeze', {});
    expect(parts.engine.ordered).toContain('clear-hold by kim: Black Friday, lifts h1');
    expect(parts.engine.ordered).toContain(`unfreeze by kim: Black Friday, lifts ${id}`);
    const { orders } = await parts.records.closings.list({ service: parts.service, environment: 'production' });
    expect(orders.find(({ signed }) => signed.order.kind === 'clear-hold')?.signed.order).toMatchObject({
      lifts: 'h1',
      of: by,
    });
  });

  it('to lift one of several says which', async () => {
    const parts = gateway();
    const { engine } = parts;
    const [first, second] = [await freeze(parts, 'sale'), await freeze(parts, 'audit')];
    const { status, body } = await order(parts, 'unfreeze', {});
    expect([status, body.error.message]).toEqual([409, `there are 2: ${first} (sale), ${second} (audit)`]);
    expect(engine.ordered).toEqual([]);
    await order(parts, 'unfreeze', { id: second });
    expect(engine.ordered).toEqual([`unfreeze by kim: Black Friday, lifts ${second}`]);
  });

  it.each([
    ['unfreeze', 'freeze'],
    ['clear-hold', 'hold'],
  ])('to %s what never was is refused with what is in force, and nothing is stored', async (name, kind) => {
    const parts = gateway();
    const id = await freeze(parts);
    await hold(parts, 'h1');
    const { status, body } = await order(parts, name, { id: 'nonsense' });
    const inForce = kind === 'freeze' ? `${id} (sale)` : 'h1 (bad h1)';
    const message = `there was never a ${kind} nonsense in this lane; in force: ${inForce}`;
    expect([status, body.error.message]).toEqual([404, message]);
    const { orders } = await parts.records.closings.list({ service: parts.service, environment: 'production' });
    expect(orders).toHaveLength(1);
  });

  it('to lift what was lifted already changes nothing, and is no mistake', async () => {
    const parts = gateway();
    const id = await freeze(parts);
    for (const _time of ['first', 'second']) expect((await order(parts, 'unfreeze', { id })).status).toBe(200);
    const { orders } = await parts.records.closings.list({ service: parts.service, environment: 'production' });
    expect(orders.map(({ signed }) => signed.order.kind)).toEqual(['freeze', 'unfreeze']);
  });

  it('that is one freeze too many names the newest of that person, with the whole command', async () => {
    const parts = gateway();
    const freezes = [];
    for (let n = 0; n < 20; n += 1) freezes.push(await freeze(parts, `sale ${n}`));
    const { status, body } = await order(parts, 'freeze', {});
    const command = `slipway unfreeze --service ${parts.service} --environment production --id ${freezes.at(-1)} --reason "…"`;
    expect([status, body.error.next]).toEqual([409, expect.stringContaining(`\`${command}\` (kim: sale 19)`)]);
  });

  it('says of a reason that is too long how long it may be', async () => {
    const { status, body } = await order(gateway(), 'freeze', { reason: 'x'.repeat(301) });
    expect([status, body.error.message]).toEqual([400, 'reason is too long: 300 characters at most']);
  });

  it('lifts what the lane has never heard of, and hides', async () => {
    const parts = gateway();
    const id = await freeze(parts);
    parts.engine.lane = { ...parts.engine.lane, closures: [] };
    await order(parts, 'unfreeze', {});
    expect(parts.engine.ordered).toEqual([`unfreeze by kim: Black Friday, lifts ${id}`]);
  });

  it('lifts what the lane alone says that it is closed by for whoever names it, and touches nothing on record by that', async () => {
    const parts = gateway();
    const by = await hold(parts, 'h1');
    parts.engine.lane = { ...parts.engine.lane, closures: [closure('hold-9.9', 'hold', 'release/invented')] };
    const { body } = await order(parts, 'clear-hold', { id: 'hold-9.9' });
    expect(parts.engine.ordered).toEqual(['clear-hold by kim: Black Friday, lifts hold-9.9']);
    expect(body).toMatchObject({ status: { closures: [{ kind: 'hold', by }] } });
  });

  it('is delivered again with the next one where the lane has not heard it', async () => {
    const parts = gateway();
    const { engine } = parts;
    engine.takesNoOrder = true;
    await order(parts, 'freeze', { reason: 'sale' });
    engine.takesNoOrder = false;
    engine.ordered.length = 0;
    const { body } = await order(parts, 'freeze', { reason: 'audit' });
    expect(engine.ordered).toEqual(['freeze by kim: audit', 'freeze by kim: sale']);
    expect(body).not.toHaveProperty('differs');
  });

  it('that lifted something is delivered again, and not signed anew, while the lane says that it is still closed by it', async () => {
    const parts = gateway();
    const { engine, records, service } = parts;
    const id = await freeze(parts);
    const before = engine.lane;
    engine.takesNoOrder = true;
    await order(parts, 'unfreeze', {});
    engine.takesNoOrder = false;
    engine.ordered.length = 0;
    engine.lane = before;
    const { body } = await order(parts, 'unfreeze', { reason: 'again' });
    expect(engine.ordered).toEqual([`unfreeze by kim: Black Friday, lifts ${id}`]);
    expect(body).toMatchObject({ status: { closures: [] } });
    expect((await records.closings.list({ service, environment: 'production' })).orders).toHaveLength(2);
  });

  it('to lift one by its id reaches a lane that was ended by hand, which begins anew with it', async () => {
    const parts = gateway();
    const { engine } = parts;
    engine.laneAnswers = false;
    await order(parts, 'clear-hold', {});
    expect(engine.ordered).toEqual([]);
    await order(parts, 'clear-hold', { id: 'hold-1.1' });
    expect(engine.ordered).toEqual(['clear-hold by kim: Black Friday, lifts hold-1.1']);
    await hold(parts, 'h1');
    await order(parts, 'clear-hold', {});
    expect(engine.ordered.at(-1)).toBe('clear-hold by kim: Black Friday, lifts h1');
  });

  // The gateway's clock in these tests begins at 1,000,000.
  it.each([
    ['ahead', 1_060_000, 200],
    ['past', 999_000, 400],
    ['years away, as a time in microseconds would be', 1_800_000_000_000_000, 400],
  ])('to freeze until a time that is %s', async (_what, until, answered) => {
    const { post, engine, service } = gateway();
    const body = { reason: 'sale', until };
    expect((await post(`/v1/lanes/${service}/production/freeze`, body, tokens.kim)).status).toBe(answered);
    expect(engine.ordered).toEqual(answered === 200 ? [`freeze by kim: sale, until ${until}`] : []);
  });

  it('to lift what is not in force does nothing', async () => {
    const { post, engine, service } = gateway();
    const answer = await post(`/v1/lanes/${service}/production/unfreeze`, { reason: 'x' }, tokens.kim);
    expect([answer.status, engine.ordered]).toEqual([200, []]);
  });

  it('is refused for a service that the policy does not know there: it would freeze nothing', async () => {
    const { post, engine, service } = gateway();
    const { status, body } = await post('/v1/lanes/shpo/production/freeze', { reason: 'x' }, tokens.kim);
    expect([status, body.error.message]).toEqual([
      404,
      `the policy has no service shpo in production; it has ${service}`,
    ]);
    expect(engine.ordered).toEqual([]);
  });

  it.each([
    ['temporal', 'Temporal does not answer'],
    ['workers', 'no engine worker asks Temporal for work'],
    ['unknown', expect.stringContaining('why cannot be told')],
  ] as const)(
    'that the lane does not hear is on record and in force, and who is away is told: %s',
    async (away, why) => {
      const parts = gateway();
      Object.assign(parts.engine, { takesNoOrder: true, isAway: away });
      const frozen = await order(parts, 'freeze', {});
      const closures = [{ kind: 'freeze', reason: 'Black Friday' }];
      expect(frozen).toMatchObject({ status: 200, body: { unheard: why, unseen: { away, recorded: { closures } } } });
      const lifted = await order(parts, 'unfreeze', {});
      expect(lifted).toMatchObject({ status: 200, body: { unheard: why, unseen: { recorded: { closures: [] } } } });
    },
  );

  it('that whoever answers for the lane refuses is in force all the same, and told with what it says', async () => {
    const parts = gateway();
    parts.engine.refusesOrders = 'its signature does not hold';
    expect(await order(parts, 'freeze', {})).toMatchObject({
      status: 200,
      body: {
        unheard: 'whoever answers for the lane does not take it: its signature does not hold',
        status: { closures: [{ reason: 'Black Friday' }] },
        waysOut: [`slipway lane tell --service ${parts.service} --environment production`],
      },
    });
  });

  it('that Temporal fails to deliver is in force all the same, and told from the records, whatever else it fails to say', async () => {
    const parts = gateway();
    const { engine, logged } = parts;
    await hold(parts, 'h1');
    const broken = new Error('permission denied');
    const fails = () => Promise.reject(broken);
    Object.assign(engine, { orderLane: fails, laneStatus: fails, look: fails });
    const unheard = 'whether it was delivered is not known; the log of the gateway says what went wrong';
    const told = (closures: object[]) => ({ status: 200, body: { unheard, unseen: { recorded: { closures } } } });
    expect(await order(parts, 'freeze', {})).toMatchObject(told([{ kind: 'hold' }, { kind: 'freeze' }]));
    expect(logged).toContain(broken);
    expect(await order(parts, 'unfreeze', {})).toMatchObject(told([{ kind: 'hold' }]));
    expect(await order(parts, 'clear-hold', {})).toMatchObject(told([]));
    const cleared = await order(parts, 'clear-ticket', { ticket: '0000000001.0000000001' });
    expect(cleared).toMatchObject({ status: 200, body: { unseen: { recorded: { closures: [] } } } });
  });

  it('is answered with what the lane says where Temporal fails to say whether the run that holds it is open', async () => {
    const parts = gateway();
    const { engine, records, release, service } = parts;
    const id = await release();
    const ticket = { incarnation: 1, n: 1 };
    await writeHolder(records, { service, environment: 'production' }, { member: aMember(id), ticket, since: 1 });
    engine.look = () => Promise.reject(new Error('permission denied'));
    const { status, body } = await order(parts, 'freeze', {});
    expect({ status, body }).toMatchObject({ status: 200, body: { status: { closures: [{ kind: 'freeze' }] } } });
    expect(body).not.toHaveProperty('holderEnded');
  });

  it.each<[string, Record<string, unknown>]>([
    ['freeze', {}],
    ['clear-ticket', { ticket: '0000000001.0000000001' }],
  ])(
    'is done where the records cannot tell after it how the lane stands, and that is told: %s',
    async (kind, about) => {
      const parts = gateway();
      const { service } = parts;
      parts.failing.add('inventory.current');
      const { status, body } = await order(parts, kind, about);
      const untold = 'the gateway failed; its log says more';
      expect({ status, body }).toEqual({
        status: 200,
        body: { service, environment: 'production', inventory: [], untold },
      });
    },
  );

  it('is told again to whoever asks for that, by those who may order, and nothing more is stored', async () => {
    const parts = gateway();
    const { engine, post, service } = parts;
    engine.takesNoOrder = true;
    await order(parts, 'freeze', { reason: 'sale' });
    engine.takesNoOrder = false;
    engine.ordered.length = 0;
    const path = `/v1/lanes/${service}/production/tell`;
    expect((await post(path, {}, tokens.dana)).status).toBe(403);
    expect(engine.ordered).toEqual([]);
    const { body } = await post(path, {}, tokens.kim);
    expect(engine.ordered).toEqual(['freeze by kim: sale']);
    expect(body).not.toHaveProperty('differs');
  });

  it('is forbidden to who may not, and needs a reason', async () => {
    const { post, engine, service } = gateway();
    expect((await post(`/v1/lanes/${service}/production/freeze`, { reason: 'x' }, tokens.dana)).status).toBe(403);
    expect((await post(`/v1/lanes/${service}/production/freeze`, { reason: '' }, tokens.kim)).status).toBe(400);
    expect((await post(`/v1/lanes/${service}/UP/freeze`, { reason: 'x' }, tokens.kim)).status).toBe(400);
    expect(engine.ordered).toEqual([]);
  });
});

describe('a lane that is looked at', () => {
  const look = async ({ get, service }: ReturnType<typeof gateway>) => get(`/v1/lanes/${service}/production`);

  it('is told from the records, as unseen, when no worker answers for it', async () => {
    const parts = gateway();
    const { engine, records, service, post } = parts;
    engine.laneAnswers = false;
    expect((await look(parts)).body).not.toHaveProperty('unseen');
    const lane = { service, environment: 'production' };
    const memory = aLaneMemory();
    await records.lanes.begin(lane, 'run-a');
    await records.lanes.remember(lane, memory, { incarnation: 1, sequence: 1, runId: 'run-a' });
    const hold = { id: 'hold-one', by: 'release/one', reason: 'rolled back', from: 1 };
    await records.closings.hold(lane, hold);
    // Nobody has signed this one.
    await records.closings.order(aLaneOrder(lane, { kind: 'clear-hold', lifts: 'hold-one' }));
    // Nobody hears of it now; it closes the lane all the same.
    await post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim);
    const { body } = await look(parts);
    const closures = [
      { kind: 'hold', id: 'hold-one', by: 'release/one' },
      { kind: 'freeze', reason: 'sale' },
    ];
    expect(body).toMatchObject({ unseen: { recorded: { ...memory, closures } } });
    expect(body).not.toHaveProperty('status');
  });

  it('is told from the records where Temporal hangs, and who hangs is named', async () => {
    const parts = gateway();
    const { engine, service, post } = parts;
    Object.assign(engine, { laneAnswers: false, takesNoOrder: true, isAway: 'temporal' });
    engine.look = () => Promise.reject(new TemporalLate('no answer in 4 s'));
    expect((await look(parts)).body).toMatchObject({ unseen: { away: 'temporal' } });
    expect((await parts.get('/v1/lanes/shpo/production')).body.error.code).toBe('not-found');
    await post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim);
    const { body } = await look(parts);
    expect(body).toMatchObject({ unseen: { away: 'temporal', recorded: { closures: [{ reason: 'sale' }] } } });
  });

  it('is told from the records, and so are the orders to it, where Temporal fails to ask it', async () => {
    const parts = gateway();
    const { engine, service, post, logged } = parts;
    await post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim);
    const broken = new Error('permission denied');
    engine.laneStatus = () => Promise.reject(broken);
    const unseen = { status: 200, body: { unseen: { recorded: { closures: [{ reason: 'sale' }] } } } };
    expect(await look(parts)).toMatchObject(unseen);
    expect(await post(`/v1/lanes/${service}/production/tell`, {}, tokens.kim)).toMatchObject(unseen);
    expect(logged).toContain(broken);
  });

  it('that ran and runs no more is told as that', async () => {
    const parts = gateway();
    parts.engine.laneAnswers = false;
    parts.engine.runs.set(`lane/${parts.service}/production`, { open: false, pending: [] });
    expect((await look(parts)).body).toMatchObject({ unseen: { away: 'lane' } });
  });

  it('that ran and runs no more is begun anew by whoever has it told what is on record, and no other is', async () => {
    const parts = gateway();
    const { engine, service } = parts;
    const id = `lane/${service}/production`;
    const tell = () => parts.post(`/v1/lanes/${service}/production/tell`, {}, tokens.kim);
    engine.laneAnswers = false;
    expect((await tell()).body).not.toHaveProperty('unseen');
    expect(engine.runs.has(id)).toBe(false);
    engine.runs.set(id, { open: false, pending: [] });
    expect(await tell()).toMatchObject({ status: 200, body: { unseen: { away: 'begun' } } });
    expect(engine.runs.get(id)).toMatchObject({ open: true });
    expect((await tell()).body).toMatchObject({ unseen: { away: 'workers' } });
  });

  /** By a release, on record and by what the lane says. */
  async function held() {
    const parts = gateway();
    const { engine, records, release, service } = parts;
    const id = await release();
    const ticket = { incarnation: 1, n: 1 };
    await writeHolder(records, { service, environment: 'production' }, { member: aMember(id), ticket, since: 1 });
    engine.lane = { ...engine.lane, holder: { releaseId: id, ticket, since: 1 } };
    return { parts, engine, records, id };
  }

  it('says of a holder on record that its run has ended, which is recorded', async () => {
    const { parts, engine, records, id } = await held();
    expect((await look(parts)).body).not.toHaveProperty('holderEnded');
    engine.runs.set(id, { open: false, pending: [] });
    expect((await look(parts)).body).toMatchObject({ holderEnded: { outcome: 'halted' } });
    expect(await records.attempts.find(id)).toMatchObject({ outcome: 'halted' });
  });

  it('says of a holder on record that it has ended, too, where Temporal does not know its run any more', async () => {
    const { parts, engine, records, id } = await held();
    engine.runs.delete(id);
    expect((await look(parts)).body).not.toHaveProperty('holderEnded');
    const lane = laneOfRun(id)!;
    const firstRunId = (await records.lanes.begunBy(lane))!;
    engine.runs.set(laneId(lane), { firstRunId, open: true, pending: [] });
    expect((await look(parts)).body).toMatchObject({ holderEnded: { outcome: 'halted' } });
    expect(await records.attempts.find(id)).toMatchObject({ outcome: 'halted' });
  });

  it('says so also by a lane that was reset, and began anew on record, and not by the lane of another Temporal', async () => {
    const { parts, engine, records, id } = await held();
    engine.runs.delete(id);
    const lane = laneOfRun(id)!;
    engine.runs.set(laneId(lane), { firstRunId: 'the first', open: true, pending: [] });
    expect((await look(parts)).body).not.toHaveProperty('holderEnded');
    const begunBy = (await records.lanes.begunBy(lane))!;
    engine.runs.set(begunBy, { firstRunId: 'of another lane', open: false, pending: [] });
    expect((await look(parts)).body).not.toHaveProperty('holderEnded');
    engine.runs.set(begunBy, { firstRunId: 'the first', open: false, pending: [] });
    expect((await look(parts)).body).toMatchObject({ holderEnded: { outcome: 'halted' } });
  });

  it('is shown as the records have it, whatever its workflow says, and told where that says otherwise', async () => {
    const parts = gateway();
    const { engine, records, service, post } = parts;
    const lane = { service, environment: 'production' };
    const member = aMember(`release/${service}/production/${aCommit()}/1`);
    await writeHolder(records, lane, { member, ticket: { incarnation: 1, n: 1 }, since: 1 });
    await post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim);
    const [freeze] = engine.lane.closures;
    const waits = { ...aMember('release/two'), claiming: true };
    const invented = { ...freeze!, id: 'f9', by: 'mallory', reason: 'go away' };
    engine.lane = {
      holder: { releaseId: 'release/other', ticket: { incarnation: 9, n: 9 }, since: 1 },
      queue: [waits],
      closures: [invented],
      lastTicket: { incarnation: 9, n: 9 },
    };
    const { body } = await look(parts);
    expect(body).toMatchObject({
      status: {
        holder: { releaseId: member.releaseId, ticket: { incarnation: 1, n: 1 } },
        closures: [{ id: freeze!.id, by: 'kim', reason: 'sale' }],
        queue: [{ releaseId: 'release/two', claiming: true }],
      },
      differs: [
        'the lane itself says that release/other holds it, which is not on record so',
        `the lane itself does not say that it is closed by the freeze ${freeze!.id}, which is in force all the same`,
        expect.stringContaining('closed by the freeze f9, which is not on record so: frozen by mallory: go away'),
      ],
      waysOut: [
        expect.stringContaining(`terminate lane/${service}/production in Temporal`),
        `slipway lane tell --service ${service} --environment production`,
        `slipway unfreeze --service ${service} --environment production --id f9 --reason "…"`,
      ],
    });
  });

  it('has nothing to tell where its workflow says the same, under names of its own; other words of a hold it tells', async () => {
    const parts = gateway();
    const { engine, records, service, post } = parts;
    const by = `release/${service}/production/${aCommit()}/1`;
    const summary = 'nothing was changed: clear this hold';
    const reason = holdReason({ releaseId: by, outcome: 'halted', changed: ['core in de'], summary });
    await records.closings.hold({ service, environment: 'production' }, { id: 'h1', by, reason, from: 1 });
    await post(`/v1/lanes/${service}/production/freeze`, { reason: 'sale' }, tokens.kim);
    const [freeze] = engine.lane.closures;
    const own = { ...freeze!, kind: 'hold' as const, id: 'hold-1.1', by, reason };
    engine.lane = { ...engine.lane, closures: [freeze!, own] };
    const { body } = await look(parts);
    expect(body).not.toHaveProperty('differs');
    expect(body).toMatchObject({ status: { closures: [{ kind: 'hold', reason }, { kind: 'freeze' }] } });
    const untrue = holdReason({ releaseId: by, outcome: 'halted', summary });
    engine.lane = { ...engine.lane, closures: [freeze!, { ...own, reason: untrue }] };
    expect((await look(parts)).body).toMatchObject({
      status: { closures: [{ kind: 'hold', reason }, { kind: 'freeze' }] },
      differs: [expect.stringContaining(`the hold hold-1.1 in other words than those on record: on hold: ${untrue}`)],
    });
  });

  it('is refused with the names that there are when one is typed wrong, unless it has a past', async () => {
    const { get, engine, records, service } = gateway();
    engine.laneAnswers = false;
    expect(await get(`/v1/lanes/${service}/prodution`)).toMatchObject({
      status: 404,
      body: { error: { message: 'the policy lets no service into prodution; its environments are production' } },
    });
    expect((await get('/v1/lanes/shpo/production')).body.error.message).toContain(`it has ${service}`);
    await records.inventory.record([aVerified({ service, environment: 'retired' })]);
    expect((await get(`/v1/lanes/${service}/retired`)).status).toBe(200);
  });

  it('has what is verified', async () => {
    const { get, records, service } = gateway();
    await records.inventory.record([aVerified({ service })]);
    const { body } = await get(`/v1/lanes/${service}/production`);
    expect(body).toMatchObject({
      service,
      environment: 'production',
      inventory: [{ region: 'de', component: 'core' }],
      status: { queue: [] },
    });
  });
});
