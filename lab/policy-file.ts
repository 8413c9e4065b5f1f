import { stringify } from 'yaml';
import { shop, shopComponents } from './shop/pipeline-file.ts';
import type { EngineOptions, LabSlack } from './world.ts';

/** A service as the lab's policy lets it be released: from one branch, to one namespace. */
export function allowedService(repository: string, branch: string, namespace: string) {
  const secrets = { plan: [shop.databaseSecret], apply: [shop.databaseSecret] };
  const reach = {
    branches: [branch],
    namespaces: [namespace],
    workloads: [...shopComponents],
    images: [`${namespace}/*`],
    // Its regions are on this machine: without their name nobody would ask anything there.
    endpointHosts: ['127.0.0.1', 'localhost'],
    secrets,
  };
  return { repository, environments: { [shop.environment]: reach } };
}

/** The same two people at the command line and in Slack. */
function whoIsWho({ users }: LabSlack) {
  return {
    people: {
      'lab-developer': { token: 'lab-developer', slack: users.requester },
      'lab-approver': { token: 'lab-approver', slack: users.approver },
    },
    groups: { approvers: { members: ['lab-approver'] } },
  };
}

/** The operator's policy of the lab: gates that this machine cannot pass honestly are turned off. */
export function labPolicy({
  regions,
  repository,
  services,
  gates,
  slack,
}: Pick<EngineOptions, 'regions' | 'repository' | 'services' | 'gates' | 'slack'>): string {
  const clusters = regions.map(({ name, kubeconfig, context }) => [
    `lab-${name}`,
    { kind: 'kubeconfig', file: kubeconfig, ...(context && { context }) },
  ]);
  return stringify({
    version: 1,
    clusters: Object.fromEntries(clusters) as Record<string, unknown>,
    notify: { log: { kind: 'log' }, ...(slack && { releases: { kind: 'slack', channel: slack.channel } }) },
    ...(slack && whoIsWho(slack)),
    services: { [shop.service]: allowedService(repository, shop.branch, shop.namespace) },
    environments: {
      [shop.environment]: {
        clusters: regions.map(({ name }) => `lab-${name}`),
        registry: services.registry.host,
        approval: { required: true, quorum: 1, groups: ['approvers'], expires: '1h', excludeRequester: true },
        scan: { images: gates.images, secrets: gates.secrets },
        testsRequired: gates.tests,
        onFailure: ['roll-back-all', 'roll-back-region', 'hold'],
        planMigrationsBeforeApproval: true,
        tags: ['latest'],
        notify: ['log', ...(slack ? ['releases'] : [])],
      },
    },
  });
}
