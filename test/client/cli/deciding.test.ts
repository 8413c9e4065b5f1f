import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LaneView, RegionPreview } from '../../../domain/contract/gateway.ts';
import { aLane, aPlan, aRelease, awaitingApproval, ended, image } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const release = (id: string) => `/v1/releases/${encodeURIComponent(id)}`;
const posts = () => gateway.seen.filter(({ method }) => method === 'POST');
const yes = { body: { decisionId: 'd', accepted: true, message: 'approved, 1 of 2' } };

describe('approve', () => {
  const { plan, hash } = aPlan();
  const waiting = awaitingApproval(hash);
  const id = waiting.releaseId;
  beforeEach(() => {
    gateway.on(`GET ${release(id)}`, { body: waiting });
    gateway.on(`GET /v1/plans/${hash}`, { body: plan });
    gateway.on('GET /v1/lanes/shop/production', { body: aLane() });
    gateway.on(`POST ${release(id)}/decisions`, yes);
  });

  it('shows what will change, asks, and sends the hash of what was shown', async () => {
    const { exitCode, stdout, stderr } = await slipway(['approve', id, '--reason', 'looks good'], gateway.url, {
      terminal: true,
      types: 'y\n',
    });
    expect(stdout).toContain(hash);
    expect(stdout).toMatch(/core {2}999999999999 → \S*aaaaaaaaaaaa/);
    expect(stdout).toMatch(/web .*bbbbbbbbbbbb unchanged/);
    expect(stdout).toContain('contracting migration of orders: 0005_drop_total');
    expect(stdout).toContain('the release before this one cannot live with it; a rollback is refused afterwards');
    expect(stdout).toMatch(/wave 1, stage 1, look 1 for +10 min/);
    expect(stderr).toContain('Approve this plan');
    expect(posts()[0]!.body).toMatchObject({ kind: 'approve', planHash: hash, channel: 'cli', reason: 'looks good' });
    expect(stdout).toContain('approved, 1 of 2');
    expect(exitCode).toBe(0);
  });

  it('says loudly that the code is older than the schema', async () => {
    const gap = { database: 'orders', releaseId: 'release/shop/production/4f/1', migrations: ['0005_drop_total'] };
    const older = aPlan({ olderThanSchema: [gap] });
    gateway.on(`GET /v1/plans/${older.hash}`, { body: older.plan });
    const { stdout } = await slipway(['plan', older.hash], gateway.url);
    expect(stdout).toContain('! downgrade: this code is older than the schema (orders)');
    expect(stdout).toMatch(
      /gap orders, made by +release\/shop\/production\/4f\/1\n +gap orders, migrations +0005_drop_total/,
    );
    expect(stdout).toContain('it was asked for with --downgrade');
  });

  it('says what is put back where a halted release may have left something else', async () => {
    const left = { component: 'web', image: image('7', 'web'), releaseId: 'release/shop/production/4f/1' };
    const inEu = { ...left, region: 'eu-west', outcome: 'halted' };
    gateway.on('GET /v1/lanes/shop/production', { body: aLane({ leftBehind: [inEu] }) });
    const { stdout } = await slipway(['plan', hash], gateway.url);
    expect(stdout).toMatch(
      /eu-west: back to bbbbbbbbbbbb \(verified\); may run 777777777777 of release\/shop\/production\/4f\/1, which ended halted +put back/,
    );
    expect(stdout).toMatch(/us-east: bbbbbbbbbbbb unchanged/);
    const lane = await slipway(['lane', '--service', 'shop', '--environment', 'production'], gateway.url);
    expect(lane.stdout).toContain('! web in eu-west may run 777777777777 of release/shop/production/4f/1');
  });

  it('says of a component whose variables alone are others that its image is the same, and does not call it verified', async () => {
    const { components } = plan;
    const web = {
      ...components[1]!,
      delivery: { kind: 'deployment-image' as const, env: { LOG_LEVEL: 'debug' } },
      artifact: { kind: 'deployment-image' as const, digest: `sha256:${'8'.repeat(64)}` },
    };
    const other = aPlan({ components: [components[0]!, web] });
    gateway.on(`GET /v1/plans/${other.hash}`, { body: other.plan });
    const shown = () => slipway(['plan', other.hash], gateway.url);
    expect((await shown()).stdout).toMatch(/web +bbbbbbbbbbbb with other variables +same image/);
    const left = { component: 'web', image: image('b', 'web'), artifact: `sha256:${'7'.repeat(64)}` };
    const halted = { ...left, region: 'eu-west', releaseId: 'release/shop/production/4f/1', outcome: 'halted' };
    gateway.on('GET /v1/lanes/shop/production', { body: aLane({ leftBehind: [halted] }) });
    const { stdout } = await shown();
    expect(stdout).toMatch(
      /eu-west: bbbbbbbbbbbb with other variables; may run bbbbbbbbbbbb with the variables of release\/shop\/production\/4f\/1, .* +same image/,
    );
    expect(stdout).not.toContain('(verified)');
  });

  it('calls an image the same, or put back, only where it is verified already', async () => {
    const { inventory } = aLane();
    const [, web] = inventory;
    const shownIn = async (lane: Partial<LaneView>) => {
      gateway.on('GET /v1/lanes/shop/production', { body: aLane(lane) });
      return (await slipway(['plan', hash], gateway.url)).stdout;
    };
    const nothing = await shownIn({ inventory: [] });
    expect(nothing).toMatch(/web +\(nothing verified yet\) → bbbbbbbbbbbb +unchanged$/m);
    const other = await shownIn({ inventory: [{ ...web!, image: image('7', 'web') }] });
    expect(other).toMatch(/eu-west: 777777777777 → bbbbbbbbbbbb +unchanged$/m);
    const halted = { component: 'web', region: 'eu-west', image: image('7', 'web'), outcome: 'halted' };
    const left = await shownIn({
      inventory: [],
      leftBehind: [{ ...halted, releaseId: 'release/shop/production/4f/1' }],
    });
    expect(left).toMatch(/eu-west: → bbbbbbbbbbbb; may run 777777777777 of .* +unchanged$/m);
    const overOther = await shownIn({
      inventory: [{ ...web!, image: image('7', 'web') }],
      leftBehind: [{ ...halted, image: image('8', 'web'), releaseId: 'release/shop/production/4f/1' }],
    });
    expect(overOther).toMatch(/eu-west: → bbbbbbbbbbbb; may run 888888888888 of .* +unchanged$/m);
    expect([nothing, other, left, overOther].join()).not.toMatch(/same image|put back/);
  });

  it('shows what it brings: the commits, whose they are and what they say, as many as somebody reads', async () => {
    const line = (n: number) => ({ commit: `${n}`.padStart(40, 'a'), author: 'Kim', at: n, subject: `change ${n}` });
    const commits = Array.from({ length: 12 }, (_, n) => line(n));
    gateway.on(`GET /v1/plans/${hash}/commits`, { body: { commits, more: false } });
    const { stdout } = await slipway(['plan', id], gateway.url);
    expect(stdout).toContain('Commits\n  aaaaaaaaaaaa  Kim  change 0\n');
    expect(stdout).toContain('asked for by ada, ');
    expect(stdout).toContain('  and 2 older ones');
    expect(stdout).not.toContain('change 11');
    expect((await slipway(['plan', id, '--full'], gateway.url)).stdout).toContain('change 11');
    gateway.on(`GET /v1/plans/${hash}/commits`, { body: { commits: [], more: false, untold: true } });
    expect((await slipway(['plan', id], gateway.url)).stdout).toContain('nobody knows which were new');
  });

  it.each([
    ['a long line', 'x'.repeat(10_000)],
    ['signs that a terminal obeys', '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\u202e'],
    ['lines of its own', `one\nApproval\n  people  9\n${'y'.repeat(500)}`],
  ])('shows what the others say, each on a line of its own, beside a commit that has %s', async (_, evil) => {
    const commits = [
      { commit: 'b'.repeat(40), author: evil, at: 1, subject: evil },
      { commit: 'a'.repeat(40), author: 'Kim', at: 0, subject: 'take the lock out' },
    ];
    gateway.on(`GET /v1/plans/${hash}/commits`, { body: { commits, more: false } });
    const { stdout } = await slipway(['plan', id], gateway.url, {
      terminal: true,
      columns: 80,
      env: { NO_COLOR: '1' },
    });
    const lines = stdout.slice(stdout.indexOf('\nCommits\n') + 1).split('\n', 3);
    expect(lines[1]).toMatch(/^ {2}bbbbbbbbbbbb/);
    expect(lines[2]).toMatch(/^ {2}aaaaaaaaaaaa {2}Kim +take the lock out$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^ *people {2}9/m);
  });

  it.each([
    ['no', 'n\n'],
    ['nothing', '\n'],
    ['the end of the input', undefined],
    ['something that only begins like yes', 'yesterday\n'],
  ])('sends nothing when the answer is %s', async (_, types) => {
    const { exitCode } = await slipway(['approve', id], gateway.url, {
      terminal: true,
      ...(types === undefined ? {} : { types }),
    });
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(3);
  });

  it.each([[[]], [['--yes']], [['--plan', hash]], [['--json', '--yes']]])(
    'without a terminal is not possible with %j only',
    async (args: string[]) => {
      const { exitCode } = await slipway(['approve', id, ...args], gateway.url);
      expect(exitCode).toBe(2);
      expect(gateway.seen).toHaveLength(0);
    },
  );

  it('approves without a terminal when the plan is named', async () => {
    const { exitCode, json } = await slipway(['approve', id, '--yes', '--plan', hash, '--json'], gateway.url);
    expect(json).toMatchObject({ releaseId: id, kind: 'approve', accepted: true });
    expect(exitCode).toBe(0);
  });

  it('says that it waits for a worker, where none has answered, and what tells which are missing', async () => {
    const message = 'stored; it takes effect when a worker is back';
    const body = { decisionId: 'd', accepted: true, answer: 'queued', message };
    gateway.on(`POST ${release(id)}/decisions`, { body });
    const yes = ['approve', id, '--yes', '--plan', hash];
    expect((await slipway(yes, gateway.url)).stdout).toMatch(
      `\n${message}\nwhich workers are missing: slipway doctor\nfollow it: slipway watch ${id}\n`,
    );
    expect((await slipway([...yes, '--json'], gateway.url)).json).toMatchObject({ answer: 'queued', message });
  });

  it('approves by the plan that is on record while nobody answers for the run', async () => {
    const { status: _unseen, ...release } = awaitingApproval(hash);
    const seen = { ...release, releaseId: id, recorded: { planHash: hash, approvals: [], changed: [] } };
    gateway.on(`GET /v1/releases/${encodeURIComponent(id)}`, { body: seen });
    const { exitCode, json } = await slipway(['approve', id, '--yes', '--plan', hash, '--json'], gateway.url);
    expect(json).toMatchObject({ releaseId: id, kind: 'approve', accepted: true });
    expect(exitCode).toBe(0);
    const shown = await slipway(['plan', id], gateway.url);
    expect(shown.stdout).toContain(`plan ${hash}`);
  });

  it('says that a release has no plan only where that is on record', async () => {
    const { status: _unseen, ...release } = awaitingApproval(hash);
    const at = `GET /v1/releases/${encodeURIComponent(id)}`;
    gateway.on(at, { body: { ...release, releaseId: id, recorded: { approvals: [], changed: [] } } });
    expect((await slipway(['plan', id], gateway.url)).stderr).toContain('the release has no plan yet');
    gateway.on(at, { body: { ...release, releaseId: id } });
    expect((await slipway(['plan', id], gateway.url)).stderr).toContain(
      'whether the release has a plan cannot be seen',
    );
  });

  it('shows the plan of a release that has ended beside what was verified then', async () => {
    const before = aPlan({ tags: ['before'] });
    const over = ended(waiting, 'verified');
    gateway.on(`GET /v1/releases/${encodeURIComponent(id)}`, {
      body: { ...over, recorded: { planHash: hash, approvals: [], changed: [] } },
    });
    const verified = {
      planHash: before.hash,
      releaseId: 'release/shop/production/e/1',
      verifiedAt: 1,
      plan: before.plan,
    };
    gateway.on(`GET /v1/plans/${hash}/verified?release=${encodeURIComponent(id)}`, { body: { verified } });
    const { exitCode, stdout } = await slipway(['plan', id], gateway.url);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`verified here when it was made: plan ${before.hash}`);
    expect(stdout).toContain('What ran when it was made');
    expect(stdout).toContain(`of ${id}, as it was approved or refused: it has ended`);
    expect(gateway.seen.map(({ path }) => path).filter((path) => path.includes('/v1/lanes/'))).toEqual([]);
  });

  it('refuses a plan that the release no longer has', async () => {
    const { exitCode, stderr } = await slipway(['approve', id, '--yes', '--plan', 'f'.repeat(64)], gateway.url);
    expect(stderr).toContain(`the release now has plan ${hash}`);
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(3);
  });

  it.each([12, 63])('asks for all of the hash where the first %i characters of it are named', async (length) => {
    const short = hash.slice(0, length);
    const { exitCode, stderr } = await slipway(['approve', id, '--yes', '--plan', short], gateway.url);
    expect(stderr).toContain(`${short} is the beginning of the plan in force`);
    expect(stderr).toContain(`--plan ${hash}`);
    expect(stderr).not.toContain('now has plan');
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(3);
  });

  it('refuses a plan whose content is not what its hash was made of', async () => {
    gateway.on(`GET /v1/plans/${hash}`, { body: { ...plan, onFailure: { ...plan.onFailure, partial: 'hold' } } });
    const { exitCode, stderr } = await slipway(['approve', id, '--yes', '--plan', hash], gateway.url);
    expect(stderr).toContain('Do not approve it');
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(3);
  });

  it('shows the plan even when nobody can say what runs now', async () => {
    gateway.on('GET /v1/lanes/shop/production', {
      status: 503,
      body: { error: { code: 'unavailable', message: 'away' } },
    });
    const { exitCode, stdout } = await slipway(['approve', id], gateway.url, { terminal: true, types: 'yes\n' });
    expect(stdout).toContain('What runs now could not be asked');
    expect(exitCode).toBe(0);
  });

  it('repeats the same decision id when the reply was lost', async () => {
    gateway.on(`POST ${release(id)}/decisions`, 'hang-up', yes);
    const { exitCode } = await slipway(['approve', id, '--yes', '--plan', hash], gateway.url);
    expect(posts()).toHaveLength(2);
    expect(posts()[0]!.body).toEqual(posts()[1]!.body);
    expect(exitCode).toBe(0);
  });

  it('tells how to send the same decision again when no reply ever came', async () => {
    gateway.on(`POST ${release(id)}/decisions`, 'hang-up');
    const { exitCode, stderr } = await slipway(['approve', id, '--yes', '--plan', hash], gateway.url);
    expect(stderr).toContain(`--decision-id ${String(posts()[0]!.body!['decisionId'])}`);
    expect(exitCode).toBe(4);
  });

  it('hands on what the gateway refuses, with its next step, and does not try again', async () => {
    const error = { code: 'conflict', message: 'it does not wait for approval', next: 'Wait for it.' };
    gateway.on(`POST ${release(id)}/decisions`, { status: 409, body: { error } });
    const { exitCode, stderr } = await slipway(['approve', id, '--yes', '--plan', hash], gateway.url);
    expect(stderr).toBe('error: it does not wait for approval\n  next: Wait for it.\n');
    expect(posts()).toHaveLength(1);
    expect(exitCode).toBe(3);
  });

  it('says so when the release has ended, or has no plan yet', async () => {
    const over = ended(aRelease(), 'rejected');
    const early = aRelease();
    gateway.on(`GET ${release(over.releaseId)}`, { body: over });
    gateway.on(`GET ${release(early.releaseId)}`, { body: early });
    const late = await slipway(['approve', over.releaseId], gateway.url, { terminal: true, types: 'y\n' });
    expect(late).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('has ended: rejected') });
    const soon = await slipway(['approve', early.releaseId], gateway.url, { terminal: true, types: 'y\n' });
    expect(soon).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('no plan to approve yet') });
    expect(posts()).toHaveLength(0);
  });

  it('leaves on Ctrl-C in the question without sending anything', async () => {
    const stop = new AbortController();
    gateway.on('GET /v1/lanes/shop/production', () => {
      setImmediate(() => stop.abort());
      return { body: aLane() };
    });
    const { exitCode } = await slipway(['approve', id], gateway.url, { terminal: true, signal: stop.signal });
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(130);
  });
});

describe('reject, abort and accept-failure', () => {
  const open = awaitingApproval('f'.repeat(64));
  beforeEach(() => {
    gateway.on(`GET ${release(open.releaseId)}`, { body: open });
    gateway.on(`POST ${release(open.releaseId)}/decisions`, yes);
  });

  it.each([
    ['reject', [], 'reject'],
    ['abort', ['--yes'], 'abort'],
    ['accept-failure', ['--yes'], 'accept-failure'],
  ])('%s sends its decision about the plan in force', async (command, args, kind) => {
    const { exitCode } = await slipway([command, open.releaseId, '--reason', 'no', ...args], gateway.url);
    expect(posts()[0]!.body).toMatchObject({ kind, planHash: 'f'.repeat(64), reason: 'no' });
    expect(exitCode).toBe(0);
  });

  it('sends the no to an earlier plan that is named: it is one to the release', async () => {
    const args = ['reject', open.releaseId, '--plan', 'e'.repeat(64)];
    expect((await slipway(args, gateway.url)).exitCode).toBe(0);
    expect(posts()[0]!.body).toMatchObject({ kind: 'reject', planHash: 'e'.repeat(64) });
  });

  it('does not abort without a terminal unless told not to ask', async () => {
    expect((await slipway(['abort', open.releaseId], gateway.url)).exitCode).toBe(2);
    expect(gateway.seen).toHaveLength(0);
  });
});

describe('rollback', () => {
  const previewOf = (
    releaseId: string,
    regions: RegionPreview[],
    named: string[] = [],
    more: { refused?: string } = {},
  ) =>
    gateway.on(
      `GET /v1/rollbacks/preview?${['release', ...named.map(() => 'region')]
        .map((name, n) => `${name}=${encodeURIComponent([releaseId, ...named][n]!)}`)
        .join('&')}`,
      { body: { releaseId, regions, ...more } },
    );
  const back: RegionPreview = {
    kind: 'go',
    region: 'eu-west',
    targets: [
      {
        component: 'core',
        image: image('9'),
        from: image('a'),
        releaseId: 'release/shop/production/earlier/1',
        commit: 'e'.repeat(40),
        verifiedAt: 0,
        schemaSince: ['main: 0007_add_weight'],
      },
    ],
    newcomers: ['search'],
  };
  const no: RegionPreview = {
    kind: 'refused',
    region: 'us-east',
    why: 'the schema may no longer carry it',
    next: 'Fix forward.',
  };

  it('shows what each region goes back to, and whether the schema lets it, and does nothing more with --dry-run', async () => {
    const closed = ended(aRelease(), 'verified');
    gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
    previewOf(closed.releaseId, [back, no]);
    const { exitCode, stdout } = await slipway(['rollback', closed.releaseId, '--dry-run'], gateway.url);
    expect(stdout).toMatch(/eu-west\n {2}core {2}aaaaaaaaaaaa → 999999999999 {2}commit eeeeeeeeeeee {2}verified /);
    expect(stdout).toContain('schema: changed since, and carries what goes back: main: 0007_add_weight');
    expect(stdout).toContain('stays as it is, since nothing ran before it: search');
    expect(stdout).toContain('us-east  ✖ does not go back: the schema may no longer carry it\n  next: Fix forward.');
    expect(exitCode).toBe(0);
    const { json } = await slipway(['rollback', closed.releaseId, '--dry-run', '--json'], gateway.url);
    const [target] = back.targets;
    const printed = { ...back, targets: [{ ...target, verifiedAt: '1970-01-01T00:00:00.000Z' }] };
    expect(json).toEqual({ version: 1, releaseId: closed.releaseId, regions: [printed, no] });
    expect(posts()).toHaveLength(0);
  });

  it('says to whoever may not order it why, and orders nothing', async () => {
    const closed = ended(aRelease(), 'verified');
    gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
    previewOf(closed.releaseId, [back], [], { refused: 'ada is not in the group managers' });
    const shown = await slipway(['rollback', closed.releaseId, '--dry-run'], gateway.url);
    expect(shown.stdout).toMatch(/^✖ you may not order it: ada is not in the group managers\neu-west\n/);
    const { exitCode, stderr } = await slipway(['rollback', closed.releaseId, '--yes'], gateway.url);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('ada is not in the group managers; nothing')]);
    expect(posts()).toHaveLength(0);
  });

  it('is of no rollback, which @latest may be', async () => {
    const undoes = { releaseId: 'release/shop/production/0/1', number: 7, nth: 1 };
    const run = ended(aRelease({ releaseId: 'rollback/shop/production/d1', undoes }), 'rolled-back');
    gateway.on(`GET ${release(run.releaseId)}`, { body: run });
    const { exitCode, stderr } = await slipway(['rollback', run.releaseId, '--yes'], gateway.url);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('shop#7~1 is a rollback itself')]);
    expect(posts()).toHaveLength(0);
  });

  it('orders nothing where no region can go back', async () => {
    const closed = ended(aRelease(), 'verified');
    gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
    previewOf(closed.releaseId, [no]);
    const { exitCode, stderr } = await slipway(['rollback', closed.releaseId, '--yes'], gateway.url);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('no region can go back; nothing was ordered')]);
    expect((await slipway(['rollback', closed.releaseId, '--yes', '--json'], gateway.url)).exitCode).toBe(3);
    expect(posts()).toHaveLength(0);
  });

  it('asks for the reason of a person who has not said it, and follows its run to the end: done is 0', async () => {
    const closed = ended(aRelease(), 'verified');
    const run = 'rollback/shop/production/d1';
    gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
    gateway.on(`GET ${release(run)}`, { body: ended(aRelease({ releaseId: run }), 'rolled-back') });
    gateway.on('POST /v1/rollbacks', { status: 201, body: { releaseId: run, created: true } });
    previewOf(closed.releaseId, [back]);
    const { exitCode, stdout, stderr } = await slipway(['rollback', closed.releaseId], gateway.url, {
      terminal: true,
      types: 'y\ncheckout errors\n',
    });
    expect(stderr).toContain('Why? It is kept, and shown to everybody:');
    expect(posts()[0]!.body).toMatchObject({ reason: 'checkout errors' });
    expect(stdout).toContain('✔ rolled-back');
    expect(exitCode).toBe(0);
  });

  it('tells an open release to roll back', async () => {
    const open = aRelease();
    gateway.on(`GET ${release(open.releaseId)}`, { body: open });
    gateway.on(`POST ${release(open.releaseId)}/decisions`, yes);
    previewOf(open.releaseId, [back]);
    const { exitCode } = await slipway(['rollback', open.releaseId, '--yes', '--reason', 'errors'], gateway.url);
    expect(posts()[0]!.body).toMatchObject({ kind: 'roll-back', reason: 'errors' });
    expect(exitCode).toBe(0);
  });

  it('is done, with a warning, where it counts though the run says otherwise: nobody is told to say it again', async () => {
    const open = aRelease();
    const message = 'the run is planning. It counts all the same: the run has changed something';
    gateway.on(`GET ${release(open.releaseId)}`, { body: open });
    gateway.on(`POST ${release(open.releaseId)}/decisions`, {
      status: 202,
      body: { decisionId: 'd', accepted: true, answer: 'counts', message },
    });
    previewOf(open.releaseId, []);
    const order = ['rollback', open.releaseId, '--yes', '--decision-id', 'd'];
    expect(await slipway(order, gateway.url)).toMatchObject({
      exitCode: 0,
      stderr: `warning: ${message}\n`,
      stdout: `By the records as they are now. Whether registries still have the images is asked when it goes back.\nroll-back: it counts\nfollow it: slipway watch ${open.releaseId}\n`,
    });
    expect(await slipway([...order, '--json'], gateway.url)).toMatchObject({
      exitCode: 0,
      stderr: '',
      json: {
        releaseId: open.releaseId,
        decisionId: 'd',
        kind: 'roll-back',
        accepted: true,
        answer: 'counts',
        message,
      },
    });
    expect(posts()).toHaveLength(2);
  });

  it.each(['verified', 'unproven'])(
    'starts a run of its own for one that ended %s, once, though the reply was lost',
    async (outcome) => {
      const closed = ended(aRelease(), outcome);
      gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
      gateway.on('POST /v1/rollbacks', 'hang-up', {
        status: 201,
        body: { releaseId: 'rollback/shop/production/d1', created: true },
      });
      previewOf(closed.releaseId, [back], ['eu-west']);
      const { exitCode, stdout } = await slipway(
        ['rollback', closed.releaseId, '--yes', '--region', 'eu-west', '--decision-id', 'd1', '--detach'],
        gateway.url,
      );
      expect(posts().map(({ body }) => body)).toEqual(
        Array(2).fill({
          releaseId: closed.releaseId,
          decisionId: 'd1',
          reason: '',
          channel: 'cli',
          regions: ['eu-west'],
        }),
      );
      expect(stdout).toContain('slipway watch rollback/shop/production/d1');
      expect(exitCode).toBe(0);
    },
  );

  it('asks before it does anything', async () => {
    const closed = ended(aRelease(), 'verified');
    gateway.on(`GET ${release(closed.releaseId)}`, { body: closed });
    previewOf(closed.releaseId, [back]);
    expect(
      (await slipway(['rollback', closed.releaseId], gateway.url, { terminal: true, types: 'n\n' })).exitCode,
    ).toBe(3);
    expect((await slipway(['rollback', closed.releaseId], gateway.url)).exitCode).toBe(2);
    expect(posts()).toHaveLength(0);
  });
});
