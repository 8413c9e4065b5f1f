import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import type { ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import type { PlannedComponent } from '../../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aCommit, anImage, aPlan, aPlannedComponent, aRegion, aVerified } from '../../domain/builders.ts';
import { aSchemaChange } from '../../support/rollback-history.ts';
import { renderRollback } from '../../../client/cli/render-rollback.ts';
import { tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** A release that was verified in de and nl after another one. */
async function verified(planned: Partial<PlannedComponent> = {}) {
  const parts = gateway();
  const { get, records, release, service } = parts;
  const id = await release();
  const components = [aPlannedComponent('core', { image: anImage('core', '2'), ...planned })];
  const plan = aPlan({ service, components, regions: [aRegion('de'), aRegion('nl')] });
  await records.plans.store(hashOfPlan(plan), plan);
  await keepPlanHash(records.plans, id, hashOfPlan(plan));
  const { startedAt } = (await records.attempts.find(id))!;
  const earlier = `release/${service}/production/${aCommit('e')}/1`;
  const row = (region: string, changes = {}) => aVerified({ service, region, commit: aCommit('e'), ...changes });
  const before = { releaseId: earlier, verifiedAt: startedAt - 10, image: anImage('core', '1') };
  await records.inventory.record(['de', 'nl'].map((region) => row(region, before)));
  const own = { releaseId: id, verifiedAt: startedAt + 10, image: anImage('core', '2'), commit: aCommit() };
  await records.inventory.record(['de', 'nl'].map((region) => row(region, own)));
  await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: startedAt + 10 });
  const preview = async (query = '') => {
    const { status, body } = await get(`/v1/rollbacks/preview?release=${encodeURIComponent(id)}${query}`);
    return { status, body: body as unknown as RollbackPreview & typeof body };
  };
  const migrated = (changes = {}) =>
    records.schema.record(
      aSchemaChange({
        service,
        environment: 'production',
        database: 'main',
        pending: ['0007_add'],
        changedAt: startedAt,
        ...changes,
      }),
    );
  return { ...parts, id, earlier, startedAt, preview, migrated };
}

describe('what a rollback would do', () => {
  it('is told for each region that it concerns: what goes back to what', async () => {
    const { preview, earlier, startedAt } = await verified();
    const { status, body } = await preview();
    expect([status, body.error]).toEqual([200, undefined]);
    expect(body.regions.map(({ kind, region }) => `${region}: ${kind}`)).toEqual(['de: go', 'nl: go']);
    expect(body.regions[0]).toMatchObject({
      targets: [
        {
          component: 'core',
          from: anImage('core', '2'),
          image: anImage('core', '1'),
          commit: aCommit('e'),
          releaseId: earlier,
          verifiedAt: startedAt - 10,
        },
      ],
    });
  });

  it('says where the image stays, and its variables go back', async () => {
    const delivery = { kind: 'deployment-image' as const, env: { LOG_LEVEL: 'debug' } };
    const artifact = { kind: 'deployment-image' as const, digest: `sha256:${'8'.repeat(64)}` };
    const { preview } = await verified({ image: anImage('core', '1'), delivery, artifact });
    const { body } = await preview();
    const same = { from: anImage('core', '1'), image: anImage('core', '1'), otherVariables: true };
    expect(body.regions).toMatchObject([{ targets: [same] }, { targets: [same] }]);
    const lines = renderRollback(body, { colors: pc.createColors(false) }).join('\n');
    expect(lines).toContain('core  111111111111 → 111111111111, with its variables of then');
  });

  it('says why whoever asks may not order it, and nothing of that to who may', async () => {
    const { get, id } = await verified();
    const path = `/v1/rollbacks/preview?release=${encodeURIComponent(id)}`;
    const refusedTo = async (token: string) => ((await get(path, token)).body as unknown as RollbackPreview).refused;
    expect(await refusedTo(tokens.dana)).toBe('dana is not in the group approvers');
    expect(await refusedTo(tokens.kim)).toBeUndefined();
  });

  it('is told of the regions alone that are asked about', async () => {
    const { preview } = await verified();
    expect((await preview('&region=nl')).body.regions.map(({ region }) => region)).toEqual(['nl']);
    expect((await preview('&region=nl&region=de')).body.regions).toHaveLength(2);
    expect((await preview('&region=fr')).status).toBe(400);
  });

  it('names what was done to the schema since, where that carries what goes back', async () => {
    const { preview, migrated } = await verified();
    await migrated();
    expect((await preview('&region=de')).body.regions).toMatchObject([
      { kind: 'go', targets: [{ schemaSince: ['main: 0007_add'] }] },
    ]);
  });

  it('is refused where the schema does not carry it', async () => {
    const { preview, migrated } = await verified();
    await migrated({ contracting: ['0007_add'] });
    expect((await preview('&region=de')).body.regions).toEqual([
      {
        kind: 'refused',
        region: 'de',
        why: 'the schema may no longer carry the earlier release (main: 0007_add)',
        next: 'Fix forward: release a commit that works on the new schema.',
      },
    ]);
  });

  it('is refused as the order would be where something else runs by now', async () => {
    const { preview, records, id } = await verified();
    await records.inventory.revoke(id, 'slow');
    const { status, body } = await preview();
    expect(status).toBe(409);
    expect(body.error.message).toContain('by now: only what runs can be rolled back');
  });

  it('has nothing to tell of an open release that has changed nothing: it is to be stopped instead', async () => {
    const { get, release } = gateway();
    const id = await release();
    const { status, body } = await get(`/v1/rollbacks/preview?release=${encodeURIComponent(id)}`);
    expect([status, body.error.next]).toEqual([409, `Stop it instead: slipway abort ${id}`]);
  });

  it('is not found of what was never asked for', async () => {
    expect((await gateway().get('/v1/rollbacks/preview?release=nothing')).status).toBe(404);
  });
});

describe('the ways on after a release has failed', () => {
  /** In de, where another release was verified before, or nothing: halted, or held for a person. */
  async function after({ before, held = false }: { before: boolean; held?: boolean }): Promise<ReleaseView> {
    const { engine, get, records, release, service } = gateway();
    const id = await release();
    const components = [aPlannedComponent('core', { image: anImage('core', '2') })];
    const plan = aPlan({ service, components, regions: [aRegion('de')] });
    await records.plans.store(hashOfPlan(plan), plan);
    await keepPlanHash(records.plans, id, hashOfPlan(plan));
    const { startedAt } = (await records.attempts.find(id))!;
    const earlier = { releaseId: `release/${service}/production/${aCommit('e')}/1`, commit: aCommit('e') };
    const row = aVerified({
      service,
      region: 'de',
      ...earlier,
      verifiedAt: startedAt - 10,
      image: anImage('core', '1'),
    });
    if (before) await records.inventory.record([row]);
    await records.touched.record({ workflowId: id, runId: 'one', what: 'core in de', at: startedAt });
    if (held) engine.status = async () => heldFor(id);
    else await records.attempts.conclude(id, { outcome: 'halted', summary: 'de crashes', endedAt: startedAt + 10 });
    const { body } = await get(`/v1/releases/${encodeURIComponent(id)}`);
    return body as unknown as ReleaseView;
  }
  const waysOn = async (how: { before: boolean }) => (await after(how)).why;
  const heldFor = (releaseId: string): ReleaseStatus => ({
    releaseId,
    stage: 'held',
    doing: '',
    waitingFor: { what: 'a decision', who: 'approvers', decisions: ['roll-back', 'accept-failure'] },
    artifacts: [],
    migrations: [],
    regions: [],
    checks: [],
    timings: [],
    approvals: [],
    log: [],
  });

  it('have a rollback while it is held, where one would put something back', async () => {
    const { status } = await after({ before: true, held: true });
    expect(status?.waitingFor?.decisions).toEqual(['roll-back', 'accept-failure']);
  });

  it('have none while it is held where it would put nothing back, and say so', async () => {
    const { status, why } = await after({ before: false, held: true });
    expect(status?.waitingFor?.decisions).toEqual(['accept-failure']);
    expect(why).toContain('A rollback would be refused: core has never been verified in de.');
  });

  it('begin with a rollback where something was verified before', async () => {
    expect(await waysOn({ before: true })).toContainEqual(
      expect.stringMatching(/^2\. Back to .*slipway rollback release/),
    );
  });

  it('have no rollback where nothing was ever verified: it would be refused', async () => {
    const ways = await waysOn({ before: false });
    expect(ways).toContain(
      '2. Nothing can be put back (core has never been verified in de): release a fix, as follows.',
    );
    expect(ways).not.toContainEqual(expect.stringContaining('slipway rollback'));
  });
});
