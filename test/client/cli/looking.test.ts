import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { releaseView } from '../../../client/answers/releases.ts';
import type { LaneClosure } from '../../../domain/contract/lane.ts';
import { neededQueues } from '../../../domain/task-queues.ts';
import { aLane, aPlan, aRelease, aStatus, awaitingApproval, ended, noon } from './builders.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const path = (id: string) => `GET /v1/releases/${encodeURIComponent(id)}`;
const place = ['--service', 'shop', '--environment', 'production'];

describe('status', () => {
  it('shows the newest release of an environment', async () => {
    const release = aRelease();
    gateway.on('GET /v1/releases?service=shop&environment=production&limit=1', { body: { releases: [release] } });
    gateway.on(path(release.releaseId), { body: release });
    const { exitCode, stdout } = await slipway(['status', ...place], gateway.url);
    expect(stdout).toContain(release.releaseId);
    expect(stdout).toContain('● deploying: waits for the pods of core in eu-west');
    expect(exitCode).toBe(0);
  });

  it('shows what fails while it goes on, and the commands by which people decide about it', async () => {
    const trouble = 'deploy core in nl (applyComponent) failed, and is tried again at 12:00';
    const release = aRelease({
      troubles: [trouble],
      status: aStatus({ stage: 'held', waitingFor: { what: 'nl', who: 'ada', decisions: ['retry', 'roll-back'] } }),
    });
    gateway.on(path(release.releaseId), { body: release });
    const { stdout } = await slipway(['status', release.releaseId], gateway.url);
    expect(stdout).toContain(`Trouble\n  ${trouble}\n`);
    expect(stdout).toContain(`  slipway retry ${release.releaseId}\n  slipway rollback ${release.releaseId}\n`);
  });

  it('names what opens the lane that a run waits for, and not the lane itself', async () => {
    const opens = 'Once somebody has looked, a person opens the lane: `slipway lane clear-hold …`.';
    const waitingFor = { what: 'the lane: on hold: look', who: 'lane/shop/production' };
    const release = aRelease({ why: [opens], status: aStatus({ stage: 'awaiting-lane', waitingFor }) });
    gateway.on(path(release.releaseId), { body: release });
    for (const args of [['status'], ['watch', '--timeout', '1s']]) {
      const { stdout } = await slipway([args[0]!, release.releaseId, ...args.slice(1)], gateway.url);
      expect(stdout).toContain(opens);
      expect(stdout).not.toContain('who can move it: lane/');
    }
  });

  it('says why, and only that, with --why', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release });
    const { stdout } = await slipway(['status', release.releaseId, '--why'], gateway.url);
    expect(stdout).toBe(`${release.releaseId}  deploying\n  ${release.why[0]}\n`);
  });

  it.each([
    ['not-begun', 'it has not begun, or its history is gone'],
    ['elsewhere', 'this Temporal knows neither it nor its lane'],
    ['constructor', 'Temporal does not know it'],
  ])('says of a run that Temporal does not know what is known of it: %s', async (unknown, words) => {
    const { status: _, ...known } = aRelease({ open: false, why: ['Next: look elsewhere'] });
    gateway.on(path(known.releaseId), { body: { ...known, unknown } });
    expect((await slipway(['status', known.releaseId], gateway.url)).stdout).toContain(`? ${words}`);
    const { stdout } = await slipway(['status', known.releaseId, '--why'], gateway.url);
    expect(stdout).toBe(`${known.releaseId}  ${words}\n  Next: look elsewhere\n`);
  });

  it('follows with --follow, as `watch` does, and says what does not go with that', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'rejected') });
    const { exitCode, stdout } = await slipway(['status', release.releaseId, '--follow'], gateway.url);
    expect([exitCode, stdout]).toEqual([11, expect.stringContaining('rejected: it rejected')]);
    for (const more of [
      ['--follow', '--why'],
      ['--timeout', '5m'],
      ['--follow', '--timeout', 'soon'],
    ])
      expect((await slipway(['status', release.releaseId, ...more], gateway.url)).exitCode).toBe(2);
  });

  it('gives the view with --json, with times as people and programs read them', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release });
    const { json } = await slipway(['status', release.releaseId, '--json'], gateway.url);
    expect(json).toMatchObject({ version: 1, startedAt: '2026-03-01T12:00:00.000Z', why: release.why });
    const { version: _version, ...view } = json;
    expect(z.encode(releaseView, view as never)).toEqual(JSON.parse(JSON.stringify(release)));
  });

  it('shows the recorded row and the reason when no worker answers', async () => {
    const { status: _, ...row } = ended(aRelease(), 'halted', {
      why: ['the history is gone; this is what was recorded'],
    });
    gateway.on(path(row.releaseId), { body: row });
    const { exitCode, stdout } = await slipway(['status', row.releaseId], gateway.url);
    expect(stdout).toContain('✖ halted — it halted');
    expect(stdout).toContain('the history is gone');
    expect(exitCode).toBe(0);
  });

  it('wants a release to be named', async () => {
    expect(await slipway(['status', '--service', 'shop'], gateway.url)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('next:'),
    });
  });
});

it('lists releases with ids that can be copied', async () => {
  const { status: _, why: __, ...row } = ended(aRelease(), 'superseded');
  gateway.on('GET /v1/releases?limit=20', { body: { releases: [row] } });
  const { stdout } = await slipway(['releases'], gateway.url, { terminal: true, columns: 40 });
  expect(stdout).toContain(row.releaseId);
  expect(stdout).toContain('superseded');
});

it('shows the plan of a release by id and by hash', async () => {
  const { plan, hash } = aPlan();
  const release = awaitingApproval(hash);
  gateway.on(path(release.releaseId), { body: release });
  gateway.on(`GET /v1/plans/${hash}`, { body: plan });
  gateway.on('GET /v1/lanes/shop/production', { body: aLane() });
  const byId = await slipway(['plan', release.releaseId], gateway.url);
  expect(byId.stdout).toContain('999999999999 → aaaaaaaaaaaa');
  // By its hash alone nobody knows who has asked for it.
  const asked = new RegExp(`^asked for by ${release.requestedBy}, .*\\n`, 'm');
  expect(byId.stdout).toMatch(asked);
  expect((await slipway(['plan', hash], gateway.url)).stdout).toBe(byId.stdout.replace(asked, ''));
  const { json } = await slipway(['plan', hash, '--json'], gateway.url);
  expect(json).toMatchObject({ hash, plan: JSON.parse(JSON.stringify(plan)) as object });
});

describe('a plan beside what was verified last', () => {
  const before = aPlan({ approval: { ...aPlan().plan.approval, quorum: 3 } });
  const { plan, hash } = aPlan();
  const release = awaitingApproval(hash);
  const verified = { planHash: before.hash, releaseId: 'release/shop/production/earlier/1', verifiedAt: noon };
  const show = async (args: string[]) => slipway(args, gateway.url);
  beforeEach(() => {
    gateway.on(path(release.releaseId), { body: release });
    gateway.on(`GET /v1/plans/${hash}`, { body: plan });
    gateway.on(`GET /v1/plans/${hash}/verified`, { body: { verified: { ...verified, plan: before.plan } } });
    gateway.on('GET /v1/lanes/shop/production', { body: aLane() });
  });

  it.each([['plan'], ['status'], ['approve', '--yes', '--plan', hash]])(
    'is told by `slipway %s`: first what deserves a second look, then what differs, and how much is as it was',
    async (command, ...rest) => {
      gateway.on(`POST /v1/releases/${encodeURIComponent(release.releaseId)}/decisions`, { body: { accepted: true } });
      const { stdout } = await show([command, release.releaseId, ...rest]);
      expect(stdout).toContain(`verified here last: plan ${before.hash}\n  of ${verified.releaseId}`);
      expect(stdout).toContain('! people: 2, was 3\n      fewer people must approve than before');
      expect(stdout).toMatch(/Approval\n {2}people +3 → 2\n/);
      expect(stdout).not.toContain('not by the requester  ');
      expect(stdout).toMatch(
        new RegExp(`\\d+ lines of the plan are as they were. All of it: slipway plan ${hash} --full`),
      );
    },
  );

  it.each([['plan'], ['status'], ['approve', '--yes', '--plan', hash]])(
    'is told whole by `slipway %s … --full`',
    async (command, ...rest) => {
      gateway.on(`POST /v1/releases/${encodeURIComponent(release.releaseId)}/decisions`, { body: { accepted: true } });
      const { stdout } = await show([command, release.releaseId, ...rest, '--full']);
      expect(stdout).toMatch(/not by the requester +yes\n/);
      expect(stdout).not.toContain('as they were');
    },
  );

  it('is data with --json', async () => {
    const { json } = await show(['status', release.releaseId, '--json']);
    expect(json['plan']).toMatchObject({
      hash,
      verified: { ...verified, verifiedAt: new Date(verified.verifiedAt).toISOString() },
      secondLooks: expect.arrayContaining([{ what: 'people: 2, was 3', why: 'fewer people must approve than before' }]),
      lines: expect.arrayContaining([{ section: 'Approval', what: 'people', before: '3', after: '2' }]),
      moreLines: expect.any(Number),
    });
  });

  it('says who may approve it where it was made by another policy than the gateway has', async () => {
    expect((await show(['plan', hash])).stdout).toContain('Approval: 2 people of release-managers,');
    const approvalNow = { ...plan.approval, quorum: 3, groups: ['directors'] };
    const answer = { verified: { ...verified, plan: before.plan }, approvalNow };
    gateway.on(`GET /v1/plans/${hash}/verified`, { body: answer });
    const { stdout } = await show(['plan', hash]);
    expect(stdout).toContain('Approval, by this plan: 2 people of release-managers,');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      "! This plan was made by another policy than this gateway has, which asks for 3 people of directors, not by the requester, within 1 h 00 min. Both are asked who may approve: 2 of those who are both in directors (by this gateway's policy) and in release-managers (by the plan). Where there is nobody: abort it, then a new attempt. Approved all the same, it is made anew before anything is changed, and asked about again.",
    );
    expect((await show(['plan', hash, '--json'])).json).toMatchObject({ approvalNow });
  });

  it.each([
    [
      'not-let-in',
      `does not let ${plan.service} into ${plan.environment}: a plan that is approved all the same is refused`,
    ],
    ['untold', 'Whether this plan was made by another policy than this gateway has could not be told.'],
  ])('says where the policy of the gateway is %s', async (policyNow, words) => {
    gateway.on(`GET /v1/plans/${hash}/verified`, { body: { policyNow } });
    const { stdout } = await show(['plan', hash]);
    expect(stdout).toContain('Approval, by this plan: 2 people of release-managers,');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(words);
    expect((await show(['plan', hash, '--json'])).json).toMatchObject({ policyNow });
  });

  it('says that a rollback is refused once a contracting migration was applied', async () => {
    const { stdout } = await show(['plan', hash]);
    expect(stdout).toContain(
      'On failure: roll-back-all. Once 0005_drop_total may have been applied, a rollback is refused: the release halts, its lane is on hold,',
    );
  });

  it('names where another plan stands than the one it is compared with', async () => {
    const { stdout } = await show(['plan', hash]);
    expect(stdout).toContain(
      `verified with another plan, ${'e'.repeat(64)}: core in eu-west, web in eu-west, core in us-east`,
    );
  });

  it.each([
    ['another content', { ...verified, plan: { ...before.plan, tags: ['x'] } }],
    [
      'the plan of another service',
      { ...verified, planHash: aPlan({ service: 'bank' }).hash, plan: aPlan({ service: 'bank' }).plan },
    ],
  ])('is refused when the gateway compares it with %s', async (_, answer) => {
    gateway.on(`GET /v1/plans/${hash}/verified`, { body: { verified: answer } });
    const { exitCode, stdout, stderr } = await show(['plan', hash]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('Do not approve it');
  });

  it.each([
    ['nothing was verified there', { body: {} }, 'Nothing has been verified here yet'],
    ['the earlier plan is not on record', { body: { verified } }, 'is not on record any more'],
    [
      'the gateway is of an earlier version',
      { status: 404, body: { error: { code: 'not-found', message: 'no' } } },
      'could not be asked',
    ],
  ])('is told whole, and why, when %s', async (_, answer, why) => {
    gateway.on(`GET /v1/plans/${hash}/verified`, answer);
    const { stdout } = await show(['plan', hash]);
    expect(stdout).toContain(why);
    expect(stdout).toMatch(/not by the requester +yes\n/);
  });

  it('does not keep the status of a release from being shown when it cannot be had', async () => {
    gateway.on(`GET /v1/plans/${hash}`, { status: 404, body: { error: { code: 'not-found', message: 'no' } } });
    const { exitCode, stdout } = await show(['status', release.releaseId]);
    expect(stdout).toContain('awaiting-approval');
    expect(exitCode).toBe(0);
  });
});

describe('lane', () => {
  const closure = (about: Pick<LaneClosure, 'id' | 'kind' | 'reason' | 'by'> & Partial<LaneClosure>): LaneClosure => ({
    scope: { service: 'shop', environment: 'production' },
    from: noon,
    passes: [],
    ...about,
  });
  const held = aLane({
    status: {
      holder: { releaseId: 'release/shop/production/x/1', ticket: { incarnation: 1, n: 5 }, since: noon },
      queue: [
        {
          releaseId: 'release/shop/production/y/1',
          kind: 'release',
          commit: 'y',
          queue: 'fifo',
          joinedAt: noon,
          claiming: true,
        },
      ],
      closures: [
        closure({ id: 'hold-1.4', kind: 'hold', reason: 'rolled back', by: 'release/shop/production/w/1' }),
        closure({ id: 'f1', kind: 'freeze', reason: 'quarter end', by: 'ada', until: noon + 7_200_000 }),
        closure({ id: 'w1', kind: 'window', reason: 'nights', by: 'policy', from: noon + 3_600_000 }),
      ],
      lastTicket: { incarnation: 1, n: 5 },
    },
  });

  it('shows who writes, who waits, and the command that lets releases in again', async () => {
    gateway.on('GET /v1/lanes/shop/production', { body: held });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toContain('in use by release/shop/production/x/1');
    expect(stdout).toContain('1. release/shop/production/y/1');
    expect(stdout).toContain('on hold: rolled back');
    expect(stdout).toContain('slipway lane clear-hold --service shop --environment production --id hold-1.4');
    expect(stdout).toMatch(/frozen: quarter end \(ada, .*, until .*\)\n.*slipway unfreeze .* --id f1 --reason/);
    expect(stdout).toMatch(/closed: nights \(policy, from /);
  });

  it('says of a freeze whose key is not known which one it names, however long its reason is', async () => {
    const unproven = { id: 'f1', kind: 'freeze', by: 'ada', unprovenKey: 'a'.repeat(16) } as const;
    const closures = [closure({ ...unproven, reason: 'quarter end\nAsk the desk.' })];
    gateway.on('GET /v1/lanes/shop/production', { body: { ...held, status: { ...held.status!, closures } } });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toMatch(
      /frozen: quarter end .*; who ordered it cannot be told: it names a{16}, a key that is not known/,
    );
    const { stdout: json } = await slipway(['lane', ...place, '--json'], gateway.url);
    expect(json).toContain(`"unprovenKey": "${unproven.unprovenKey}"`);
  });

  it('says how many more freezes close it than it shows', async () => {
    gateway.on('GET /v1/lanes/shop/production', { body: { ...held, moreClosures: 70 } });
    expect((await slipway(['lane', ...place], gateway.url)).stdout).toContain('and 70 older ones');
  });

  it.each([
    ['temporal', 'Temporal does not answer', /next: see to the Temporal server/],
    ['workers', 'no engine worker asks Temporal for work', /next: start an engine worker/],
    [
      'lane',
      'the lane does not run in Temporal now',
      /next: slipway lane tell --service shop --environment production starts it anew/,
    ],
    ['begun', 'the lane begins anew from the records', /next: look again in a moment/],
    ['unknown', 'no answer has come in time, and why cannot be told', /next: ask again/],
    [undefined, 'nobody answers for it', /next: ask again/],
  ])('that nobody answers for is told with who is away, as far as that is known: %s', async (away, words, next) => {
    const { status: _status, ...view } = held;
    gateway.on('GET /v1/lanes/shop/production', { body: { ...view, unseen: { away } } });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toContain(`cannot be seen: ${words}`);
    expect(stdout).toMatch(next);
  });

  it('that has not heard an order which is on record is warned of, and the order is done', async () => {
    const { status: _status, ...view } = held;
    const unheard = 'no engine worker asks Temporal for work';
    const body = { ...view, unseen: { away: 'workers', recorded: { closures: [], waiting: [] } }, unheard };
    for (const change of ['freeze', 'unfreeze']) gateway.on(`POST /v1/lanes/shop/production/${change}`, { body });
    for (const change of ['freeze', 'unfreeze']) {
      const { exitCode, stdout } = await slipway([change, ...place, '--reason', 'sale'], gateway.url);
      expect(stdout).toContain(`! on record and in force; the lane has not heard of it yet: ${unheard}`);
      expect(stdout).toContain(
        'next: slipway lane tell --service shop --environment production, when it answers again',
      );
      expect(exitCode).toBe(0);
    }
  });

  it('that nobody can tell of after an order is no failure of the order: it is done, and the look at it is next', async () => {
    const lane = { service: 'shop', environment: 'production' };
    const body = { ...lane, inventory: [], untold: 'the records cannot be reached' };
    gateway.on('POST /v1/lanes/shop/production/freeze', { body });
    const { exitCode, stdout, stderr } = await slipway(['freeze', ...place, '--reason', 'sale'], gateway.url);
    const words = 'on record and in force; how the lane stands now cannot be told: the records cannot be reached';
    expect(stdout).toBe(`shop → production\n  ! ${words}\n    next: slipway lane ${place.join(' ')}\n`);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('is told what it has not heard, and nobody is done with one that nobody can tell', async () => {
    gateway.on(
      'POST /v1/lanes/shop/production/tell',
      { body: aLane() },
      { body: aLane({ unseen: {} }) },
      { body: aLane({ unseen: { away: 'begun' } }) },
    );
    const exitCodes = [];
    for (let times = 0; times < 3; times += 1)
      exitCodes.push((await slipway(['lane', 'tell', ...place], gateway.url)).exitCode);
    expect(exitCodes).toEqual([0, 4, 0]);
    expect(gateway.seen[0]!.body).toEqual({});
  });

  it('that nobody answers for is said to be unseen, with what is on record, and an exit code of its own', async () => {
    const { status, ...view } = held;
    const { closures } = status!;
    gateway.on('GET /v1/lanes/shop/production', {
      body: { ...view, unseen: { recorded: { closures, waiting: ['release/shop/production/y/1'] } } },
    });
    const { exitCode, stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toContain('cannot be seen: nobody answers for it. On record:');
    expect(stdout).toContain('frozen: quarter end');
    expect(stdout).toContain('waits: release/shop/production/y/1');
    expect(stdout).not.toContain('has not been used');
    expect(exitCode).toBe(4);
  });

  it('tells where the lane itself says otherwise than the records, each on one line', async () => {
    const differs = ['the lane itself says that nobody holds it', 'closed by \u001b[2Jnothing\nat all'];
    const waysOut = ['slipway lane tell --service shop --environment production'];
    gateway.on('GET /v1/lanes/shop/production', { body: { ...held, differs, waysOut } });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toContain('! the lane itself says that nobody holds it');
    expect(stdout).not.toContain('\u001b[2J');
    expect(stdout).toMatch(
      /! closed by .*nothing.*at all\n {4}next: slipway lane tell --service shop --environment production\n/,
    );
  });

  it('shows the first sentence of a hold, and all of it with --full', async () => {
    const reason = 'core crashes.\nrelease/shop/production/w/1 ended halted.\nde, nl are not back.';
    const status = { ...held.status!, closures: [closure({ id: 'h1', kind: 'hold', by: 'w', reason })] };
    gateway.on('GET /v1/lanes/shop/production', { body: { ...held, status } });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toContain('✖ on hold: core crashes (w, ');
    expect(stdout).toContain('all of it: slipway lane --service shop --environment production --full\n');
    expect(stdout).not.toContain('not back');
    const whole = (await slipway(['lane', ...place, '--full'], gateway.url)).stdout;
    expect(whole).toMatch(/✖ on hold: core crashes\. .*\n {4}release\S+ ended halted\.\n {4}de, nl are not back\.\n/);
    expect(whole).not.toContain('all of it');
  });

  it('says of a holder whose run has ended that it has, and when the lane will find out', async () => {
    gateway.on('GET /v1/lanes/shop/production', { body: { ...held, holderEnded: { outcome: 'halted' } } });
    const { stdout } = await slipway(['lane', ...place], gateway.url);
    expect(stdout).toMatch(/in use by release\/shop\/production\/x\/1 .*, which has ended: halted; the lane finds out/);
  });

  it.each([
    [['freeze', ...place, '--reason', 'sale'], 'freeze'],
    [['unfreeze', ...place, '--reason', 'sale'], 'unfreeze'],
    [['lane', 'clear-hold', ...place, '--reason', 'sale'], 'clear-hold'],
  ])('%j is told to the gateway with its reason', async (args: string[], change) => {
    gateway.on(`POST /v1/lanes/shop/production/${change}`, { body: aLane() });
    expect((await slipway(args, gateway.url)).exitCode).toBe(0);
    expect(gateway.seen[0]!.body).toEqual({ reason: 'sale' });
  });

  it.each([
    [['freeze', ...place, '--reason', 'sale', '--until', '2026-11-30T08:00Z'], { until: Date.UTC(2026, 10, 30, 8) }],
    [['unfreeze', ...place, '--reason', 'sale', '--id', 'f1'], { id: 'f1' }],
    [['lane', 'clear-hold', ...place, '--reason', 'sale', '--id', 'hold-1.4'], { id: 'hold-1.4' }],
  ])('%j says until when, or which', async (args: string[], details) => {
    gateway.on(`POST /v1/lanes/shop/production/${args[0] === 'lane' ? args[1] : args[0]}`, { body: aLane() });
    expect((await slipway(args, gateway.url)).exitCode).toBe(0);
    expect(gateway.seen[0]!.body).toEqual({ reason: 'sale', ...details });
  });

  it('is frozen for a while, from now', async () => {
    gateway.on('POST /v1/lanes/shop/production/freeze', { body: aLane() });
    await slipway(['freeze', ...place, '--reason', 'sale', '--until', '2h'], gateway.url);
    expect(gateway.seen[0]!.body).toEqual({ reason: 'sale', until: noon + 20_000 + 7_200_000 });
  });

  it('is not frozen until a time that is none', async () => {
    const { exitCode, stderr } = await slipway(
      ['freeze', ...place, '--reason', 'sale', '--until', 'Monday'],
      gateway.url,
    );
    expect([exitCode, gateway.seen.length]).toEqual([2, 0]);
    expect(stderr).toContain('"Monday" is no time');
  });

  it('is changed once at most, and says to look when the reply was lost', async () => {
    gateway.on('POST /v1/lanes/shop/production/freeze', 'hang-up');
    const { exitCode, stderr } = await slipway(['freeze', ...place, '--reason', 'sale'], gateway.url);
    expect(gateway.seen).toHaveLength(1);
    expect(stderr).toContain('It may have happened');
    expect(exitCode).toBe(4);
  });

  it('is not frozen without a reason, whose bound is in the help', async () => {
    expect((await slipway(['freeze', '--help'], gateway.url)).stdout).toMatch(/300\s+characters at most/);
    expect((await slipway(['freeze', ...place], gateway.url)).exitCode).toBe(2);
    expect(gateway.seen).toHaveLength(0);
  });
});

describe('doctor', () => {
  it('finds nothing wrong when nothing is', async () => {
    gateway.on('GET /healthz', {
      body: { ok: true, temporal: { ok: true, address: '127.0.0.1:7233' }, records: 'ok' },
    });
    gateway.on('GET /v1/me', { body: { id: 'ada', via: 'lab-token', groups: ['release-managers'] } });
    const { exitCode, stdout } = await slipway(['doctor'], gateway.url);
    expect(stdout).not.toContain('problem');
    expect(stdout).toContain('gateway temporal: address 127.0.0.1:7233');
    expect(stdout).toContain('token: you are ada, of release-managers');
    expect(stdout).not.toContain(token);
    expect(exitCode).toBe(0);
  });

  it('says what is away and what follows from it', async () => {
    gateway.on('GET /healthz', {
      status: 503,
      body: { ok: false, temporal: 'ok', records: 'connection refused', version: '0.1.0' },
    });
    gateway.on('GET /v1/me', { body: { id: 'ada', via: 'lab-token', groups: [] } });
    const { exitCode, stdout } = await slipway(['doctor'], gateway.url);
    expect(stdout).toMatch(/ok {6}gateway temporal: ok/);
    expect(stdout).toMatch(/problem gateway records: connection refused\n {10}next: /);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['a broken policy file', 'policy', 'the last valid one is in force', 'must correct the policy file'],
    ['evidence that could not be sent', 'evidence', 'it is kept', 'must look at the destination'],
  ])('tells of %s, though the gateway goes on: %s, %s', async (_what, part, says, next) => {
    gateway.on('GET /healthz', { body: { ok: true, temporal: 'ok', records: 'ok', [part]: { ok: false, says } } });
    gateway.on('GET /v1/me', { body: { id: 'ada', via: 'lab-token', groups: [] } });
    const { exitCode, stdout } = await slipway(['doctor'], gateway.url);
    expect(stdout).toContain(`problem gateway ${part}: ${says}\n          next: The operator ${next}`);
    expect(exitCode).toBe(1);
  });

  it('says which versions of the engine have runs, and which of them have no workers', async () => {
    gateway.on('GET /healthz', { body: { ok: true, temporal: 'ok', records: 'ok' } });
    gateway.on('GET /v1/me', { body: { id: 'ada', via: 'lab-token', groups: [] } });
    const version = { current: false, polled: true, pinned: 0 };
    gateway.on('GET /v1/engine', {
      body: {
        versions: [
          { ...version, buildId: 'new', current: true, pinned: 3 },
          { ...version, buildId: 'old', polled: false, pinned: 2 },
          { ...version, buildId: 'idle' },
        ],
      },
    });
    const { exitCode, stdout } = await slipway(['doctor'], gateway.url);
    expect(stdout).toMatch(/ok {6}engine version: new is current/);
    expect(stdout).toMatch(/problem engine version: 2 runs are on the old version old, and none.*\n {10}next: Start/);
    expect(stdout).toMatch(/ok {6}engine version: idle is old and nothing runs on it/);
    expect(exitCode).toBe(1);
  });

  it('says which kinds of steps have no workers, and how to start one', async () => {
    gateway.on('GET /healthz', { body: { ok: true, temporal: 'ok', records: 'ok' } });
    gateway.on('GET /v1/me', { body: { id: 'ada', via: 'lab-token', groups: [] } });
    const queues = neededQueues(['production']).map((one) => ({ ...one, polled: one.role === 'engine' }));
    gateway.on('GET /v1/engine', {
      body: { versions: [{ buildId: 'new', current: true, polled: true, pinned: 0 }], queues },
    });
    const { exitCode, stdout } = await slipway(['doctor'], gateway.url);
    expect(stdout).toMatch(/ok {6}workers: engine: its workers poll/);
    expect(stdout).toMatch(/problem workers: build: no worker polls build;.*\n.*SLIPWAY_ROLES=build\./);
    expect(stdout).toMatch(
      /environment:production: no worker polls environment-production, environment-production\.watch, .*\n.*SLIPWAY_ROLES=environment:production/,
    );
    expect(exitCode).toBe(1);
  });

  it('gives a next step for a gateway that is not there and a token that is missing', async () => {
    const { exitCode, json } = await slipway(['doctor', '--json', '--gateway', 'http://127.0.0.1:1'], gateway.url, {
      env: { SLIPWAY_TOKEN: '' },
    });
    const problems = (json['findings'] as { check: string; ok: boolean; next?: string }[]).filter(({ ok }) => !ok);
    expect(problems.map(({ check }) => check)).toEqual(['gateway', 'token']);
    expect(problems.every(({ next }) => next)).toBe(true);
    expect(exitCode).toBe(1);
  });
});
