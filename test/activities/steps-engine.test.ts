import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { artifactMade } from '../../activities/shared/artifact-made.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import { releaseRecord } from '../../activities/steps/release-record.ts';
import {
  aDecision,
  aHash,
  aMigrationSpec,
  aPlannedMigration,
  aPolicy,
  aRegion,
  aSpec,
  aVerified,
  anImage,
  approver,
} from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, theSigner } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What the engine's steps hold against the records before they believe a workflow. */

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

function steps(floor: Partial<EnvironmentFloor> = {}) {
  const stored: string[] = [];
  const { engine } = separated;
  const plans: Records['plans'] = {
    ...engine.plans,
    store: (hash, plan) => engine.plans.store(hash, plan).then(() => void stored.push(hash)),
  };
  const { verifier, floorOf } = authorizing(engine, floor);
  const pipeline = { floorOf, policyProblem: () => Promise.resolve(undefined) };
  const registry = { resolve: () => Promise.resolve(anImage()) };
  const deps = { records: { ...engine, plans }, pipeline, registry, verifier, now: () => 2_000 };
  return { stored, ...createEngineSteps(deps as unknown as EngineDependencies) };
}

const refusedWith = (code: string, detail: string) => ({
  details: { code, detail: expect.stringContaining(detail) },
});

describe('checkDecision', () => {
  it('goes by the authors that were found when the release was read, where they may not approve', async () => {
    const by = { ...approver, emails: ['Kim@example.test'] };
    const approval = aPolicy({ excludeAuthors: true });
    const checked = async (author: string) => {
      const { act, authority } = await aReleaseThatMayAct(records, { authors: [author] });
      const { releaseId, planHash } = authority;
      const signed = theSigner.sign(aDecision('approve', { id: randomUUID(), releaseId, planHash, by }));
      return act(steps({ approval }).checkDecision, { signed, subject: releaseId, planHash });
    };
    expect(await checked('kim@example.test')).toEqual({
      refused: 'kim has written commits of this release and may not approve it',
    });
    expect(await checked('dana@example.test')).toEqual({});
  });

  it('refuses a decision that is void on record, whoever sends it to the run again', async () => {
    const { act, authority } = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = authority;
    const signed = theSigner.sign(aDecision('retry', { id: randomUUID(), releaseId, planHash }));
    const checked = () => act(steps().checkDecision, { signed, subject: releaseId, planHash });
    await records.decisions.store(signed);
    expect(await checked()).toEqual({});
    await records.decisions.refuse(signed.decision.id, 'nothing has failed yet');
    expect(await checked()).toEqual({
      refused: 'it was refused when it was first said, and is void since: nothing has failed yet',
    });
  });

  it('judges by no plan that does not have the hash that it is stored under', async () => {
    const { act, authority, plan } = await aReleaseThatMayAct(records);
    const { releaseId } = authority;
    const planHash = aHash('7');
    await records.plans.store(planHash, plan);
    const signed = theSigner.sign(aDecision('approve', { id: randomUUID(), releaseId, planHash }));
    await expect(act(steps().checkDecision, { signed, subject: releaseId, planHash })).rejects.toMatchObject(
      refusedWith('SLIP-REC-6', 'has another hash'),
    );
  });
});

describe('consumeApproval', () => {
  it('uses no approval whose signature does not hold', async () => {
    const { act, authority } = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = authority;
    const use = async (signer: typeof theSigner) => {
      const signed = signer.sign(aDecision('approve', { id: randomUUID(), releaseId, planHash }));
      await records.decisions.store(signed);
      return act(steps().consumeApproval, { releaseId, planHash, decisionIds: [signed.decision.id] });
    };
    await expect(use(createSigner(createKeyPair().privateKeyPem))).rejects.toMatchObject(
      refusedWith('SLIP-REC-9', 'known here: '),
    );
    await use(theSigner);
  });
});

describe('planRelease', () => {
  /** Read from slipway.yaml as if no worker had looked at the policy then. */
  async function aRead(namespace: string) {
    const release = await aReleaseThatMayAct(records, {
      artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
    });
    const { releaseId } = release.authority;
    const spec = aSpec({
      ...release.lane,
      regions: [aRegion('de', { namespace })],
      scan: { images: false, secrets: false, failOn: [], exceptions: [] },
    });
    const read = (await records.plans.kept(releaseId, 'read')) as object;
    await records.plans.keep(releaseId, 'read', { ...read, spec });
    const { stored, planRelease } = steps();
    return { stored, planned: release.act(planRelease, { releaseId }) };
  }

  it('stores no plan that goes beyond the policy on the worker’s disk', async () => {
    const beyond = await aRead('payments');
    await expect(beyond.planned).rejects.toMatchObject(refusedWith('SLIP-CFG-3', 'de is in the namespace payments'));
    expect(beyond.stored).toEqual([]);
    const within = await aRead('shop');
    const { plan } = await within.planned;
    expect(within.stored).toEqual([plan.hash]);
  });
});

describe('a plan of a component that gets variables', () => {
  const env = { LOG_LEVEL: 'quiet' };
  const delivery = { kind: 'deployment-image' as const, env };
  const made = artifactMade({ image: anImage(), delivery });

  /** Its image stays as it is, and is verified with these variables. */
  async function planned(before?: Record<string, string>) {
    const components = [{ ...aSpec().components[0]!, delivery }];
    const scan = { images: false, secrets: false, failOn: [], exceptions: [] };
    const release = await aReleaseThatMayAct(records, {
      artifacts: [{ component: 'core', image: anImage(), origin: 'unchanged' }],
    });
    const { releaseId } = release.authority;
    const read = (await records.plans.kept(releaseId, 'read')) as object;
    const spec = aSpec({ ...release.lane, components, scan, regions: [aRegion('de')], migrations: [] });
    await records.plans.keep(releaseId, 'read', { ...read, spec });
    const artifact = artifactMade({ image: anImage(), ...(before && { delivery: { ...delivery, env: before } }) });
    await records.inventory.record([aVerified({ ...release.lane, image: anImage(), artifact })]);
    const { plan: outline } = await release.act(steps().planRelease, { releaseId });
    return { outline, plan: (await records.plans.find(outline.hash))! };
  }

  it('says by its hash what is put in place, which is another one for other variables', async () => {
    const { plan } = await planned();
    expect(plan.components).toMatchObject([{ name: 'core', delivery, artifact: made }]);
    expect(made.digest).not.toBe(artifactMade({ image: anImage() }).digest);
    expect(made).not.toEqual(artifactMade({ image: anImage(), delivery: { ...delivery, env: { LOG_LEVEL: 'loud' } } }));
  });

  it.each([
    ['had none', undefined, ['de']],
    ['had others', { LOG_LEVEL: 'loud' }, ['de']],
    ['had the same', env, undefined],
  ])('tells where the same image %s', async (_what, before, regions) => {
    const { outline } = await planned(before);
    const { otherVariables } = outline.components[0]!;
    expect(otherVariables).toEqual(regions);
  });
});

it('a plan is made of what its own images say is pending, and of no others', async () => {
  const migration = aMigrationSpec();
  const release = await aReleaseThatMayAct(records, {
    spec: aSpec({
      migrations: [migration],
      regions: [aRegion('de')],
      scan: { images: false, secrets: false, failOn: [], exceptions: [] },
    }),
    artifacts: [{ component: 'core', image: anImage(), origin: 'given' }],
  });
  const { releaseId } = release.authority;
  const { keepMigrations } = releaseRecord(authorizing(records), releaseId);
  const place = { migration, region: aRegion('de'), image: anImage('core', '2') };
  await keepMigrations(aPlannedMigration({ pending: [], contracting: [] }), place);
  await expect(release.act(steps().planRelease, { releaseId })).rejects.toMatchObject(
    refusedWith('SLIP-REL-3', 'main: not looked at, or by another image'),
  );
});

describe('chooseRollbacks', () => {
  it('chooses by the plan of that very release, and by no other', async () => {
    const [release, other] = [await aReleaseThatMayAct(records), await aReleaseThatMayAct(records)];
    const { releaseId, planHash } = release.authority;
    const choose = (hash: string) =>
      release.act(steps().chooseRollbacks, { releaseId, planHash: hash, regions: ['de'] });
    await expect(choose(other.authority.planHash)).rejects.toMatchObject(
      refusedWith('SLIP-REL-1', `is not the plan of ${releaseId}`),
    );
    expect(await choose(planHash)).toHaveLength(1);
  });

  it('chooses for the run itself, or for what it was ordered to undo', async () => {
    const [release, other] = [await aReleaseThatMayAct(records), await aReleaseThatMayAct(records)];
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    const { releaseId, planHash } = release.authority;
    const chosenBy = (run: typeof rollback) =>
      run.act(steps().chooseRollbacks, { releaseId, planHash, regions: ['de'] });
    await expect(chosenBy(other)).rejects.toMatchObject(refusedWith('SLIP-REL-10', `not by ${releaseId}`));
    const another = await aRollbackOf(other, { records, regions: ['de'] });
    await expect(chosenBy(another)).rejects.toMatchObject(
      refusedWith('SLIP-REL-10', `was not ordered to undo ${releaseId}`),
    );
    expect(await chosenBy(rollback)).toHaveLength(1);
  });
});
