import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import type { MockActivityEnvironment } from '@temporalio/testing';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import type { Kubernetes } from '../../activities/kubernetes/port.ts';
import type { Records } from '../../activities/records/port.ts';
import type { PinnedImage, RegionSpec, ReleasePlan, RolloutPatience } from '../../domain/contract/release.ts';
import { aSandboxWorld } from '../contract/kubernetes-sandbox-world.ts';
import type { SandboxWorld } from '../contract/kubernetes-sandbox-world.ts';
import { aPlannedComponent, aRegion } from '../domain/builders.ts';
import { usePostgres } from './postgres.ts';
import { openSeparated } from './postgres-roles.ts';

/**
 * Graces of a rollout among simulated pods, whose seconds are milliseconds. What a rollout may take as a whole is the limit of a test, of
 * minutes, and graces in proportion to it would make the test as long.
 */
export const quickGraces: RolloutPatience = { imagePullMs: 1_000, startMs: 1_000, crashMs: 0, steadyMs: 500 };

/** What steps work on: a simulated region, and records in PostgreSQL. One for the tests of a file. */
export interface StepsWorld {
  region: SandboxWorld;
  kubernetes: Kubernetes;
  /** Its owner's: what a test prepares and looks at. */
  records: Records;
  /** The same with the rights of an environment's worker: what its steps are given. */
  environment: Records;
  /** And with those of an engine's. */
  engine: Records;
  /** This region under any name. */
  regionNamed(name: string, changes?: Partial<RegionSpec>): RegionSpec;
  /** A Deployment of its own that runs the good image, and the plan that puts another there: component `core`, region `de`. */
  aDeployed(image: PinnedImage): Promise<{ deployment: string; plan: Partial<ReleasePlan> }>;
}

export function useStepsWorld(options: Parameters<typeof aSandboxWorld>[0] = {}): StepsWorld {
  const postgres = usePostgres();
  const world = {} as StepsWorld;
  let closeRecords: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const region = await aSandboxWorld(options);
    const { owner, environment, engine, close } = await openSeparated(postgres);
    closeRecords = close;
    const regionNamed: StepsWorld['regionNamed'] = (name, changes) =>
      aRegion(name, { cluster: region.clusterRef, namespace: region.namespace, ...changes });
    Object.assign(world, {
      region,
      kubernetes: createKubernetes({ clusters: region.clusters }),
      records: owner,
      environment,
      engine,
      regionNamed,
      aDeployed: async (image) => {
        const deployment = `api-${randomUUID().slice(0, 8)}`;
        await region.createDeployment(deployment, { replicas: 2, image: region.images.good });
        const workloads = [{ deployment, containers: ['api'] }];
        const components = [aPlannedComponent('core', { image, workloads })];
        return { deployment, plan: { components, regions: [regionNamed('de')] } };
      },
    } satisfies StepsWorld);
  });
  afterAll(async () => {
    await closeRecords?.();
    await world.region?.dispose();
  });
  return world;
}

/** Resolves when the activity has said that it is waiting for something, or what `says` is to match. */
export function heartbeatOf(activity: MockActivityEnvironment, says = /./): Promise<unknown> {
  return new Promise((resolve) =>
    activity.on('heartbeat', (details: string | { doing: string }) => {
      if (says.test(typeof details === 'string' ? details : details.doing)) resolve(details);
    }),
  );
}
