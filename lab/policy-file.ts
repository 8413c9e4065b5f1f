import { stringify } from 'yaml';
import { labPeople } from './people.ts';
import { shop, shopComponents } from './shop/pipeline-file.ts';
import type { EngineOptions } from './world.ts';

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

/** The same people at the command line, on pages and in Slack. */
function whoIsWho({ slack, login }: Pick<EngineOptions, 'slack' | 'login'>) {
  if (!slack && !login) return {};
  const { requester, approver, visitor } = labPeople;
  const doors = (name: string, user?: string) => ({
    token: name,
    ...(login && { oidc: name }),
    ...(user !== undefined && { slack: user }),
  });
  return {
    people: {
      [requester]: doors(requester, slack?.users.requester),
      [approver]: doors(approver, slack?.users.approver),
      ...(login && { [visitor]: { oidc: visitor } }),
    },
    groups: { ...(login && { developers: { members: [requester] } }), approvers: { members: [approver] } },
  };
}

/** The operator's policy of the lab: gates that this machine cannot pass honestly are turned off. */
export function labPolicy({
  regions,
  repository,
  services,
  gates,
  slack,
  login,
}: Pick<EngineOptions, 'regions' | 'repository' | 'services' | 'gates' | 'slack' | 'login'>): string {
  const clusters = regions.map(({ name, kubeconfig, context }) => [
    `lab-${name}`,
    { kind: 'kubeconfig', file: kubeconfig, ...(context && { context }) },
  ]);
  return stringify({
    version: 1,
    clusters: Object.fromEntries(clusters) as Record<string, unknown>,
    notify: { log: { kind: 'log' }, ...(slack && { releases: { kind: 'slack', channel: slack.channel } }) },
    ...whoIsWho({ ...(slack && { slack }), ...(login && { login }) }),
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
        // A visitor only looks.
        ...(login && { access: { start: ['developers', 'approvers'] } }),
        notify: ['log', ...(slack ? ['releases'] : [])],
      },
    },
  });
}
