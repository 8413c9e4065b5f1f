import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRegistry } from '../../activities/images/registry.ts';
import type { MigrationJobs } from '../../activities/migrations/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createApplySteps } from '../../activities/steps/migration-apply.ts';
import { markOf, regionProofs } from '../../activities/steps/region-proofs.ts';
import { rollbackWarnings } from '../../activities/steps/choose-rollbacks.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { parsePinnedImage } from '../../domain/images.ts';
import { startRegistry } from '../../lab/services/registry.ts';
import type { LabRegistry } from '../../lab/services/registry.ts';
import {
  aCommit,
  aMigrationSpec,
  anImage,
  aPlannedComponent,
  aPlannedMigration,
  aRegion,
  aReleaseId,
  aRequest,
  aResult,
  aVerified,
} from '../domain/builders.ts';
import { aMomentLater } from '../contract/records-builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';
import { openSeparated } from '../support/postgres-roles.ts';
import type { SeparatedRecords } from '../support/postgres-roles.ts';
import { putImage } from '../support/registry.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { outlineOfPlan, outlineOfRead } from '../../domain/outline.ts';

const postgres = usePostgres();
/** As their owner sees them, and as the steps of an engine worker do. */
let records: Records;
let separated: SeparatedRecords;
let directory: string;
/** The real one: what is deleted there is gone. */
let lab: LabRegistry;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-undoing-'));
  lab = await startRegistry({ directory, progress: () => {} });
  separated = await openSeparated(postgres);
  records = separated.owner;
});
afterAll(async () => {
  await separated?.close();
  await lab?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** An image of its own in the registry. */
async function aPushedImage(): Promise<PinnedImage> {
  const repository = `shop/core-${randomUUID().slice(0, 8)}`;
  return `${lab.host}/${repository}@${await putImage(lab.host, repository, randomUUID())}`;
}

/** As a clean-up rule of the registry does it. */
async function deleteImage(image: PinnedImage): Promise<void> {
  const { repository, digest } = parsePinnedImage(image);
  const [host, ...name] = repository.split('/');
  const answer = await fetch(`http://${host}/v2/${name.join('/')}/manifests/${digest}`, { method: 'DELETE' });
  expect(answer.status).toBe(202);
}

const unreachable = (what: string) => () => Promise.reject(new Error(`${what} was asked`));

/** Steps that have the records and nothing else: the repository is gone, and the policy is not what it was. */
function steps(as = separated.engine) {
  const registry = createRegistry();
  const { verifier, floorOf } = authorizing(records);
  const pipeline = { read: unreachable('the pipeline'), policyOf: unreachable('the policy'), floorOf };
  const source = { descends: unreachable('git'), changedPaths: unreachable('git') };
  return createEngineSteps({
    records: as,
    pipeline,
    source,
    registry,
    verifier,
    now: () => 2_000,
  } as unknown as EngineDependencies);
}

describe('chooseRollbacks', () => {
  /** A release that migrated nothing, in whose lane another was verified before it. */
  async function aRelease() {
    const release = await aReleaseThatMayAct(records, { plan: { regions: [aRegion('de')] } });
    const { lane, authority, act } = release;
    const image = await aPushedImage();
    await records.inventory.record([aVerified({ ...lane, image, verifiedAt: 500 })]);
    const { planHash, releaseId } = authority;
    const choose = () => act(steps().chooseRollbacks, { planHash, releaseId, regions: ['de'] });
    return { lane, choose, image };
  }
  const earlier = aReleaseId(1, aCommit('f'));

  it('refuses after an earlier release that failed has taken away what the old code needs', async () => {
    const { lane, choose } = await aRelease();
    expect(await choose()).toMatchObject([{ kind: 'go' }]);
    await records.schema.record(
      aSchemaChange({ ...lane, releaseId: earlier, contracting: ['0002_weight'], changedAt: 600 }),
    );
    expect(await choose()).toMatchObject([
      { kind: 'refused', region: 'de', why: expect.stringContaining('main: 0002_weight') },
    ]);
  });

  it('does not mind what was done before the old code was verified, or to another service', async () => {
    const { lane, choose } = await aRelease();
    const contracting = { contracting: ['0002_weight'], releaseId: earlier };
    await records.schema.record(aSchemaChange({ ...lane, ...contracting, changedAt: 400 }));
    await records.schema.record(
      aSchemaChange({ ...lane, ...contracting, service: `${lane.service}-other`, changedAt: 600 }),
    );
    expect(await choose()).toMatchObject([{ kind: 'go' }]);
  });

  it('refuses, before anything is touched, what the registry no longer has', async () => {
    const { choose, image } = await aRelease();
    await deleteImage(image);
    const why = `image ${image}, verified in de, is no longer in its registry, nor is any before it`;
    expect(await choose()).toMatchObject([{ kind: 'refused', region: 'de', why }]);
  });

  it('goes further back when an earlier image is still there', async () => {
    const { lane, choose, image } = await aRelease();
    const older = await aPushedImage();
    await records.inventory.record([aVerified({ ...lane, releaseId: earlier, image: older, verifiedAt: 100 })]);
    expect(await choose()).toMatchObject([{ kind: 'go', targets: [{ image }] }]);
    await deleteImage(image);
    expect(await choose()).toMatchObject([{ kind: 'go', targets: [{ image: older }] }]);
  });

  it('does not take a registry that is away for one that has nothing: it is asked again', async () => {
    const { lane, choose } = await aRelease();
    const away = { releaseId: earlier, image: anImage('core', '5').replace('registry.test', '127.0.0.1:1') };
    await records.inventory.record([aVerified({ ...lane, ...away, verifiedAt: 900 })]);
    await expect(choose()).rejects.toMatchObject({ details: { code: 'SLIP-IMG-2', kind: 'retryable' } });
  });

  it('does not take a registry that will not tell us for one that has nothing', async () => {
    const { server, host } = await aRefusingRegistry();
    try {
      const { lane, choose } = await aRelease();
      const image = anImage('core', '5').replace('registry.test', host);
      await records.inventory.record([aVerified({ ...lane, releaseId: earlier, image, verifiedAt: 900 })]);
      expect(await choose()).toMatchObject([{ kind: 'go', targets: [{ image }] }]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('a component that is new', () => {
  async function aReleaseWithWorker() {
    const image = await aPushedImage();
    const components = [aPlannedComponent('core'), aPlannedComponent('worker')];
    const release = await aReleaseThatMayAct(records, { plan: { components, regions: [aRegion('de')] } });
    const { planHash, releaseId } = release.authority;
    await records.inventory.record([aVerified({ ...release.lane, image, verifiedAt: 500 })]);
    const choose = () => release.act(steps().chooseRollbacks, { planHash, releaseId, regions: ['de'] });
    return { ...release, image, releaseId, choose };
  }

  it('keeps no other on the bad release; whether the release has begun to change it is read from the records', async () => {
    const { choose, image, releaseId } = await aReleaseWithWorker();
    const touching = (what: string) =>
      records.touched.record({ workflowId: releaseId, runId: 'the run', what, at: 1_000 });
    await touching('core in de');
    const targets = [expect.objectContaining({ component: 'core', image })];
    expect(await choose()).toEqual([
      { kind: 'go', region: 'de', targets, newcomers: [{ component: 'worker', touched: false }] },
    ]);
    await touching('worker in de');
    expect(await choose()).toMatchObject([{ newcomers: [{ component: 'worker', touched: true }] }]);
  });

  it('is said with the plan', async () => {
    const { plan, releaseId } = await aReleaseWithWorker();
    const wanted = { plan, releaseId, regions: ['de'] };
    expect(await rollbackWarnings({ records, registry: createRegistry() }, wanted)).toEqual([
      'after a failure in de worker stays as it is: nothing that may be gone back to ran before it',
    ]);
  });
});

describe('what was verified while it was scaled to zero', () => {
  /** Releases in one lane, each with an image of its own, recorded as the step records them; and what the next one would go back to. */
  async function verified(...unseen: boolean[]) {
    const { lane } = await aReleaseThatMayAct(records);
    const images: PinnedImage[] = [];
    for (const isUnseen of unseen) {
      const image = await aPushedImage();
      images.push(image);
      const { act, authority } = await aReleaseThatMayAct(records, {
        lane,
        plan: { components: [aPlannedComponent('core', { image })], regions: [aRegion('de')] },
      });
      const check = { name: 'de: core digest', verdict: 'pass', summary: 'it stands' } as const;
      const checks = [{ ...check, ...(isUnseen && { unseen: 'core' }) }];
      const artifacts = { core: { image, digest: parsePinnedImage(image).digest } };
      const mark = await markOf(records, authority.releaseId, 'de');
      await regionProofs(records).keep(authority, 'de', { artifacts, checks, mark });
      await act(steps().recordVerified, { authority, regions: ['de'] });
    }
    const next = await aReleaseThatMayAct(records, { lane, plan: { regions: [aRegion('de')] } });
    const { planHash, releaseId } = next.authority;
    const wanted = { plan: next.plan, releaseId, regions: ['de'] };
    return {
      images,
      choices: await next.act(steps().chooseRollbacks, { planHash, releaseId, regions: ['de'] }),
      warnings: await rollbackWarnings({ records, registry: createRegistry() }, wanted),
    };
  }

  it('is gone back to only where nothing else was seen running', async () => {
    const { choices, images, warnings } = await verified(false, true);
    expect(choices).toMatchObject([{ kind: 'go', targets: [{ image: images[0] }] }]);
    expect(warnings).toEqual([]);
  });

  it('is told as never seen running where it is all there is, also with the plan', async () => {
    const { choices, images, warnings } = await verified(true);
    expect(choices).toMatchObject([{ kind: 'go', targets: [{ image: images[0], unseen: true }] }]);
    expect(warnings).toEqual([
      'a failure in de would put core back to aaaaaaaaaaaa, which was scaled to zero there and never seen running',
    ]);
  });
});

describe.each([
  ['a minute ahead', 60_000],
  ['a minute behind', -60_000],
])('where the clock of the worker that migrates is %s, and all have one login', (_, skewMs) => {
  const aContraction = aPlannedMigration({ pending: ['0002_drop'], contracting: ['0002_drop'] });

  /** A lane in which releases take something away from the schema, are verified, and then may have to go back. */
  async function aLane() {
    const { lane } = await aReleaseThatMayAct(records);
    const plan = { migrationSpecs: [aMigrationSpec()], migrations: [aContraction], regions: [aRegion('de')] };
    const start = () => Promise.resolve({ adopted: false });
    const worker = createApplySteps({
      ...authorizing(records),
      jobs: { start } as unknown as MigrationJobs,
      now: () => Date.now() + skewMs,
    });
    const release = (image: PinnedImage) =>
      aReleaseThatMayAct(records, { lane, plan: { ...plan, components: [aPlannedComponent('core', { image })] } });
    return {
      async migrates({ act, authority }: Awaited<ReturnType<typeof release>>) {
        await records.plans.keep(authority.releaseId, 'migrations-main', aContraction);
        await act(worker.startMigration, { authority, database: 'main' });
        await aMomentLater(records);
      },
      async verifies({ act, authority, plan: { components } }: Awaited<ReturnType<typeof release>>) {
        const { image } = components[0]!;
        const artifacts = { core: { image, digest: parsePinnedImage(image).digest } };
        const mark = await markOf(records, authority.releaseId, 'de');
        const check = { name: 'de: core digest', verdict: 'pass', summary: 'it stands' } as const;
        await regionProofs(records).keep(authority, 'de', { artifacts, checks: [check], mark });
        await act(steps(records).recordVerified, { authority, regions: ['de'] });
        await aMomentLater(records);
      },
      choices: ({ act, authority: { planHash, releaseId } }: Awaited<ReturnType<typeof release>>) =>
        act(steps(records).chooseRollbacks, { planHash, releaseId, regions: ['de'] }),
      release: async () => release(await aPushedImage()),
    };
  }

  it('what was verified after its own migration is gone back to', async () => {
    const { release, migrates, verifies, choices } = await aLane();
    const first = await release();
    await migrates(first);
    await verifies(first);
    const { image } = first.plan.components[0]!;
    expect(await choices(await release())).toMatchObject([{ kind: 'go', targets: [{ image }] }]);
  });

  it('what was verified before something was taken away from the schema is not', async () => {
    const { release, migrates, verifies, choices } = await aLane();
    await verifies(await release());
    const next = await release();
    await migrates(next);
    const why = 'the schema may no longer carry the earlier release (main: 0002_drop)';
    expect(await choices(next)).toMatchObject([{ kind: 'refused', why }]);
  });
});

/** Answers 403 to everything. */
async function aRefusingRegistry() {
  const server = createServer((_request, response) => void response.writeHead(403).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the warnings of a plan', () => {
  /** What a plan for this region would be told, with these images verified there before, oldest first. */
  async function warned(...images: PinnedImage[]): Promise<string[]> {
    const { lane, plan, authority } = await aReleaseThatMayAct(records, { plan: { regions: [aRegion('de')] } });
    const rows = images.map((image, n) =>
      aVerified({ ...lane, image, releaseId: aReleaseId(n), verifiedAt: n, commit: aCommit(String(n)) }),
    );
    await records.inventory.record(rows);
    const wanted = { plan, releaseId: authority.releaseId, regions: ['de'] };
    return rollbackWarnings({ records, registry: createRegistry() }, wanted);
  }

  it('are none where a failure would go back', async () => {
    expect(await warned(await aPushedImage())).toEqual([]);
  });

  it('say where nothing was ever verified', async () => {
    expect(await warned()).toEqual([
      'a failure in de would halt there, and not roll back: core has never been verified in de',
    ]);
  });

  it('say where the image to go back to is gone', async () => {
    const image = await aPushedImage();
    await deleteImage(image);
    expect(await warned(image)).toEqual([
      `a failure in de would halt there, and not roll back: image ${image}, verified in de, is no longer in its registry, nor is any before it`,
    ]);
  });

  it('say where another release than the last would come back', async () => {
    const [older, last] = [await aPushedImage(), await aPushedImage()];
    await deleteImage(last);
    expect(await warned(older, last)).toEqual([
      `a failure in de would put core back to 000000000000: image ${last} is no longer in its registry`,
    ]);
  });

  it('say what could not be told, and keep nobody from planning', async () => {
    const image = anImage('core', '5').replace('registry.test', '127.0.0.1:1');
    expect(await warned(image)).toEqual([
      expect.stringMatching(`it could not be told whether ${image} is still there to go back to: 127.0.0.1:1: `),
    ]);
  });
});

describe('findRelease', () => {
  it('answers from the records when the repository is gone and the policy has changed', async () => {
    const { act, authority, plan, spec } = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = authority;
    await records.plans.keep(releaseId, 'result', aResult('verified', { planHash }));
    expect(await act(steps().findRelease, { releaseId, by: releaseId })).toEqual({
      plan: outlineOfPlan(plan, planHash),
      outline: outlineOfRead({ spec, artifacts: [], toBuild: [] }),
      earlier: [],
    });
  });

  it('says of a release that never had a plan that there is nothing to find', async () => {
    const { attempt: _n, ...request } = aRequest({ service: `shop-${randomUUID()}` });
    const { attempt } = await records.attempts.open(request, { requestKey: randomUUID(), fresh: true });
    const { releaseId } = attempt;
    const { act, authority } = await aReleaseThatMayAct(records);
    await records.plans.keep(releaseId, 'result', aResult('failed'));
    await expect(act(steps().findRelease, { releaseId, by: authority.releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-6' },
    });
  });
});
