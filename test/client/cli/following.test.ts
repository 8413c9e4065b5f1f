import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { aRepository } from '../../support/git-repository.ts';
import { aRelease, aStatus, awaitingApproval, commit, ended, image, noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const deployArgs = ['deploy', '--service', 'shop', '--commit', commit, '--branch', 'main'];
const path = (id: string) => `GET /v1/releases/${encodeURIComponent(id)}`;
const posts = () => gateway.seen.filter(({ method }) => method === 'POST');

describe('deploy', () => {
  const release = aRelease();
  beforeEach(() =>
    gateway.on('POST /v1/releases', { status: 201, body: { releaseId: release.releaseId, created: true } }),
  );

  it('sends what was asked for, follows the run and ends with 0 when it is verified', async () => {
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'verified') });
    const { exitCode, stdout } = await slipway(
      [...deployArgs, '--image', `core=${image('a')}`, '--downgrade', '--request-key', 'k1'],
      gateway.url,
    );
    expect(posts()[0]!.body).toEqual({
      service: 'shop',
      branch: 'main',
      commit,
      images: { core: image('a') },
      downgrade: true,
      requestKey: 'k1',
    });
    expect(stdout).toContain('request key: k1\n');
    expect(stdout).toContain(`release: ${release.releaseId}\n`);
    expect(stdout).toMatch(/verified: it verified\n$/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['failed', 1],
    ['rolled-back', 10],
    ['rejected', 11],
    ['expired', 12],
    ['superseded', 13],
    ['aborted', 14],
    ['halted', 15],
  ])('ends as the table says when the release ends %s', async (outcome, code) => {
    gateway.on(path(release.releaseId), { body: ended(release, outcome) });
    expect((await slipway(deployArgs, gateway.url)).exitCode).toBe(code);
  });

  it('never takes an outcome it does not know for a success', async () => {
    gateway.on(path(release.releaseId), { body: ended(release, 'paused-forever') });
    const { exitCode, stderr } = await slipway(deployArgs, gateway.url);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('"paused-forever"');
  });

  it('warns of what is not committed in the checkout it is started from, on stderr', async () => {
    const repository = await aRepository();
    try {
      const head = await repository.commit({ files: { 'a.txt': '1' } });
      await writeFile(join(repository.directory, 'a.txt'), '2');
      const args = ['deploy', '--service', 'shop', '--detach'];
      const { stderr, exitCode } = await slipway(args, gateway.url, { cwd: repository.directory });
      expect(stderr).toContain('warning: 1 file here has changes that are in no commit');
      expect(posts()[0]!.body).toMatchObject({ commit: head, branch: 'main' });
      expect(exitCode).toBe(0);
    } finally {
      await repository.remove();
    }
  });

  it('sends the same request key again when the reply was lost', async () => {
    gateway.on('POST /v1/releases', 'hang-up', { status: 200, body: { releaseId: release.releaseId, created: false } });
    const { exitCode, stdout } = await slipway([...deployArgs, '--detach'], gateway.url);
    const keys = posts().map(({ body }) => body!['requestKey']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(stdout).toContain('nothing new was started');
    expect(exitCode).toBe(0);
  });

  it('tells how to find the release when no reply ever came', async () => {
    gateway.on('POST /v1/releases', 'hang-up');
    const { exitCode, stderr } = await slipway([...deployArgs, '--request-key', 'k2'], gateway.url);
    expect(posts()).toHaveLength(3);
    expect(stderr).toContain('--request-key k2');
    expect(exitCode).toBe(4);
  });

  it.each([
    ['rejected', 11],
    ['failed', 1],
    ['halted', 15],
  ])(
    'says that one which is there already has ended %s, and how to start once more, and replays nothing',
    async (outcome, code) => {
      const was = { outcome, summary: 'not today', endedAt: noon };
      gateway.on('POST /v1/releases', { body: { releaseId: release.releaseId, created: false, ended: was } });
      const { exitCode, stdout } = await slipway(deployArgs, gateway.url);
      expect(stdout).toContain('it was there already; nothing new was started');
      expect(stdout).toMatch(new RegExp(`it has ended at .*: ${outcome}, not today\n`));
      expect(stdout).toContain('start it once more: the same command with --new-attempt');
      expect(gateway.seen.filter(({ method }) => method === 'GET')).toEqual([]);
      expect(exitCode).toBe(code);
    },
  );

  it.each([[[]], [['--detach']]])(
    'is done where what is there already was verified, and still is what is there (%j)',
    async (more) => {
      const was = { outcome: 'verified', summary: 'it verified', endedAt: noon };
      gateway.on('POST /v1/releases', { body: { releaseId: release.releaseId, created: false, ended: was } });
      const { exitCode, stdout } = await slipway([...deployArgs, ...more], gateway.url);
      expect(stdout).toContain('verified, it verified; by the records that is what is there now');
      expect(stdout).not.toContain('--new-attempt');
      expect(exitCode).toBe(0);
    },
  );

  it.each([[[]], [['--detach']], [['--json']]])(
    'is refused where what was verified is not what is there now (%j)',
    async (more) => {
      const noMore = ['nl: release/shop/production/0/1 is what is verified there now'];
      const was = { outcome: 'verified', endedAt: noon, noMore };
      gateway.on('POST /v1/releases', { body: { releaseId: release.releaseId, created: false, ended: was } });
      const { exitCode, stdout, stderr } = await slipway([...deployArgs, ...more], gateway.url);
      expect(`${stdout}${stderr}`).toContain('is not what is there now; nothing was started:');
      expect(`${stdout}${stderr}`).toContain('release/shop/production/0/1 is what is verified there now');
      expect(`${stdout}${stderr}`).toContain('the same command with --new-attempt');
      expect(exitCode).toBe(3);
    },
  );

  it('prints the id and leaves with --detach', async () => {
    const { exitCode, stdout } = await slipway([...deployArgs, '--detach'], gateway.url);
    expect(stdout).toContain(`slipway watch ${release.releaseId}`);
    expect(gateway.seen).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'rolled-back') });
    const { exitCode, json, stderr } = await slipway([...deployArgs, '--json', '--request-key', 'k3'], gateway.url);
    expect(json).toMatchObject({
      releaseId: release.releaseId,
      requestKey: 'k3',
      created: true,
      outcome: 'rolled-back',
      exitCode: 10,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(10);
  });

  it('shows progress on stderr with --json when a person is there', async () => {
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'verified') });
    const { json, stderr } = await slipway([...deployArgs, '--json'], gateway.url, { terminal: true });
    expect(json['outcome']).toBe('verified');
    expect(stderr).toContain('building core');
  });

  it.each([
    ['a tag instead of a digest', `core=registry.test/shop/core:latest`],
    ['no component', image('a')],
  ])('refuses an image with %s before it asks the gateway', async (_, text) => {
    const { exitCode, stderr } = await slipway([...deployArgs, '--image', text], gateway.url);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('next: Pin the image');
    expect(gateway.seen).toHaveLength(0);
  });

  it('shows each problem of the pipeline file with its line', async () => {
    const problems = [{ file: 'slipway.yaml', line: 3, column: 5, message: 'unknown key `regons`', hint: 'regions' }];
    gateway.on('POST /v1/releases', {
      status: 422,
      body: { error: { code: 'SLIP-CFG-1', message: 'not valid', problems } },
    });
    const { exitCode, stderr } = await slipway(deployArgs, gateway.url);
    expect(stderr).toContain('error: SLIP-CFG-1 not valid');
    expect(stderr).toContain('slipway.yaml:3:5 unknown key `regons` (regions)');
    expect(exitCode).toBe(3);
  });

  it('prints of each problem with --json all that `validate` does, and none that has another form', async () => {
    const place = { file: 'slipway.yaml', line: 3, column: 5 };
    const known = { ...place, endColumn: 11, path: 'environments.de', message: 'unknown key', correction: 'regions' };
    const odd = [
      { ...place, message: 7 },
      { ...known, line: -1 },
      { ...known, path: [] },
      { ...known, endColumn: 1.5 },
      null,
    ];
    gateway.on('POST /v1/releases', {
      status: 422,
      body: { error: { code: 'SLIP-CFG-1', message: 'not valid', problems: [...odd, known] } },
    });
    const { json } = await slipway([...deployArgs, '--json'], gateway.url);
    expect(json['error']).toMatchObject({ code: 'SLIP-CFG-1', problems: [known] });
  });
});

describe('watch', () => {
  it('tells each event once, however often it is seen', async () => {
    const release = aRelease();
    const later = {
      ...release,
      status: { ...release.status!, log: [...release.status!.log, { at: noon + 900, line: 'core is built' }] },
    };
    gateway.on(
      path(release.releaseId),
      { body: release },
      { body: release },
      { body: later },
      { body: ended(later, 'verified') },
    );
    const { stdout } = await slipway(['watch', release.releaseId], gateway.url);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('building core'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('core is built'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('eu-west core: deploying (1 of 3 pods updated)'))).toHaveLength(1);
    expect(lines.every((line) => /^\d\d:\d\d:\d\d /.test(line))).toBe(true);
  });

  it('says who can move a release that waits, and how', async () => {
    const release = awaitingApproval('f'.repeat(64));
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'expired') });
    const { stdout, exitCode } = await slipway(['watch', release.releaseId], gateway.url);
    expect(stdout).toContain('waits for approval; who can move it: one of group release-managers');
    expect(stdout).toContain(`slipway approve ${release.releaseId} --plan ${'f'.repeat(64)}`);
    expect(exitCode).toBe(12);
  });

  it('goes on when the gateway is away for a while', async () => {
    const release = aRelease();
    const away = { status: 503, body: { error: { code: 'unavailable', message: 'Temporal is away' } } };
    gateway.on(path(release.releaseId), { body: release }, ...Array.from({ length: 7 }, () => away), {
      body: ended(release, 'verified'),
    });
    const { stdout, exitCode } = await slipway(['watch', release.releaseId], gateway.url);
    expect(stdout.match(/Temporal is away/g)).toHaveLength(1);
    expect(stdout).toContain('the gateway answers again');
    expect(exitCode).toBe(0);
  });

  it('gives up when the gateway stays away for ten minutes', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release }, 'hang-up');
    const { exitCode, stderr } = await slipway(['watch', release.releaseId], gateway.url, { haste: 20 });
    expect(stderr).toContain('cannot be reached');
    expect(exitCode).toBe(4);
  });

  it('stops following, not the release, after --timeout', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release });
    const { exitCode, stderr } = await slipway(['watch', release.releaseId, '--timeout', '30s'], gateway.url);
    expect(stderr).toContain(
      `still running: not ended after 30 s; the release goes on\n  next: slipway watch ${release.releaseId}`,
    );
    expect(exitCode).toBe(5);
  });

  const untouched = aStatus({ stage: 'building', timings: [{ stage: 'building', startedAt: noon }] });
  const { status: _status, ...unseen } = aRelease();
  it.each([
    ['abort', 'has changed nothing yet', aRelease({ status: untouched })],
    ['rollback', 'has changed something', aRelease()],
    ['status', 'is a rollback', aRelease({ releaseId: 'rollback/shop/production/order-1' })],
    ['status', 'cannot be seen', unseen],
  ])('leaves the release running on Ctrl-C and names `slipway %s` for one that %s', async (command, _, release) => {
    gateway.on(path(release.releaseId), { body: release });
    const stop = new AbortController();
    const { exitCode, stderr } = await slipway(['watch', release.releaseId], gateway.url, {
      signal: stop.signal,
      onPause: (pauses) => pauses === 2 && stop.abort(),
    });
    expect(stderr).toContain(`slipway watch ${release.releaseId}`);
    expect(stderr).toContain(`slipway ${command} ${release.releaseId}`);
    expect(posts()).toHaveLength(0);
    expect(exitCode).toBe(130);
  });

  it('waits for the outcome of a run that was ended by force', async () => {
    const release = aRelease();
    const { outcome: _, ...unrecorded } = ended(release, 'failed');
    gateway.on(path(release.releaseId), { body: unrecorded }, { body: unrecorded }, { body: ended(release, 'failed') });
    expect((await slipway(['watch', release.releaseId], gateway.url)).exitCode).toBe(1);
  });

  it('tells with the time when it happened what has one, and of anything else that it was seen', async () => {
    const components = (since?: number) => [
      {
        component: 'core',
        image: image('a'),
        phase: 'verified' as const,
        note: '',
        ...(since !== undefined && { since }),
      },
    ];
    const regions = [
      { region: 'eu-west', phase: 'verified' as const, components: components(noon + 5_000) },
      { region: 'us-east', phase: 'verified' as const, components: components() },
    ];
    const release = aRelease({ status: aStatus({ regions }) });
    gateway.on(path(release.releaseId), { body: ended(release, 'verified') });
    const { stdout } = await slipway(['watch', release.releaseId], gateway.url);
    expect(stdout).toContain('12:00:05 eu-west core: verified\n');
    expect(stdout).toContain('12:00:20 seen: us-east core: verified\n');
  });

  it('tells the cause of a held release as soon as it is known, and once', async () => {
    const failure = failureDetails('SLIP-K8S-1', 'core: panic: no route');
    const held = aRelease({ status: aStatus({ stage: 'held', failure }) });
    gateway.on(path(held.releaseId), { body: held }, { body: held }, { body: ended(held, 'halted') });
    const { stdout } = await slipway(['watch', held.releaseId], gateway.url);
    expect(stdout.match(/panic: no route/g)).toHaveLength(1);
    expect(stdout.indexOf('panic: no route')).toBeLessThan(stdout.indexOf('halted'));
  });

  it('asks often enough in a terminal for nothing to be seen later than a second', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release });
    await slipway(['watch', release.releaseId, '--timeout', '60s'], gateway.url, { terminal: true });
    expect(gateway.seen.length).toBeGreaterThan(60);
  });

  it('asks less often while nothing moves', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: release });
    await slipway(['watch', release.releaseId, '--timeout', '60s'], gateway.url);
    expect(gateway.seen.length).toBeGreaterThan(18);
    expect(gateway.seen.length).toBeLessThan(30);
  });

  it('draws over its own picture in a terminal, never taller than the terminal, and gives the cursor back', async () => {
    const release = aRelease({
      status: aStatus({ log: Array.from({ length: 40 }, (_, n) => ({ at: noon + n, line: `line ${n}` })) }),
    });
    gateway.on(path(release.releaseId), { body: release }, { body: release }, { body: ended(release, 'verified') });
    const { stdout } = await slipway(['watch', release.releaseId], gateway.url, {
      terminal: true,
      rows: 14,
      columns: 60,
    });
    // eslint-disable-next-line no-control-regex
    const jumps = [...stdout.matchAll(/\u001b\[(\d+)A/g)].map(([, rows]) => Number(rows));
    expect(jumps).toHaveLength(2);
    expect(Math.max(...jumps)).toBeLessThan(14);
    expect(stdout.endsWith('\u001b[?25h')).toBe(true);
  });

  it('writes lines, not a picture, in a terminal that can only write', async () => {
    const release = aRelease();
    gateway.on(path(release.releaseId), { body: ended(release, 'verified') });
    const { stdout } = await slipway(['watch', release.releaseId], gateway.url, {
      terminal: true,
      env: { TERM: 'dumb' },
    });
    expect(stdout).not.toContain('\u001b');
  });
});

describe('whoever follows a release in which nothing moves', () => {
  const release = aRelease();
  const asks = () =>
    gateway.seen.filter(({ method, path: asked }) => `${method} ${asked}` === path(release.releaseId)).length;
  beforeEach(() => gateway.on(path(release.releaseId), { body: release }));

  it.each<[string, string[], Record<string, string>]>([
    ['waits for its end alone', ['wait'], {}],
    ['wants no colours', ['watch'], { NO_COLOR: '1' }],
    ['has a terminal that nothing can be drawn on', ['watch'], { TERM: 'dumb' }],
  ])(
    'asks the gateway every three seconds, also in a terminal, where no picture is drawn: %s',
    async (_who, command, env) => {
      await slipway([...command, release.releaseId, '--timeout', '60s'], gateway.url, { terminal: true, env });
      expect(asks()).toBeGreaterThan(15);
      expect(asks()).toBeLessThan(35);
    },
  );

  it('asks more than once a second where one is', async () => {
    await slipway(['watch', release.releaseId, '--timeout', '60s'], gateway.url, { terminal: true });
    expect(asks()).toBeGreaterThan(90);
  });
});
