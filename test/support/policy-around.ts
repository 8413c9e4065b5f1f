import type { ServiceBounds } from '../../domain/contract/policy.ts';
import { hostOfEndpoint } from '../../domain/endpoint-hosts.ts';
import { parsePinnedImage } from '../../domain/images.ts';
import type { Bounded, Bounds } from '../../domain/plan-bounds.ts';

/** What a policy says that names just what this plan names, and nothing else. */
export function policyAround(plan: Bounded): Bounds {
  const { components, migrationSpecs, regions, service } = plan;
  const repositories = components.map(({ image }) => parsePinnedImage(image).repository);
  const registry = repositories[0]?.split('/')[0] ?? 'registry.test';
  const endpoints = regions.flatMap((region) => region.endpoints);
  const bounds: ServiceBounds = {
    namespaces: regions.map(({ namespace }) => namespace),
    workloads: [
      ...components.flatMap(({ workloads }) => workloads.map(({ deployment }) => deployment)),
      ...migrationSpecs.flatMap(({ like }) => (like ? [like.deployment] : [])),
    ],
    registry,
    images: repositories
      .filter((name) => name.startsWith(`${registry}/`))
      .map((name) => name.slice(registry.length + 1)),
    imagesFrom: repositories.map((name) => name.slice(0, name.lastIndexOf('/'))),
    endpointHosts: endpoints.map((endpoint) => hostOfEndpoint(endpoint)!),
    secrets: {
      plan: migrationSpecs.flatMap(({ planEnvFrom }) => planEnvFrom),
      apply: migrationSpecs.flatMap(({ envFrom }) => envFrom),
    },
    serviceAccounts: { plan: [], apply: [] },
    variables: [],
    ...(regions.some(({ smoke = [] }) => smoke.length > 0) && { smoke: true }),
    testImages: [],
  };
  return { clusters: regions.map(({ cluster }) => cluster), services: { [service]: bounds } };
}
