import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import { createClusters } from '../../activities/shared/clusters.ts';
import { describeKubernetes } from './kubernetes.suite.ts';
import { describeMigrations } from './migrations.suite.ts';

const { kubeconfig, images } = JSON.parse(readFileSync('/tmp/k8shelper/real.json', 'utf8')) as { kubeconfig: string; images: Record<'good' | 'better' | 'crashing' | 'missing', string> };
async function world() {
  const clusters = createClusters();
  const namespace = `c${Math.random().toString(36).slice(2, 8)}`;
  const kubectl = async (args: string[]) => {
    const { exitCode, stdout } = await execa('/usr/bin/kubectl', args, { env: { KUBECONFIG: kubeconfig }, reject: false, stdin: 'ignore' });
    return { code: exitCode ?? -1, stdout };
  };
  await kubectl(['create', 'namespace', namespace]);
  return {
    clusters, namespace, images, kubectl,
    clusterRef: { kind: 'kubeconfig' as const, file: kubeconfig },
    async createDeployment(name: string, { replicas, image }: { replicas: number; image: string }) {
      const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas, minReadySeconds: 2, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'api', image }] } } } };
      await execa('/usr/bin/kubectl', ['create', '-n', namespace, '-f', '-'], { env: { KUBECONFIG: kubeconfig }, input: JSON.stringify(body) });
      const { code } = await kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=60s']);
      if (code !== 0) throw new Error('not up');
    },
    async dispose() { await clusters.close(); await kubectl(['delete', 'namespace', namespace, '--wait=false']); },
  };
}
describeKubernetes('a real region', async () => { const w = await world(); return { ...w, kubernetes: createKubernetes({ clusters: w.clusters }) }; });
const sh = (script: string) => ['/bin/sh', '-c', script];
describeMigrations('a real region', async () => { const w = await world(); return { ...w, jobs: createMigrationJobs({ clusters: w.clusters }), commands: { succeeds: sh('echo colour=$COLOUR; echo done'), fails: sh('echo boom; echo DB_PASSWORD=geheim; exit 3'), sleeps: sh('sleep 200') } }; });
