import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { VerifiedBeside } from '../../../../domain/contract/gateway.ts';
import { neededQueues } from '../../../../domain/task-queues.ts';
import { aPlan, image } from '../builders.ts';
import { startFakeGateway, type FakeGateway } from '../fake-gateway.ts';
import { slipway } from '../terminal.ts';
import { recorded, session, widths } from './session.ts';
import * as shop from './stories.ts';

let gateway: FakeGateway;
let folder: string;
beforeEach(async () => {
  gateway = await startFakeGateway();
  folder = await mkdtemp(join(tmpdir(), 'slipway-session-'));
});
afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

const place = ['--service', 'shop', '--environment', 'production'];
const { plan, hash } = aPlan({ commit: shop.commit });
const before = aPlan({ approval: { ...plan.approval, quorum: 3 }, migrations: [] });
const release = `GET /v1/releases/${encodeURIComponent(shop.id)}`;

const annotated = fileURLToPath(new URL('../../../../examples/saleor/slipway.yaml', import.meta.url));
async function mistaken(): Promise<string> {
  const text = await readFile(annotated, 'utf8');
  return text
    .replace('paths: [api/]', 'path: [api/]')
    .replace('timeout: 15m', 'timeout: 15')
    .replace('needs: [core]', 'needs: [cor]');
}

/** What there is to be seen, for each of these commands. */
const scenes: Record<string, { args: string[]; seconds?: number; there(): unknown }> = {
  'a release that waits for its approval': {
    args: ['status', shop.id],
    seconds: 200,
    there: () => {
      gateway.on(release, { body: { ...shop.waiting, status: { ...shop.waiting.status!, planHash: hash } } });
      planIsThere();
    },
  },
  'a release that is held': {
    args: ['status', shop.id],
    seconds: 1_300,
    there: () => gateway.on(release, { body: shop.held }),
  },
  'why it is held': {
    args: ['status', shop.id, '--why'],
    seconds: 1_300,
    there: () => gateway.on(release, { body: shop.held }),
  },
  'one that has failed': {
    args: ['status', shop.id],
    seconds: 5_000,
    there: () => gateway.on(release, { body: shop.rolledBack }),
  },
  'what it has said of itself': {
    args: ['logs', shop.id],
    seconds: 5_000,
    there: () => gateway.on(release, { body: shop.rolledBack }),
  },
  'what a rollback would do': {
    args: ['rollback', shop.id, '--dry-run'],
    seconds: 5_000,
    there: () => {
      gateway.on(release, { body: shop.verified });
      gateway.on(`GET /v1/rollbacks/preview?release=${encodeURIComponent(shop.id)}`, { body: rollback });
    },
  },
  'the newest releases': {
    args: ['releases'],
    there: () => gateway.on('GET /v1/releases?limit=20', { body: { releases: shop.rows(), next: 'x' } }),
  },
  'a lane that is frozen and on hold': {
    args: ['lane', ...place],
    there: () => gateway.on('GET /v1/lanes/shop/production', { body: shop.closedLane() }),
  },
  'a plan': { args: ['plan', hash], there: () => planIsThere() },
  'a plan that was made by another policy': {
    args: ['plan', hash],
    there: () => planIsThere({ approvalNow: { ...plan.approval, quorum: 3, groups: ['directors'] } }),
  },
  'a file with three mistakes': {
    args: ['validate'],
    there: async () => writeFile(join(folder, 'slipway.yaml'), await mistaken()),
  },
  'an installation that is not well': { args: ['doctor'], there: () => installationIsThere() },
};

const target = (component: string) => ({
  component,
  image: image('9', component),
  from: image('a', component),
  releaseId: `release/shop/production/${'1'.repeat(40)}/1`,
  commit: '1'.repeat(40),
  verifiedAt: shop.seconds(-86_400),
});
const rollback = {
  releaseId: shop.id,
  regions: [
    {
      kind: 'go',
      region: 'nl',
      targets: [{ ...target('core'), schemaSince: ['main: 0042_add_weight'] }, target('web')],
    },
    { kind: 'go', region: 'de', targets: [target('core'), target('web')], newcomers: ['search'] },
    {
      kind: 'refused',
      region: 'us-east',
      why: 'after it was verified, main: 0043_drop_total has taken something away that it needs',
      next: 'Fix forward: a new release, whose code lives with the schema as it is.',
    },
  ],
};

function planIsThere(policy: Pick<VerifiedBeside, 'approvalNow'> = {}): void {
  const verified = {
    planHash: before.hash,
    releaseId: rollback.regions[0]!.targets![0]!.releaseId,
    verifiedAt: shop.seconds(-86_400),
    plan: before.plan,
  };
  gateway.on(`GET /v1/plans/${hash}`, { body: plan });
  gateway.on(`GET /v1/plans/${hash}/verified`, { body: { verified, ...policy } });
  gateway.on(`GET /v1/plans/${hash}/commits`, {
    body: {
      commits: [
        {
          commit: shop.commit,
          at: shop.seconds(-700),
          author: 'Ada Lovelace',
          subject: 'Orders weigh something: the column is filled by the shop, and by nobody else before',
        },
        { commit: '8'.repeat(40), at: shop.seconds(-800), author: '山田 太郎', subject: '注文の重さ' },
      ],
      more: false,
    },
  });
  gateway.on('GET /v1/lanes/shop/production', { body: shop.closedLane() });
}

function installationIsThere(): void {
  gateway.on('GET /healthz', { body: { ok: true } });
  gateway.on('GET /v1/health', {
    body: {
      ok: true,
      temporal: 'ok',
      records: 'ok',
      policy: {
        ok: false,
        says: 'policy.yaml:12:3: the group `release-manager` has nobody; the rules of before are in force',
      },
    },
  });
  gateway.on('GET /v1/me', { body: { id: 'ada', via: 'token', groups: ['release-managers'] } });
  const queues = neededQueues(['production']).map((one) => ({ ...one, polled: one.role !== 'build' }));
  gateway.on('GET /v1/engine', {
    body: { versions: [{ buildId: '0.1.0-4f0c2b7d9e1a', current: true, polled: true, pinned: 3 }], queues },
  });
}

describe.each(widths)('what a terminal of %d columns shows of', (columns) => {
  it.each(Object.keys(scenes))('%s', async (name) => {
    const { args, seconds = 0, there } = scenes[name]!;
    await there();
    const shown = await session(args, gateway, { columns, rows: 200, cwd: folder, clock: [shop.seconds(seconds)] });
    const text = recorded(args, shown).replace(/(ok {6}node|git version)(:?) \d[\w.]*/g, '$1$2 1.2.3');
    expect(text).toMatchSnapshot();
  });
});

it.each(Object.keys(scenes).filter((name) => !name.startsWith('why')))(
  '%s has one document for programs',
  async (name) => {
    const { args, there } = scenes[name]!;
    await there();
    const { stdout } = await slipway([...args, '--json'], gateway.url, { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(expect.any(Object));
  },
);
