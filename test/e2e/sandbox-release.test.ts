import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { laneId, searchAttributes } from '../../domain/contract/names.ts';
import { shop, shopComponents } from '../../lab/shop/pipeline-file.ts';
import { endOf, verified } from '../support/world-end.ts';
import { serviceOf } from '../support/world-service.ts';
import type { PipelineText, Service } from '../support/world-service.ts';
import { runningIn } from '../support/world-counts.ts';
import { storyOf } from '../support/world-history.ts';
import { patience, until } from '../support/world-until.ts';
import { regionNames } from '../support/world-parts.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** The shop's first release from source to the last verified region, then one that cannot live in region nl. */

let world: World;
let service: Service;
let first: ReleaseView;
let broken: ReleaseView;

beforeAll(async () => {
  world = await startWorld({ services: ['undone', 'configured', 'mistyped', 'mistyped-too'] });
  const { commits } = world.shop;
  service = serviceOf(world, {
    name: shop.service,
    branch: shop.branch,
    components: shopComponents,
    database: 'shop',
    commit: commits.first,
  });
  first = await service.release({ images: {} });
  broken = await service.release({ images: {}, commit: commits.broken });
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

function digestsOf({ status }: ReleaseView): Record<string, string[]> {
  const artifacts = status?.artifacts ?? [];
  const places = regionNames.flatMap((region) =>
    artifacts.map((a) => [`${region} ${a.component}`, [a.image.replace(/^.*@/, '')]]),
  );
  return Object.fromEntries(places) as Record<string, string[]>;
}

describe('a release of two regions and three components', () => {
  it('ends verified, built from source', () => {
    expect(endOf(first)).toEqual(verified);
    expect(first.open).toBe(false);
    expect(first.status?.artifacts.map((a) => [a.component, a.origin]).sort()).toEqual(
      shopComponents.map((name) => [name, 'built']),
    );
  });

  it('is rolled back everywhere when it cannot live in one region, in the words of the pod', () => {
    expect(endOf(broken)).toMatchObject({ outcome: 'rolled-back', because: expect.any(String) });
    expect(broken.summary).toContain('storefront: region nl has no CHECKOUT_URL');
  });

  it('leaves in every pod what was verified before', async () => {
    expect(Object.keys(digestsOf(first))).toHaveLength(6);
    expect(await runningIn(world, service)).toEqual(digestsOf(first));
  });

  it('keeps the lane for a person after a rollback', async () => {
    const { status } = await until('the run to leave the lane', async () => {
      const view = await world.developer.lane(service.lane);
      return view.status && !view.status.holder && view;
    });
    expect(status?.closures[0]?.reason).toContain('rolled-back');
  });

  it.each([() => first, () => broken])(
    'can be read: each step and each timer says what it is for, in a small history',
    async (view) => {
      const { releaseId, outcome } = view();
      const { events, bytes, summaries } = await storyOf(world, releaseId);
      console.info(`${outcome}: ${events} events, ${bytes} bytes, ${summaries.length} steps and timers`);
      expect(summaries.filter(({ summary }) => summary === '')).toEqual([]);
      expect(summaries.length).toBeGreaterThan(15);
      expect(events).toBeLessThanOrEqual(300);
      expect(bytes).toBeLessThanOrEqual(1_000_000);
    },
  );

  it('is found by what it is about', async () => {
    const find = async (query: string) => {
      const found: string[] = [];
      for await (const { workflowId } of world.temporal.workflow.list({ query })) found.push(workflowId);
      return found;
    };
    const about = `${searchAttributes.service} = "shop" AND ${searchAttributes.environment} = "production"`;
    const queries: [string, string][] = [
      [`${searchAttributes.outcome} = "verified"`, first.releaseId],
      [`${searchAttributes.outcome} = "rolled-back"`, broken.releaseId],
      [`${about} AND ${searchAttributes.commit} = "${world.shop.commits.first}"`, first.releaseId],
      [
        `${about} AND ${searchAttributes.stage} = "done" AND ${searchAttributes.commit} = "${world.shop.commits.broken}"`,
        broken.releaseId,
      ],
      [
        `${searchAttributes.requestedBy} = "lab-developer" AND ${searchAttributes.outcome} = "verified"`,
        first.releaseId,
      ],
    ];
    for (const [query, wanted] of queries) {
      // Temporal writes its index a moment later.
      const found = await until(`${query} to find it`, async () => (await find(query)).length > 0 && find(query));
      expect({ query, found }).toEqual({ query, found: [wanted] });
    }
    // No run waits for anything; the lane waits for somebody who clears its hold.
    expect(await find(`${searchAttributes.waitingFor} IS NOT NULL`)).toEqual([laneId(service.lane)]);
    expect(await find(`${about} AND ${searchAttributes.stage} = "closed"`)).toEqual([laneId(service.lane)]);
  });
});

describe('a verified release that people want gone', () => {
  it('is undone by one order, for what was verified before it', async () => {
    const undone = await world.add({ name: 'undone' });
    const images = await undone.images();
    expect(endOf(await undone.release({ images }))).toEqual(verified);
    const second = await undone.release({ commit: await undone.commitNothing() });
    expect(endOf(second)).toEqual(verified);
    const { releaseId } = second;
    const order = { releaseId, decisionId: randomUUID(), reason: 'customers complain', channel: 'test' };
    await expect(world.developer.rollBack(order)).rejects.toThrow(/not in the group approvers/);
    const [run, again] = await Promise.all([world.approver.rollBack(order), world.approver.rollBack(order)]);
    expect(again.releaseId).toBe(run.releaseId);
    expect(await undone.ends(run.releaseId)).toMatchObject({ outcome: 'rolled-back', open: false });
    const digest = images['core']?.replace(/^.*@/, '');
    expect(await runningIn(world, undone)).toEqual({ 'de core': [digest], 'nl core': [digest] });
  });
});

describe('a release that changes an environment variable alone', () => {
  const setting = (env: Record<string, string> | undefined) => (file: PipelineText) => {
    const { production } = file['environments'] as Record<string, { overrides?: unknown }>;
    production!.overrides = { core: env ? { env } : {} };
  };
  const variablesIn = async (region: (typeof regionNames)[number]) => {
    const { server } = world.regions[region].sandbox;
    const answer = await fetch(`${server}/apis/apps/v1/namespaces/configured/deployments/core`);
    const { spec } = (await answer.json()) as { spec: { template: { spec: { containers: { env?: unknown }[] } } } };
    return spec.template.spec.containers[0]!.env ?? [];
  };
  const variables = async () => Promise.all(regionNames.map(variablesIn));
  const inBoth = (...env: { name: string; value: string }[]) => regionNames.map(() => env);

  it('is verified with it in every region, and goes back to what was verified with the same image before', async () => {
    const configured = await world.add({ name: 'configured' });
    const images = await configured.images();
    const release = async (env: Record<string, string> | undefined) =>
      configured.release({ images, commit: await configured.commitPipeline(setting(env)) });
    expect(endOf(await release(undefined))).toEqual(verified);
    expect(await variables()).toEqual(inBoth());
    expect(endOf(await release({ LOG_LEVEL: 'quiet' }))).toEqual(verified);
    expect(await variables()).toEqual(inBoth({ name: 'LOG_LEVEL', value: 'quiet' }));
    const { releaseId, ...loud } = await release({ LOG_LEVEL: 'loud', NEW: '1' });
    expect(endOf({ releaseId, ...loud })).toEqual(verified);
    expect(await variables()).toEqual(inBoth({ name: 'LOG_LEVEL', value: 'loud' }, { name: 'NEW', value: '1' }));
    const order = { releaseId, decisionId: randomUUID(), reason: 'too loud', channel: 'test' };
    const run = await world.approver.rollBack(order);
    expect(await configured.ends(run.releaseId)).toMatchObject({ outcome: 'rolled-back', open: false });
    expect(await variables()).toEqual(inBoth({ name: 'LOG_LEVEL', value: 'quiet' }));
    const digest = images['core']?.replace(/^.*@/, '');
    expect(await runningIn(world, configured)).toEqual({ 'de core': [digest], 'nl core': [digest] });
  });
});

describe('a release that names what is nowhere', () => {
  const missing = 'among those there: `core`';
  const wrongNames = (file: PipelineText) => {
    const components = file['components'] as Record<string, { workloads: unknown }>;
    components['core']!.workloads = [
      { deployment: 'core', containers: ['cor'] },
      { deployment: 'dashboard', containers: ['core'] },
    ];
  };
  const wrongIn = (namespace: string) => [
    `de, nl: Deployment ${namespace}/core has no container cor: did you mean \`core\`?`,
    `de, nl: Deployment ${namespace}/dashboard does not exist: ${missing}`,
  ];
  const writtenIn = (namespace: string) =>
    regionNames.flatMap((region) =>
      world.regions[region].sandbox.effects().filter((effect) => effect.namespace === namespace),
    );

  it('ends before anybody is asked and any Job is made, with all that is wrong in all regions', async () => {
    const name = 'mistyped';
    const mistyped = await world.add({ name, migration: 'create table products (id int)', pipeline: wrongNames });
    const view = await mistyped.ends(await mistyped.start());
    expect(endOf(view)).toMatchObject({ outcome: 'failed', because: expect.stringContaining('SLIP-K8S-25') });
    expect(view.status?.failure?.detail).toBe(wrongIn(name).join('; '));
    expect(view.status?.planHash).toBeUndefined();
    expect(writtenIn(name)).toEqual([]);
  });

  it('ends so also where it has no database to migrate', async () => {
    const name = 'mistyped-too';
    const mistyped = await world.add({ name, pipeline: wrongNames });
    const view = await mistyped.ends(await mistyped.start());
    expect(endOf(view)).toMatchObject({ outcome: 'failed', because: expect.stringContaining('SLIP-K8S-25') });
    expect(view.status?.failure?.detail).toBe(wrongIn(name).join('; '));
    expect(view.status?.planHash).toBeUndefined();
    expect(writtenIn(name)).toEqual([]);
  });
});
