import { loadPipeline, loadPolicy, resolveRelease } from '../../pipeline/index.ts';
import type { Pipeline, Policy, Problem, Resolved, Resolving } from '../../pipeline/index.ts';

/** A small shop in two regions. The tables in these tests count its lines. */
export const pipelineText = `service: shop
components:
  core:
    image: shop/core
    paths: [core/]
    build: { context: core, args: { MODE: fast } }
    workloads: [{ deployment: api, containers: [api] }]
  web:
    image: shop/web
    needs: [core]
    workloads: [{ deployment: web, containers: [web] }]
tests: { compose: compose.yml, service: tests, reports: [junit.xml], timeout: 5m }
scan:
  failOn: [CRITICAL, HIGH]
  exceptions:
    - { id: CVE-2026-1, reason: not reachable, expires: 2026-03-01 }
migrations:
  - database: shop
    region: de
    component: core
    commands: { plan: [manage, plan], apply: [manage, migrate] }
    envFrom: [migrate]
environments:
  staging:
    branches: [develop, release/*]
    regions:
      de: { cluster: blue, namespace: staging }
  production:
    branches: [main]
    components: [core, web]
    regions:
      de:
        cluster: blue
        namespace: shop
        endpoints:
          api: { kind: http, url: 'https://api.shop.example.com/health' }
          graph: { kind: graphql, url: 'https://api.shop.example.com/graphql', query: '{ shop }' }
      nl: { cluster: green, namespace: shop }
    waves:
      - { regions: [de], bake: 10m }
      - { regions: [nl] }
    approval: { required: true, quorum: 2, groups: [owners], expires: 2h, excludeRequester: true }
    onFailure: { partial: roll-back-all, hold: 1h }
    tags: [latest]
    notify: [chat]
`;

export const policyText = `clusters:
  blue: { kind: kubeconfig, file: /etc/blue, context: blue }
  green: { kind: eks, name: green, region: eu-west-1 }
  black: { kind: kubeconfig, file: /etc/black }
notify:
  log: { kind: log }
  chat: { kind: webhook, url: env:CHAT }
services:
  shop:
    repository: https://git.example.com/shop
    environments: { staging: { branches: [develop, release/*], namespaces: [staging], workloads: ['*'], images: ['shop/*'], secrets: { plan: [migrate], apply: [migrate] } }, production: { branches: [main], namespaces: [shop], workloads: [api, web], images: [shop/core, shop/web], secrets: { plan: [migrate], apply: [migrate] } } }
environments:
  staging:
    clusters: [blue]
    registry: registry.example.com:5000/shop
    approval: { required: false }
    scan: { exceptions: { allowed: true, longestDays: 90 } }
    testsRequired: false
  production:
    clusters: [blue, green]
    registry: registry.example.com:5000/shop
    approval: { required: true, quorum: 2, groups: [owners, leads], expires: 4h, excludeRequester: true }
    scan: { failOn: [CRITICAL], exceptions: { allowed: true, longestDays: 90 } }
    testsRequired: true
    onFailure: [hold, roll-back-all]
    planMigrationsBeforeApproval: true
    tags: [latest]
    endpointHosts: ['*.shop.example.com']
    notify: [log]
`;

/** 2026-01-01. */
export const newYear = Date.UTC(2026, 0, 1);

/** The text with one passage changed; throws when the passage is not there exactly once, so that no case tests nothing. */
export function changed(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} is not in the text exactly once`);
  return text.replace(from, () => to);
}

/** `line:column message`, and `| hint` where there is one. */
function said(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

export function pipelineProblems(source: string | Uint8Array): string[] {
  const loaded = loadPipeline(source, 'slipway.yaml');
  return loaded.ok ? [] : said(loaded.problems);
}

export function policyProblems(source: string | Uint8Array): string[] {
  const loaded = loadPolicy(source, 'policy.yaml');
  return loaded.ok ? [] : said(loaded.problems);
}

export function aPipeline(text = pipelineText): Pipeline {
  const loaded = loadPipeline(text, 'slipway.yaml');
  if (!loaded.ok) throw new Error(said(loaded.problems).join('\n'));
  return loaded.pipeline;
}

export function aPolicy(text = policyText): Policy {
  const loaded = loadPolicy(text, 'policy.yaml');
  if (!loaded.ok) throw new Error(said(loaded.problems).join('\n'));
  return loaded.policy;
}

/** Resolves a release of `main` on New Year's Day, unless told otherwise. */
export function resolve(change: Partial<Resolving> = {}): Resolved {
  const usual = { branch: 'main', repository: 'https://git.example.com/shop', now: newYear };
  return resolveRelease({
    ...usual,
    pipeline: change.pipeline ?? aPipeline(),
    policy: change.policy ?? aPolicy(),
    ...change,
  });
}

export function refusals(resolved: Resolved): string[] {
  return resolved.ok ? [] : said(resolved.problems);
}
