import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import { createSmokeJobs } from '../../activities/smoke/job-smoke.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { describeKubernetes } from '../contract/kubernetes.suite.ts';
import { describeMigrations } from '../contract/migrations.suite.ts';
import { describeSmoke, reportText } from '../contract/smoke.suite.ts';
import { startRealRegion } from '../support/cluster-region.ts';
import type { RealNamespace, RealRegion, Right } from '../support/cluster-region.ts';

/** The first time on a machine Kubernetes is built, which takes ten minutes on two cores. */
const patience = 30 * 60_000;

/** All that a worker needs in a namespace, as docs/real-clusters.md tells operators. The suites below run with nothing more. */
const leastRights: Right[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get', 'list'] },
  { apiGroups: [''], resources: ['pods', 'events'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list', 'delete'] },
];

let region: RealRegion;
beforeAll(async () => {
  region = await startRealRegion();
}, patience);
afterAll(async () => region?.stop(), 120_000);

describeKubernetes('a real region, with the least rights', async () => {
  const place = await region.aNamespace(leastRights);
  return { ...place, kubernetes: createKubernetes({ clusters: place.clusters }) };
});

const sh = (script: string) => ['/bin/sh', '-c', script];
describeMigrations('a real region, with the least rights', async () => {
  const place = await region.aNamespace(leastRights);
  return {
    ...place,
    jobs: createMigrationJobs({ clusters: place.clusters }),
    commands: {
      succeeds: sh('echo colour=$COLOUR; echo done'),
      fails: sh('echo boom; echo DB_PASSWORD=geheim; exit 3'),
      sleeps: sh('sleep 200'),
      tellsOptions: sh('echo "options=$PGOPTIONS"'),
      chats: sh('n=0; while [ $n -lt 2000 ]; do n=$((n+1)); echo line $n; done'),
    },
  };
});

describeSmoke('a real region, with the least rights', async () => {
  const place = await region.aNamespace(leastRights);
  return {
    ...place,
    smoke: createSmokeJobs({ clusters: place.clusters }),
    commands: {
      succeeds: sh('echo colour=$COLOUR'),
      fails: sh('echo boom; echo DB_PASSWORD=geheim; exit 3'),
      sleeps: sh('sleep 200'),
      reports: sh(`echo warming up >&2; echo '${reportText}'; echo bye; exit 1`),
    },
  };
});

describe('rights in a real region', () => {
  let place: RealNamespace;
  beforeAll(async () => {
    const withoutWriting = leastRights.map(({ verbs, ...on }) => ({
      ...on,
      verbs: verbs.filter((verb) => verb === 'get' || verb === 'list'),
    }));
    place = await region.aNamespace(withoutWriting);
    await place.createDeployment('api', { replicas: 1, image: place.images.good });
  }, 120_000);
  afterAll(() => place.dispose());

  it('says of a write that is not allowed which right is missing, and has changed nothing', async () => {
    const { kubectl, namespace, images } = place;
    const kubernetes = createKubernetes({ clusters: place.clusters });
    const refused = await kubernetes
      .apply({ ...aChange(), images: { api: images.better } })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect((refused as Failure).details).toMatchObject({ code: 'SLIP-K8S-6', kind: 'terminal' });
    expect((refused as Failure).details.detail).toMatch(/cannot patch resource "deployments"/);
    const image = await kubectl([
      'get',
      'deployment',
      'api',
      '-n',
      namespace,
      '-o',
      'jsonpath={.spec.template.spec.containers[0].image}',
    ]);
    expect(image.stdout).toBe(images.good);
  });

  it('finds before a change which rights are missing, and what it may not look at it does not take for missing', async () => {
    const { clusters, namespace, clusterRef: cluster } = place;
    const workloads = [{ deployment: 'api', containers: ['api'] }];
    const patching = { group: 'apps', resource: 'deployments', verb: 'patch', name: 'api' };
    expect(await createKubernetes({ clusters }).look({ cluster, namespace }, workloads, [])).toEqual({
      wrong: [],
      lacking: [patching],
      unseen: [],
    });
    const look = await createMigrationJobs({ clusters }).look({ cluster, namespace, secrets: ['nobody-knows'] });
    expect(look.wrong).toEqual([]);
    expect(look.lacking.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'create jobs',
      'delete jobs',
      'watch pods',
    ]);
    expect(look.unseen).toEqual([`Secret ${namespace}/nobody-knows`]);
  });

  it('says of a migration that it may not start one', async () => {
    const jobs = createMigrationJobs({ clusters: place.clusters });
    const job = {
      name: 'migrate',
      image: place.images.good,
      command: sh('true'),
      env: {},
      envFrom: [],
      ownImages: [],
      labels: {},
      timeoutMs: 10_000,
      may: { for: 'changing' as const, serviceAccounts: [] },
    };
    const started = jobs.start({ ...job, cluster: place.clusterRef, namespace: place.namespace });
    await expect(started).rejects.toMatchObject({ details: { code: 'SLIP-K8S-6', kind: 'terminal' } });
  });

  it('says of a namespace in which it has no rights that they do not suffice', async () => {
    const kubernetes = createKubernetes({ clusters: place.clusters });
    const elsewhere = kubernetes.read({ ...aChange().workload, namespace: 'default' });
    await expect(elsewhere).rejects.toMatchObject({ details: { code: 'SLIP-K8S-6' } });
  });

  const aChange = () => ({
    workload: { cluster: place.clusterRef, namespace: place.namespace, deployment: 'api' },
    images: {},
    env: {},
    ticket: { incarnation: 1, n: 1 },
    purpose: 'deploy' as const,
    releaseId: 'release/shop/lab/1/1',
    changeCause: 'release 1',
  });
});
