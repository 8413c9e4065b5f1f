import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aPlan, aRelease, aStatus, awaitingApproval, ended, image, noon } from './builders.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const path = (id: string) => `GET /v1/releases/${encodeURIComponent(id)}`;

describe('wait', () => {
  const release = aRelease();

  it('says nothing until the end, and ends as that', async () => {
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'rejected') });
    const { exitCode, stdout } = await slipway(['wait', release.releaseId], gateway.url);
    expect([exitCode, stdout]).toEqual([11, 'rejected: it rejected\n']);
  });

  it('also ends when a person is asked, and not for a lane', async () => {
    const waiting = awaitingApproval('b'.repeat(64));
    const lane = { stage: 'awaiting-lane' as const, waitingFor: { what: 'the lane', who: 'lane/shop/production' } };
    gateway.on(path(release.releaseId), { body: { ...release, status: aStatus(lane) } }, { body: waiting });
    const { exitCode, stdout } = await slipway(['wait', release.releaseId, '--for', 'person'], gateway.url);
    expect([exitCode, stdout]).toEqual([0, 'waits for approval; who can move it: one of group release-managers\n']);
    expect(gateway.seen.filter(({ path: asked }) => !asked.endsWith('/events'))).toHaveLength(2);
  });

  it('gives up in time, and knows nothing else to wait for', async () => {
    gateway.on(path(release.releaseId), { body: release });
    expect((await slipway(['wait', release.releaseId, '--timeout', '1s'], gateway.url)).exitCode).toBe(5);
    expect((await slipway(['wait', release.releaseId, '--for', 'ever'], gateway.url)).exitCode).toBe(2);
  });
});

describe('logs', () => {
  const log = Array.from({ length: 30 }, (_, n) => ({ at: noon + n, line: `line ${n}` }));
  const logPrinted = log.map(({ at, line }) => ({ at: new Date(at).toISOString(), line }));
  const failure = {
    code: 'SLIP-K8S-2',
    kind: 'terminal',
    blame: 'release',
    title: 'pods crash',
    detail: 'panic: no route\nat main',
    next: 'Look.',
  };
  const checks = [{ name: 'image scan', verdict: 'pass' as const, summary: 'nothing' }];
  const release = aRelease({ status: aStatus({ log, checks, failure: failure as never }) });
  beforeEach(() => gateway.on(path(release.releaseId), { body: release }));

  it('are whole, with what failed in its own words', async () => {
    const { exitCode, stdout } = await slipway(['logs', release.releaseId], gateway.url);
    for (const { line } of log)
      expect(stdout).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ${line}$`, 'm'));
    expect(stdout).toContain('check image scan: pass, nothing\n');
    expect(stdout).toContain('panic: no route\n  at main');
    expect(exitCode).toBe(0);
  });

  it.each([
    [
      { pending: ['0041_a', '0042_b'], count: 5, contracting: ['0042_b'] },
      '0041_a, 0042_b and 3 more; contracting: 0042_b',
    ],
    [{ pending: [], count: 0 }, 'nothing pending'],
    [{ pending: ['*'], count: 1, unplanned: true }, 'whatever is pending; it could not be told before the approval'],
  ])('have its images, and what its migrations had to do: %j', async (work, words) => {
    const migration = {
      database: 'main',
      region: 'nl',
      component: 'core',
      contracting: [],
      unplanned: false,
      timeoutMs: 1,
    };
    const artifacts = [{ component: 'core', image: image('a'), origin: 'built' as const }];
    const told = aRelease({ status: aStatus({ artifacts, migrations: [{ ...migration, ...work }] }) });
    gateway.on(path(told.releaseId), { body: told });
    const { stdout, stderr } = await slipway(['logs', told.releaseId], gateway.url);
    expect(stdout).toContain('image of core: built, aaaaaaaaaaaa\n');
    expect(stdout).toContain(`migration of main in nl by core: ${words}\n`);
    expect(stderr).toContain('not kept with a release');
  });

  it('are a document for programs', async () => {
    const { json } = await slipway(['logs', release.releaseId, '--json'], gateway.url);
    expect(json).toMatchObject({ releaseId: release.releaseId, log: logPrinted, failure });
  });

  it('go on to the end where that is wanted', async () => {
    gateway.on(path(release.releaseId), { body: release }, { body: ended(release, 'failed') });
    const { exitCode, stdout } = await slipway(['logs', release.releaseId, '--follow'], gateway.url);
    expect(stdout).toMatch(/failed: it failed\n$/);
    expect(exitCode).toBe(1);
    const { json, exitCode: code } = await slipway(['logs', release.releaseId, '--follow', '--json'], gateway.url);
    expect([json, code]).toEqual([expect.objectContaining({ log: logPrinted }), 1]);
  });

  it('say where nothing can be seen', async () => {
    const { status: _, ...unseen } = release;
    gateway.on(path(release.releaseId), { body: unseen });
    const { stderr } = await slipway(['logs', release.releaseId], gateway.url);
    expect(stderr).toContain('nothing of what it has said can be seen now');
  });
});

describe('open', () => {
  it('prints the page where there is no terminal', async () => {
    const release = aRelease({ temporalUrl: 'https://temporal.test/namespaces/default/workflows/x' });
    gateway.on(path(release.releaseId), { body: release });
    const { exitCode, stdout } = await slipway(['open', release.releaseId], gateway.url);
    expect([exitCode, stdout]).toEqual([0, 'https://temporal.test/namespaces/default/workflows/x\n']);
  });

  const pageUrl = 'https://slipway.test/runs/release/shop/production/a/1';
  const temporalUrl = 'https://temporal.test/namespaces/default/workflows/x';
  it.each([
    ['the page of the release, where the gateway has pages', [], pageUrl],
    ['the run in the Temporal UI, where that is wanted', ['--temporal'], temporalUrl],
  ])('is %s', async (_which, more, url) => {
    const release = aRelease({ pageUrl, temporalUrl });
    gateway.on(path(release.releaseId), { body: release });
    const { exitCode, stdout } = await slipway(['open', release.releaseId, ...more], gateway.url);
    expect([exitCode, stdout]).toEqual([0, `${url}\n`]);
    gateway.on(path(release.releaseId), { body: release });
    const { json } = await slipway(['open', release.releaseId, ...more, '--json'], gateway.url);
    expect(json).toMatchObject({ releaseId: release.releaseId, url, pageUrl, temporalUrl });
  });

  it('says whose setting is missing where there is no Temporal UI, though there is a page', async () => {
    const release = aRelease({ pageUrl });
    gateway.on(path(release.releaseId), { body: release });
    const { exitCode, stderr } = await slipway(['open', release.releaseId, '--temporal'], gateway.url);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('SLIPWAY_TEMPORAL_UI')]);
  });

  it.each([undefined, 'file:///etc/passwd', '--help', 'javascript:alert(1)'])(
    'hands no program what is no page: %s',
    async (url) => {
      const release = aRelease(url === undefined ? {} : { temporalUrl: url, pageUrl: url });
      gateway.on(path(release.releaseId), { body: release });
      const { exitCode, stdout } = await slipway(['open', release.releaseId], gateway.url, { terminal: true });
      expect([exitCode, stdout]).toEqual([3, '']);
    },
  );
});

describe('diff', () => {
  it('shows what the second plan has otherwise than the first', async () => {
    const [before, after] = [aPlan({ tags: ['latest'] }), aPlan({ tags: ['latest', 'stable'] })];
    const [one, two] = [before, after].map(({ hash, plan }, n) => {
      const release = aRelease({
        releaseId: `release/shop/production/${n}/1`,
        recorded: { planHash: hash, approvals: [], changed: [] },
      });
      gateway.on(path(release.releaseId), { body: release });
      gateway.on(`GET /v1/plans/${hash}`, { body: plan });
      return release.releaseId;
    });
    const { exitCode, stdout } = await slipway(['diff', one!, two!], gateway.url);
    expect(stdout).toContain(`compared with: plan ${before.hash}`);
    expect(stdout).toContain(`  of ${two}\n`);
    expect(stdout).toMatch(/tags that follow +latest → latest, stable/);
    expect(exitCode).toBe(0);
    expect((await slipway(['diff', one!, one!], gateway.url)).stdout).toContain(
      'It is the very plan that it is compared with.',
    );
    const { json } = await slipway(['diff', one!, two!, '--json'], gateway.url);
    expect(json).toMatchObject({
      hash: after.hash,
      comparedWith: { planHash: before.hash, releaseId: one },
      secondLooks: [],
    });
    expect(json).not.toHaveProperty('verified');
  });
});

it('says who somebody is to the gateway', async () => {
  const grants = [
    { service: 'shop', environment: 'production', may: ['look', 'decide'] },
    { service: 'shop', environment: 'staging', may: ['look'] },
  ];
  const kim = { id: 'kim', via: 'token', groups: ['approvers'] };
  gateway.on('GET /v1/me', { body: { ...kim, grants } });
  const { stdout } = await slipway(['whoami'], gateway.url);
  const who = `you      kim (token)\ngroups   approvers\ngateway  ${gateway.url}\n`;
  const may = 'may      shop/production  look, decide\n         shop/staging     look\n';
  expect(stdout).toBe(who + may);
  const { json } = await slipway(['whoami', '--json'], gateway.url);
  expect(json).toEqual({ version: 1, ...kim, grants, gateway: gateway.url });
  gateway.on('GET /v1/me', { body: { ...kim, grants: [] } });
  expect((await slipway(['whoami'], gateway.url)).stdout).toBe(
    `${who}may      nothing: no lane that you may look at\n`,
  );
  // Of an older gateway.
  gateway.on('GET /v1/me', { body: kim });
  expect((await slipway(['whoami'], gateway.url)).stdout).toBe(who);
  expect(JSON.stringify(json)).not.toContain(token);
});
