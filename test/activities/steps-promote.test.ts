import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Records } from '../../activities/records/port.ts';
import { chooseArtifacts } from '../../activities/steps/choose-artifacts.ts';
import { hashOfPlan } from '../../activities/steps/authorize.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import { placeOf } from '../../activities/steps/migration-place.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import type { RegionDependencies } from '../../activities/steps/region-steps.ts';
import { releaseRecord } from '../../activities/steps/release-record.ts';
import { releaseId } from '../../domain/contract/names.ts';
import type { Artifact, MigrationSpec, ReleaseSpec, VerifiedRelease } from '../../domain/contract/release.ts';
import {
  aCommit,
  aComponent,
  aMigrationSpec,
  aPlan,
  aPlannedComponent,
  aRegion,
  aRequest,
  aSpec,
  aVerified,
  anImage,
} from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { policyAround } from '../support/policy-around.ts';
import { createMemoryRecords } from '../support/memory-records/memory-records.ts';

const day = 86_400_000;
const regions = { core: ['de', 'nl'] };
const staging = (changes: Partial<VerifiedRelease> = {}) =>
  aVerified({
    environment: 'staging',
    commit: aCommit(),
    image: anImage('core', '1'),
    releaseId: `release/shop/staging/${aCommit()}/1`,
    verifiedAt: 10 * day,
    ...changes,
  });
const refusedWith = (code: string, detail: string) => ({ details: { code, detail: expect.stringContaining(detail) } });

/** What is there in registries, and who is asked. */
function aRegistry(...gone: string[]) {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (image: string) => {
      asked.push(image);
      return gone.includes(image) ? undefined : image;
    },
  };
}

/** Nothing of what is promoted is looked for in the repository. */
const source = {
  authors: async () => ['dana@shop.test'],
  changedPaths: () => Promise.reject(new Error('nobody asks what has changed')),
  read: () => Promise.reject(new Error('nobody reads a Dockerfile')),
} as unknown as EngineDependencies['source'];

describe('a release whose images are promoted', () => {
  const spec = (changes: Partial<ReleaseSpec> = {}) =>
    aSpec({
      regions: [aRegion('de')],
      components: [aComponent('core')],
      promotion: { environment: 'staging', maxAgeMs: 14 * day, regions },
      ...changes,
    });

  async function read(
    rows: VerifiedRelease[],
    {
      spec: of = spec(),
      images = {},
      registry = aRegistry(),
      at = 12 * day,
      origin = 'built',
    }: {
      spec?: ReleaseSpec;
      images?: Record<string, string>;
      registry?: ReturnType<typeof aRegistry>;
      at?: number;
      origin?: Artifact['origin'];
    } = {},
  ) {
    const records = createMemoryRecords({ now: () => at });
    for (const row of rows) await records.inventory.record([{ ...row, state: 'verified' }]);
    for (const { state, releaseId: id, region } of rows)
      if (state === 'revoked') await records.inventory.revoke(id, 'error rate', [region]);
    await records.plans.keep(staging().releaseId, 'build-inputs', { core: inputs });
    const plan = aPlan({ environment: 'staging', components: [aPlannedComponent('core', { origin })] });
    await records.plans.store(hashOfPlan(plan), plan);
    await keepPlanHash(records.plans, staging().releaseId, hashOfPlan(plan));
    const request = aRequest({ images });
    const found = await chooseArtifacts(request, of, { source, registry, records });
    return { ...found, kept: await records.plans.kept(releaseId(request), 'build-inputs') };
  }

  const inputs = { context: 'core', dockerfile: 'Dockerfile', args: {}, bases: {}, untold: [] };
  const everywhere = [staging(), staging({ region: 'nl' })];

  it('takes what is verified there for the commit, builds nothing, and keeps what that was built from', async () => {
    const registry = aRegistry();
    const found = await read(everywhere, { registry });
    expect(found.artifacts).toEqual([
      {
        component: 'core',
        image: anImage('core', '1'),
        origin: 'promoted',
        promoted: { environment: 'staging', releaseId: staging().releaseId },
      },
    ]);
    expect(found.toBuild).toEqual([]);
    expect(found.kept).toEqual({ core: inputs });
    expect(registry.asked).toEqual([anImage('core', '1')]);
  });

  it('says of an image that was given there that it was: no build here has made it', async () => {
    expect((await read(everywhere, { origin: 'given' })).artifacts).toMatchObject([
      { origin: 'promoted', given: true },
    ]);
  });

  it.each<[string, VerifiedRelease[], string]>([
    [
      'is verified there of another commit alone',
      [staging({ commit: aCommit('e') })],
      'is not verified in staging; what is verified there is eeeeeeeeeeee (de)',
    ],
    ['is verified here, and not there', [staging({ environment: 'production' })], 'nothing is verified in staging'],
    ['is verified there in one region of two', [staging()], 'in some places only: core in nl of it is not'],
    [
      'was put back there in one region',
      [staging(), staging({ region: 'nl', state: 'revoked', releaseId: `release/shop/staging/${aCommit()}/2` })],
      'core in nl of aaaaaaaaaaaa was revoked in staging',
    ],
    [
      'is another image in each region',
      [staging(), staging({ region: 'nl', image: anImage('core', '7') })],
      'core of aaaaaaaaaaaa is not one image in staging',
    ],
  ])('is refused where it %s', async (_what, rows, why) => {
    await expect(read(rows)).rejects.toMatchObject(refusedWith('SLIP-REL-18', why));
  });

  it('is refused by the clock of the records, and not of the worker, where it is too old', async () => {
    await expect(read(everywhere, { at: 24 * day })).resolves.toMatchObject({ toBuild: [] });
    await expect(read(everywhere, { at: 24 * day + 60_000 })).rejects.toMatchObject(
      refusedWith('SLIP-REL-18', '14 d ago (1970-01-11T00:00:00.000Z), and may be promoted for 14 days'),
    );
  });

  it('is refused where the registry has lost the image', async () => {
    const registry = aRegistry(anImage('core', '1'));
    await expect(read(everywhere, { registry })).rejects.toMatchObject(
      refusedWith('SLIP-REL-18', 'which its registry does not have any more'),
    );
  });

  it('is refused where its images lie where the policy lets none come from, before anybody asks there', async () => {
    const registry = aRegistry();
    const elsewhere = spec({ registry: 'other.test', imagesFrom: ['other.test'] });
    await expect(read(everywhere, { spec: elsewhere, registry })).rejects.toMatchObject(
      refusedWith(
        'SLIP-CFG-3',
        'verified in staging, may not be used in production; the policy allows images from other.test',
      ),
    );
    expect(registry.asked).toEqual([]);
  });

  it('is refused where an image is given to it', async () => {
    await expect(read(everywhere, { images: { core: anImage('core', '1') } })).rejects.toMatchObject(
      refusedWith('SLIP-CFG-3', 'give it to the release to staging, and start this one without images'),
    );
  });
});

describe('the look on the grant, of a plan that promotes', () => {
  async function aPlanned(records: Records, migrationSpecs: MigrationSpec[] = []) {
    const image = anImage('core', '1');
    const lane = { service: `shop-${randomUUID()}`, environment: 'production' };
    const there = staging({ service: lane.service, releaseId: `release/${lane.service}/staging/${aCommit()}/1` });
    await records.inventory.record([there]);
    const promoted = { environment: 'staging', releaseId: there.releaseId };
    const promotion = { environment: 'staging', maxAgeMs: 14 * day };
    const components = [aPlannedComponent('core', { image, origin: 'promoted', promoted })];
    const spec = aSpec({ ...lane, promotion: { ...promotion, regions: { core: ['de'] } } });
    const run = await aReleaseThatMayAct(records, { lane, plan: { components, promotion, migrationSpecs }, spec });
    const pipeline = { policyOf: async () => ({ hash: run.plan.policyHash, floor: {} }) };
    const { verifier } = authorizing(records);
    const deps = { records, pipeline, verifier, source, now: () => 3_000 } as unknown as EngineDependencies;
    const { judgePlanDrift } = createEngineSteps(deps);
    const { releaseId: id, planHash } = run.authority;
    /** By another look than the one that was approved. */
    const nowPending = (pending: string[]) => {
      const [{ database, region, component }] = migrationSpecs as [MigrationSpec];
      const planned = { database, region, component, pending, contracting: [] };
      return releaseRecord({ records, verifier }, id).keepMigrations(planned, placeOf(run.plan, database));
    };
    return { there, nowPending, look: () => run.act(judgePlanDrift, { releaseId: id, planHash }) };
  }

  it('lets it go on while what it promotes is verified there, and not too old', async () => {
    let now = 12 * day;
    const records = createMemoryRecords({ now: () => now });
    const { look } = await aPlanned(records);
    expect(await look()).toEqual({ kind: 'proceed' });
    now = 24 * day + 60_000;
    await expect(look()).rejects.toMatchObject(refusedWith('SLIP-REL-18', 'may be promoted for 14 days'));
  });

  it('refuses what was put back there since it was approved', async () => {
    const records = createMemoryRecords({ now: () => 12 * day });
    const { there, look } = await aPlanned(records);
    await records.inventory.revoke(there.releaseId, 'error rate');
    await expect(look()).rejects.toMatchObject(
      refusedWith('SLIP-REL-18', 'core in de of aaaaaaaaaaaa was revoked in staging'),
    );
  });

  it('has it approved again where another image of the commit is verified there now', async () => {
    const records = createMemoryRecords({ now: () => 12 * day });
    const { there, look } = await aPlanned(records);
    const again = { releaseId: there.releaseId.replace(/1$/, '2'), image: anImage('core', '7'), verifiedAt: 11 * day };
    await records.inventory.record([{ ...there, ...again }]);
    expect(await look()).toEqual({
      kind: 're-approve',
      why: 'another image of core is verified in staging now',
      rebuild: true,
    });
  });

  it('has it scanned anew with that image, too, where a new plan is made because there is more to migrate', async () => {
    const records = createMemoryRecords({ now: () => 12 * day });
    const { there, look, nowPending } = await aPlanned(records, [aMigrationSpec({ component: 'core', region: 'de' })]);
    await nowPending(['shop.0002_more']);
    expect(await look()).toMatchObject({ kind: 're-approve', rebuild: false });
    const again = { releaseId: there.releaseId.replace(/1$/, '2'), image: anImage('core', '7'), verifiedAt: 11 * day };
    await records.inventory.record([{ ...there, ...again }]);
    expect(await look()).toMatchObject({ kind: 're-approve', rebuild: true });
  });
});

it('a release whose images are promoted is planned by those alone that know of it', async () => {
  const records = createMemoryRecords();
  const { authority } = await aReleaseThatMayAct(records);
  const { verifier } = authorizing(records);
  const record = releaseRecord({ records, verifier }, authority.releaseId);
  const artifact = { component: 'core', image: anImage() };
  const promoted = { environment: 'staging', releaseId: staging().releaseId };
  const kept = async (artifacts: Artifact[]) => {
    await record.keepRead({ spec: aSpec(), artifacts, toBuild: [] });
    return (await record.read()).needs;
  };
  expect(await kept([{ ...artifact, origin: 'promoted', promoted }])).toEqual(['promoted-images']);
  expect(await kept([{ ...artifact, origin: 'given' }])).toBeUndefined();
});

describe('tags that move to what was verified last', () => {
  it('move to a promoted image where it lies in the registry of the environment, and nowhere else', async () => {
    const records = createMemoryRecords();
    const tagged = async (image: string) => {
      const lane = { service: `shop-${randomUUID()}`, environment: 'production' };
      const there = staging({ service: lane.service, image });
      await records.inventory.record([there]);
      const promoted = { environment: 'staging', releaseId: there.releaseId };
      const components = [aPlannedComponent('core', { image, origin: 'promoted', promoted })];
      const plan = { components, tags: ['latest'] };
      const { authority, plan: made, act } = await aReleaseThatMayAct(records, { lane, plan });
      const { releaseId: id, planHash } = authority;
      await records.inventory.record([
        aVerified({ ...lane, image, commit: made.commit, releaseId: id, planHash, verifiedAt: 20 * day }),
      ]);
      const tags: string[] = [];
      const registry = { tag: async (_image: string, tag: string) => void tags.push(tag) };
      const { services, clusters } = policyAround(made);
      const bounds = { ...services[lane.service]!, registry: 'registry.test', imagesFrom: ['other.test/shop'] };
      const floor = { tags: ['latest'], clusters, services: { [lane.service]: bounds } };
      const deps = { ...authorizing(records, floor), registry, deliveries: [] } as unknown as RegionDependencies;
      const { tagImages } = createRegionSteps(deps);
      await act(tagImages, { authority, tags: 'moving' });
      const moved = [...tags];
      await act(tagImages, { authority, tags: 'commit' });
      return { moved, ofCommit: tags.slice(moved.length) };
    };
    expect(await tagged(anImage('core', '1'))).toEqual({ moved: ['latest'], ofCommit: [] });
    const elsewhere = anImage('core', '1').replace('registry.test', 'other.test');
    expect(await tagged(elsewhere)).toEqual({ moved: [], ofCommit: [] });
  });
});
