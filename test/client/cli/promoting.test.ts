import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { VerifiedRelease } from '../../../domain/contract/release.ts';
import { aLane, aPlan, aRelease, commit, ended, image, noon } from './builders.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const release = (id: string) => `GET /v1/releases/${encodeURIComponent(id)}`;
const posts = () => gateway.seen.filter(({ method }) => method === 'POST');
const there = 'release/shop/staging/earlier/1';
const lane = (change: Partial<VerifiedRelease> = {}): LaneView => {
  const { inventory, ...view } = aLane({ environment: 'staging' });
  const rows = inventory.map((row) => ({ ...row, environment: 'staging', releaseId: there }));
  return { ...view, inventory: [...rows.slice(0, -1), { ...rows.at(-1)!, ...change }] };
};
const promote = ['promote', 'shop', 'staging', 'production'];

it('a plan says of each image that it is promoted, and by which release it was verified where', async () => {
  const promoted = { environment: 'staging', releaseId: there };
  const components = [
    { name: 'core', image: image('a'), origin: 'promoted' as const, promoted, needs: [], workloads: [] },
  ];
  const { plan, hash } = aPlan({ components, promotion: { environment: 'staging', maxAgeMs: 1_209_600_000 } });
  gateway.on(`GET /v1/plans/${hash}`, { body: plan });
  gateway.on('GET /v1/lanes/shop/production', { body: aLane() });
  const { stdout } = await slipway(['plan', hash], gateway.url);
  expect(stdout).toMatch(/core +9{12} → a{12} +promoted from staging$/m);
  expect(stdout).toMatch(/core, promoted from +staging$/m);
  expect(stdout).toMatch(new RegExp(`core, verified there by +${there}$`, 'm'));
  expect(stdout).toMatch(/images promoted from +staging$/m);
  expect(stdout).toMatch(/verified there no longer ago than +14 days$/m);
});

describe('promote', () => {
  const started = aRelease();
  beforeEach(() => {
    gateway.on('GET /v1/lanes/shop/staging', { body: lane() });
    gateway.on(release(there), { body: aRelease({ releaseId: there, branch: 'trunk' }) });
    gateway.on('POST /v1/releases', { status: 201, body: { releaseId: started.releaseId, created: true } });
    gateway.on(release(started.releaseId), { body: started }, { body: ended(started, 'verified') });
  });

  it('starts the release of what is verified there, shows it, and follows it to its end', async () => {
    const { exitCode, stdout } = await slipway([...promote, '--request-key', 'k1'], gateway.url);
    expect(posts().map(({ body }) => body)).toEqual([
      { service: 'shop', branch: 'trunk', commit, environment: 'production', from: 'staging', requestKey: 'k1' },
    ]);
    const when = '2026-03-01 12:00';
    expect(stdout).toContain(`shop: staging → production\ncommit ${commit} on trunk, verified in eu-west, us-east\n`);
    expect(stdout).toMatch(new RegExp(`  core  9{12}  verified ${when}.* by ${there}\n  web   b{12}  verified`));
    expect(stdout).toMatch(/verified: it verified\n$/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['rolled-back', 10],
    ['rejected', 11],
  ])('ends as deploy does when the release ends %s', async (outcome, code) => {
    gateway.on(release(started.releaseId), { body: ended(started, outcome) });
    expect((await slipway(promote, gateway.url)).exitCode).toBe(code);
  });

  it('takes the branch that is named, and what else deploy takes', async () => {
    const { json } = await slipway(
      [...promote, '--branch', 'main', '--new-attempt', '--downgrade', '--detach', '--json', '--request-key', 'k2'],
      gateway.url,
    );
    expect(posts()[0]!.body).toMatchObject({ branch: 'main', newAttempt: true, downgrade: true });
    expect(json).toMatchObject({ releaseId: started.releaseId, requestKey: 'k2' });
    expect(gateway.seen.map(({ path }) => path)).not.toContain(release(there).replace('GET ', ''));
  });

  it('starts nothing where it is only to show it', async () => {
    const shown = await slipway([...promote, '--dry-run'], gateway.url);
    expect(shown.stdout).toContain('shop: staging → production');
    const { json, exitCode } = await slipway([...promote, '--dry-run', '--json'], gateway.url);
    expect(json).toEqual({
      version: 1,
      service: 'shop',
      from: 'staging',
      to: 'production',
      branch: 'trunk',
      commit,
      regions: ['eu-west', 'us-east'],
      components: [
        { component: 'core', image: image('9'), releaseId: there, verifiedAt: new Date(noon).toISOString() },
        { component: 'web', image: image('b', 'web'), releaseId: there, verifiedAt: new Date(noon).toISOString() },
      ],
    });
    expect(exitCode).toBe(0);
    expect(posts()).toEqual([]);
  });

  it.each<[string, LaneView, string[]]>([
    [
      'nothing is verified there',
      { ...lane(), inventory: [] },
      ['nothing of shop is verified in staging', 'slipway deploy --service shop --environment staging'],
    ],
    [
      'regions have different commits',
      {
        ...lane(),
        inventory: lane().inventory.map((row) =>
          row.region === 'us-east'
            ? { ...row, commit: 'e'.repeat(40), releaseId: 'release/shop/staging/other/1' }
            : row,
        ),
      },
      ['no one commit of shop is verified in staging:', '0123456789ab: eu-west', 'eeeeeeeeeeee: us-east'],
    ],
    [
      'regions have different images of it',
      lane({ image: image('7', 'web') }),
      ['web is not one image in staging:', 'eu-west: bbbbbbbbbbbb', 'us-east: 777777777777', '--new-attempt'],
    ],
  ])('says so, and starts nothing, where %s', async (_what, view, words) => {
    gateway.on('GET /v1/lanes/shop/staging', { body: view });
    const { exitCode, stderr } = await slipway(promote, gateway.url);
    for (const word of words) expect(stderr).toContain(word);
    expect(exitCode).toBe(3);
    expect(posts()).toEqual([]);
  });

  it('says which branch to name where the one that it was released from does not go there', async () => {
    const error = { code: 'SLIP-CFG-4', message: 'the branch is not mapped', next: 'mapped are: `main` → production' };
    gateway.on('POST /v1/releases', { status: 400, body: { error } });
    const next =
      'It was released from trunk. Name a branch that has this commit and that production lets in: --branch NAME.';
    expect((await slipway(promote, gateway.url)).stderr).toContain(next);
    expect((await slipway([...promote, '--branch', 'trunk'], gateway.url)).stderr).not.toContain(next);
  });

  it('wants two environments', async () => {
    const { exitCode, stderr } = await slipway(['promote', 'shop', 'staging', 'staging'], gateway.url);
    expect(stderr).toContain('staging is not promoted to itself');
    expect(exitCode).toBe(2);
    expect(gateway.seen).toEqual([]);
  });
});
