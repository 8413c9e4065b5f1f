import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { labPolicy } from '../../lab/policy-file.ts';
import { shop, shopPipelineFile } from '../../lab/shop/pipeline-file.ts';
import type { Services } from '../../lab/world.ts';
import { aPipeline, aPolicy, refusals, resolve } from '../pipeline/texts.ts';

describe("the lab's policy", () => {
  const urls = { core: 'http://127.0.0.1:1', dashboard: 'http://127.0.0.1:2', storefront: 'http://127.0.0.1:3' };
  const options = {
    regions: ['de', 'nl'].map((name) => ({ name, kubeconfig: `/srv/${name}` })),
    repository: '/srv/shop',
    services: { registry: { host: '127.0.0.1:5000' } } as Services,
    gates: { images: false, secrets: false, tests: false },
  };
  const policy = labPolicy(options);
  const regions = ['de', 'nl'].map((name) => ({ name, cluster: `lab-${name}`, urls }));
  const pipeline = shopPipelineFile({ base: '127.0.0.1:5000/none', regions, tests: false, bake: '0s' });
  const release = (text: string, branch: string = shop.branch) =>
    resolve({ pipeline: aPipeline(text), policy: aPolicy(policy), branch, repository: '/srv/shop' });

  it('lets the shop be released from its branch to its namespace, with images of its registry', () => {
    const resolved = release(pipeline);
    expect(refusals(resolved)).toEqual([]);
    expect(resolved.ok && resolved.spec.imagesFrom).toEqual(['127.0.0.1:5000']);
  });

  it('lets it out of neither', () => {
    expect(release(pipeline.replace('- main', '- other'), 'other').ok).toBe(false);
    expect(release(pipeline.replaceAll('namespace: shop', 'namespace: elsewhere')).ok).toBe(false);
  });

  it('knows the same people by a login as by their tokens, and one who only looks', () => {
    const withLogin = labPolicy({ ...options, login: { issuer: 'http://127.0.0.1:9', clientId: 'slipway-lab' } });
    const { people, groups, environments } = parse(withLogin) as ReadPolicy;
    expect(people).toEqual({
      'lab-developer': { token: 'lab-developer', oidc: 'lab-developer' },
      'lab-approver': { token: 'lab-approver', oidc: 'lab-approver' },
      visitor: { oidc: 'visitor' },
    });
    const mayStart = environments[shop.environment]!.access.start.flatMap((group) => groups[group]!.members);
    expect(mayStart).toEqual(['lab-developer', 'lab-approver']);
    const held = shopPipelineFile({ base: 'none', regions, tests: false, bake: '0s', onFailure: 'hold' });
    const released = { pipeline: aPipeline(held), policy: aPolicy(withLogin) };
    expect(refusals(resolve({ ...released, branch: shop.branch, repository: '/srv/shop' }))).toEqual([]);
  });
});

interface ReadPolicy {
  people: unknown;
  groups: Record<string, { members: string[] }>;
  environments: Record<string, { access: { start: string[] } }>;
}
