import { describe, expect, it } from '@jest/globals';
import { contradictions } from '../../pipeline/index.ts';
import { aPipeline, aPolicy, changed, newYear, pipelineText, policyText, refusals, resolve } from './texts.ts';

const reachLine = policyText.split('\n')[10]!;

/** The usual policy, with lines of its own for what the service may reach: staging in 12, production in 13 to 15. */
const bounds = "workloads: ['*'], images: ['shop/*'], secrets: { plan: [migrate], apply: [migrate] }";
const policyWith = (production: string, staging = "branches: ['*'], namespaces: [staging]") =>
  aPolicy(
    changed(
      policyText,
      reachLine,
      `    environments:\n      staging: { ${staging}, ${bounds} }\n      production:\n${production}\n        ${bounds.replaceAll(/, (?=images|secrets)/g, '\n        ')}`,
    ),
  );
const usual = '        branches: [main, hotfix/*]\n        namespaces: [shop]';
const pipelineOf = (from: string, to: string) => aPipeline(changed(pipelineText, from, to));

describe('a branch that slipway.yaml maps to an environment', () => {
  it('is refused where the policy does not let it through, at its pattern', () => {
    const pipeline = pipelineOf('branches: [main]', 'branches: [main, my-branch]');
    const resolved = resolve({ pipeline, policy: policyWith(usual), branch: 'my-branch' });
    expect(refusals(resolved)).toEqual([
      '29:22 the branch `my-branch` may not be released to `production`, the policy allows `main`, `hotfix/*` (policy.yaml:14)',
    ]);
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-3');
  });

  it.each([
    ['main', true],
    ['hotfix/1', true],
    ['hotfix/1/2', false],
    ['hotfix', false],
    ['mainly', false],
    ['my-branch', false],
    ['team/main', false],
  ])('passes when both files let it: %s, %s', (branch, allowed) => {
    const pipeline = pipelineOf('branches: [main]', "branches: ['*', '*/*', '*/*/*']");
    const policy = policyWith(usual, 'branches: [none], namespaces: [staging]');
    expect(resolve({ pipeline, policy, branch, environment: 'production' }).ok).toBe(allowed);
  });

  it('is refused when the policy alone lets it through', () => {
    const resolved = resolve({ policy: policyWith(usual), branch: 'hotfix/1', environment: 'production' });
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-4');
  });
});

describe('a namespace that slipway.yaml names', () => {
  it('is refused in every region where the policy does not list it, with those that it lists', () => {
    const production = '        branches: [main]\n        namespaces: [shop-eu, shop-us]';
    expect(refusals(resolve({ policy: policyWith(production) }))).toEqual([
      '34:20 `shop` may not be deployed to the namespace `shop` (policy.yaml:15) | the policy allows `shop-eu`, `shop-us`',
      '38:40 `shop` may not be deployed to the namespace `shop` (policy.yaml:15) | the policy allows `shop-eu`, `shop-us`',
    ]);
  });

  it('cannot be that of another environment on the same cluster', () => {
    const pipeline = aPipeline(
      pipelineText
        .replaceAll('namespace: shop', 'namespace: other')
        .replace('cluster: blue, namespace: staging', 'cluster: blue, namespace: shop'),
    );
    expect(refusals(resolve({ pipeline, policy: policyWith(usual), branch: 'develop' }))).toEqual([
      '27:39 `shop` may not be deployed to the namespace `shop` (policy.yaml:12) | the policy allows `staging`',
    ]);
  });

  it.each(['shop', 'shop-blue', 'sho'])('is compared as a whole: %s', (namespace) => {
    const pipeline = pipelineOf('cluster: green, namespace: shop', `cluster: green, namespace: ${namespace}`);
    expect(resolve({ pipeline, policy: policyWith(usual) }).ok).toBe(namespace === 'shop');
  });
});

describe('where images built elsewhere may come from', () => {
  it('is the registry of the environment, unless the policy says otherwise', () => {
    const resolved = resolve();
    expect(resolved.ok && resolved.spec.imagesFrom).toEqual(['registry.example.com:5000/shop']);
  });

  it('is exactly what the policy lists, and nothing where the list is empty', () => {
    for (const list of [['ghcr.io/acme', 'registry.example.com:5000'], []]) {
      const text = changed(
        policyText,
        '    tags: [latest]',
        `    tags: [latest]\n    imagesFrom: [${list.join(', ')}]`,
      );
      const resolved = resolve({ policy: aPolicy(text) });
      expect(resolved.ok && resolved.spec.imagesFrom).toEqual(list);
    }
  });
});

describe('branches of both files, where no release is asked for', () => {
  const refusedBranches = (mine: string, allowed: string) =>
    contradictions({
      pipeline: pipelineOf('branches: [main]', `branches: [${mine}]`),
      policy: policyWith(`        branches: [${allowed}]\n        namespaces: [shop]`),
      repository: 'https://git.example.com/shop',
      now: newYear,
    }).flatMap(({ message }) =>
      message.includes('to `production`') ? [message.replace(/ to `production`.*/, '')] : [],
    );

  it.each<[string, string, string, string[]]>([
    ['one that is named exactly', 'main, mine', "main, 'm*n'", ['the branch `mine` may not be released']],
    ['a pattern that the policy names', 'release/*', 'release/*', []],
    ['a narrower pattern', 'release/1.*', 'main, release/*', []],
    ['a wider pattern', 'release/*', 'release/1.*', ['`release/*` fits branches that may not be released']],
    ['a pattern for one branch', "'*'", 'main', ['`*` fits branches that may not be released']],
    ['another pattern', 'feature/*', 'main', ['`feature/*` fits branches that may not be released']],
  ])('%s', (_, mine, allowed, says) => {
    expect(refusedBranches(mine, allowed)).toEqual(says);
  });
});
