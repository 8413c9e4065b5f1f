import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { superviseWorkers } from '../../lab/supervisor.ts';
import type { Supervisor } from '../../lab/supervisor.ts';
import { slipway } from '../client/cli/terminal.ts';
import { editPolicy } from '../support/operator-files.ts';
import { manifestsPut, runningIn } from '../support/world-counts.ts';
import { endOf, verified } from '../support/world-end.ts';
import { storyOf } from '../support/world-history.ts';
import { regionNames } from '../support/world-parts.ts';
import type { PipelineText, Service } from '../support/world-service.ts';
import { patience, until } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** A commit on its way: built and verified in staging, and what is verified there promoted to production, whose policy wants it so. */

const name = 'promoted';
const namespace = `${name}-staging`;

let world: World;
let staging: Supervisor;
let service: Service;
let early: ReleaseView;
let policyFile: string;

beforeAll(async () => {
  world = await startWorld({ services: [name] });
  const { environment } = world.engine;
  policyFile = environment['SLIPWAY_POLICY_FILE']!;
  await editPolicy(policyFile, ({ services, environments }) => {
    const { environments: reach } = services[name] as { environments: Record<string, object> };
    reach['staging'] = { ...reach['production'], namespaces: [namespace] };
    const { production } = environments;
    environments['staging'] = { ...production!, approval: { required: false } } as typeof production & object;
    Object.assign(production!, { promotedFrom: ['staging'], promotedWithin: '7d' });
  });
  // Workers of an environment have it alone, and read the policy on their own disk.
  staging = await superviseWorkers({
    roles: 'environment:staging',
    environment: { ...environment, SLIPWAY_MAKE_CURRENT: 'true' },
    logFile: join(world.directory, 'staging.log'),
    pidFile: join(world.directory, 'staging.pid'),
    progress: () => {},
  });
  service = await world.add({ name, pipeline: withStaging });
  const { core = '' } = await service.images();
  for (const region of regionNames)
    await world.regions[region].sandbox.createDeployment(namespace, { name: 'core', image: core, replicas: 2 });
  early = await service.ends(await startIn('production', service.commit));
}, patience.preparation);

afterAll(async () => {
  await staging?.stop();
  await world?.stop();
});

function withStaging(file: PipelineText): void {
  const environments = file['environments'] as Record<string, object>;
  const there = JSON.stringify(environments['production']).replaceAll(`/${name}/`, `/${namespace}/`);
  const copy = JSON.parse(there) as { regions: Record<string, { namespace: string }> };
  for (const region of Object.values(copy.regions)) region.namespace = namespace;
  environments['staging'] = copy;
  Object.assign(environments['production']!, { from: { environment: 'staging', maxAge: '1d' } });
}

async function startIn(environment: string, commit: string): Promise<string> {
  const about = { service: name, branch: name, commit, environment, requestKey: randomUUID(), newAttempt: true };
  return (await world.developer.start(about)).releaseId;
}

/** As a person does it. */
async function promote(): Promise<string> {
  const env = { SLIPWAY_TOKEN: world.engine.tokens.requester };
  const args = ['promote', name, 'staging', 'production', '--new-attempt', '--detach', '--json'];
  const { json, stderr } = await slipway(args, world.engine.gatewayUrl, { env });
  if (typeof json['releaseId'] !== 'string') throw new Error(stderr);
  return json['releaseId'];
}

const imagesOf = ({ status }: ReleaseView) => status?.artifacts.map(({ image }) => image);

describe('a commit that is not verified in staging', () => {
  it('is not released to production, and it is said what is missing', () => {
    expect(endOf(early)).toMatchObject({ outcome: 'failed', because: expect.stringContaining('SLIP-REL-18') });
    expect(early.status?.failure?.detail).toContain(
      `${service.commit.slice(0, 12)} is not verified in staging; nothing is verified in staging`,
    );
  });
});

describe('a commit that is verified in staging', () => {
  it('is promoted to production: the very digest, by an approval of its own, and no build', async () => {
    const there = await service.ends(await startIn('staging', service.commit));
    expect(endOf(there)).toEqual(verified);
    expect(there.status?.artifacts).toMatchObject([{ component: 'core', origin: 'built' }]);
    const pushed = await manifestsPut(world, service);

    const releaseId = await promote();
    await service.approve(releaseId);
    const here = await service.ends(releaseId);
    expect(endOf(here)).toEqual(verified);
    expect(imagesOf(here)).toEqual(imagesOf(there));
    const promoted = { environment: 'staging', releaseId: there.releaseId };
    expect(here.status?.artifacts).toMatchObject([{ component: 'core', origin: 'promoted', promoted }]);
    const [digest] = imagesOf(there)!.map((image) => image.replace(/^.*@/, ''));
    expect(await runningIn(world, service)).toEqual({ 'de core': [digest], 'nl core': [digest] });

    const steps = (await storyOf(world, releaseId)).summaries.map(({ of }) => of);
    expect(steps).toContain('applyComponent');
    expect(steps).not.toContain('buildImage');
    expect((await storyOf(world, there.releaseId)).summaries.map(({ of }) => of)).toContain('buildImage');
    expect(await manifestsPut(world, service)).toEqual(pushed);
    expect(here.status?.log.map(({ line }) => line)).toContain('core is promoted from staging');
  });

  it('is asked for in production by itself where the policy says so, and is approved by somebody else', async () => {
    const after = (promotedAfter?: string) =>
      editPolicy(policyFile, ({ environments }) => {
        Object.assign(environments['production']!, { promotedAfter });
      });
    await after('0s');
    const commit = await service.commitNothing();
    const there = await service.ends(await startIn('staging', commit));
    expect(endOf(there)).toEqual(verified);
    const releaseId = await until('it to be asked for', async () => {
      const { releases } = await world.developer.list({ service: name, environment: 'production', limit: 5 });
      return releases.find((one) => one.commit === commit)?.releaseId;
    });
    await after();
    await service.approve(releaseId);
    const here = await service.ends(releaseId);
    expect(endOf(here)).toEqual(verified);
    expect(imagesOf(here)).toEqual(imagesOf(there));
    expect(here.requestedBy).toBe(there.requestedBy);
  });

  it('is refused where it was put back there while it waited for its approval here, and nothing is touched', async () => {
    const commit = await service.commitNothing();
    const there = await service.ends(await startIn('staging', commit));
    expect(endOf(there)).toEqual(verified);
    const runs = await runningIn(world, service);
    const releaseId = await promote();
    await service.reaches(releaseId, 'awaiting-approval');

    const order = {
      releaseId: there.releaseId,
      decisionId: randomUUID(),
      reason: 'customers complain',
      channel: 'test',
    };
    const back = await world.approver.rollBack(order);
    expect(await service.ends(back.releaseId)).toMatchObject({ outcome: 'rolled-back' });

    const writes = () =>
      regionNames.map(
        (region) => world.regions[region].sandbox.effects().filter((effect) => effect.namespace === name).length,
      );
    const before = writes();
    await service.approve(releaseId);
    const here = await service.ends(releaseId);
    expect(endOf(here)).toMatchObject({ outcome: 'failed', because: expect.stringContaining('SLIP-REL-18') });
    const why = `core in de, core in nl of ${commit.slice(0, 12)} was revoked in staging`;
    expect(here.status?.failure?.detail).toContain(why);
    expect(writes()).toEqual(before);
    expect(await runningIn(world, service)).toEqual(runs);

    const again = await service.ends(await startIn('production', commit));
    expect(again.status?.failure?.detail).toContain(why);
    expect((await world.developer.lane(service.lane)).status?.closures).toEqual([]);
  });
});
