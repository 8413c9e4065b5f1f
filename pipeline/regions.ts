import type { ClusterRef, OnInconclusive, RegionSpec, TestsSpec, WaveSpec } from '../domain/contract/release.ts';
import { nearest } from '../domain/nearest.ts';
import { durationMs } from './duration.ts';
import { endpointOf } from './endpoints.ts';
import { list, refuse } from './floors.ts';
import type { Comparison } from './floors.ts';
import { gatesAsked } from './gates-asked.ts';
import type { WaveFile } from './pipeline-schema.ts';
import type { ClusterFile } from './policy-schema.ts';
import { smokeOf } from './smoke.ts';

/** Regions with the clusters that the operator's policy defines: slipway.yaml only ever names them. */
export function regionsOf(at: Comparison): RegionSpec[] {
  return Object.entries(at.wanted.regions).flatMap(([name, { cluster, namespace, endpoints = {} }]) => {
    const path = ['environments', at.environment, 'regions', name];
    const definition = at.policy.content.clusters[cluster];
    if (definition === undefined || !at.floor.clusters.includes(cluster)) {
      const message = `the cluster \`${cluster}\` is not allowed here, the policy allows ${list(at.floor.clusters)}`;
      const meant = nearest(cluster, at.floor.clusters);
      refuse(at, [...path, 'cluster'], message, ['clusters'], {
        hint: meant && `did you mean \`${meant}\`?`,
        correction: meant,
      });
      return [];
    }
    const specs = Object.entries(endpoints).map(([key, endpoint]) => endpointOf(key, endpoint));
    return [{ name, cluster: clusterOf(definition), namespace, endpoints: specs, ...smokeOf(at, name) }];
  });
}

export function clusterOf(definition: ClusterFile): ClusterRef {
  if (definition.kind === 'kubeconfig') {
    const { kind, file, context } = definition;
    return { kind, file, ...(context === undefined ? {} : { context }) };
  }
  const { kind, name, region, roleArn } = definition;
  return { kind, name, awsRegion: region, ...(roleArn === undefined ? {} : { roleArn }) };
}

/** `bake` is short for: put it in place, then look again and again for a while. */
export function wavesOf({ wanted }: Comparison, onInconclusive: OnInconclusive): WaveSpec[] {
  const waves: WaveFile[] = wanted.waves ?? [{ regions: Object.keys(wanted.regions) }];
  return waves.map(({ regions, bake = '0s', every = '30s' }) => {
    const look = { check: 'region' as const, everyMs: durationMs(every), forMs: durationMs(bake), onInconclusive };
    return { regions: [...regions], stages: [{ apply: true, observe: look.forMs > 0 ? [look] : [] }] };
  });
}

/** Undefined where none are run. */
export function testsOf(at: Comparison): TestsSpec | undefined {
  const { pipeline, wanted, environment, floor } = at;
  const tests = pipeline.content.tests;
  if (gatesAsked(floor).tests && (tests === undefined || wanted.tests === false)) {
    // Without any, the file is wrong in one place, whichever environments require them.
    const path = tests === undefined ? ['tests'] : ['environments', environment, 'tests'];
    const missing = tests === undefined ? ', and the file has no `tests`' : ', and `tests: false` turns them off';
    refuse(at, path, `integration tests are required${missing}`, ['testsRequired']);
  }
  if (tests === undefined || wanted.tests === false) return undefined;
  const { compose, service, reports = [], timeout = '15m' } = tests;
  const images = [...(at.bounds?.testImages ?? [])];
  return { composeFile: compose, service, reports: [...reports], timeoutMs: durationMs(timeout), images };
}
