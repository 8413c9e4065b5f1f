import { describe, expect, it } from '@jest/globals';
import { automaticPromotions } from '../../pipeline/automatic-promotions.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import { aPipeline, aPolicy, changed, pipelineProblems, pipelineText, policyProblems, policyText, refusals, resolve } from './texts.ts'; // prettier-ignore

const withFrom = (from: string, text = pipelineText) =>
  changed(text, '    branches: [main]\n', `    branches: [main]\n    from: ${from}\n`);
const said = (key: string) => changed(policyText, '    tags: [latest]\n', `    ${key}\n    tags: [latest]\n`);
const day = 86_400_000;

function specOf(pipeline: string, policy = policyText) {
  const resolved = resolve({ pipeline: aPipeline(pipeline), policy: aPolicy(policy) });
  if (!resolved.ok) throw new Error(resolved.problems.map(({ message }) => message).join('\n'));
  return resolved.spec;
}

describe('an environment whose images are promoted', () => {
  const regions = { core: ['de'], web: ['de'] };

  it.each<[string, string, string, object]>([
    ['names where they are verified', 'staging', policyText, { environment: 'staging', regions }],
    [
      'says how old that may be',
      '{ environment: staging, maxAge: 7d }',
      policyText,
      { environment: 'staging', maxAgeMs: 7 * day, regions },
    ],
    [
      'is bound by the policy where it says nothing of that',
      '{ environment: staging }',
      said('promotedWithin: 14d'),
      { environment: 'staging', maxAgeMs: 14 * day, regions },
    ],
    [
      'may ask for less time than the policy',
      '{ environment: staging, maxAge: 7d }',
      said('promotedFrom: [staging]\n    promotedWithin: 14d'),
      { environment: 'staging', maxAgeMs: 7 * day, regions },
    ],
  ])('%s', (_what, from, policy, promotion) => {
    expect(specOf(withFrom(from), policy).promotion).toEqual(promotion);
  });

  it('knows which regions each component goes to there', () => {
    const text = changed(
      withFrom('staging'),
      '      de: { cluster: blue, namespace: staging }\n',
      '      de: { cluster: blue, namespace: staging }\n      nl: { cluster: blue, namespace: staging-nl }\n    waves: [{ regions: [de, nl] }]\n    overrides: { web: { regions: [nl] } }\n',
    );
    expect(specOf(text).promotion?.regions).toEqual({ core: ['de', 'nl'], web: ['nl'] });
  });

  it('is none where nothing is said: images are built', () => {
    expect(specOf(pipelineText)).not.toHaveProperty('promotion');
  });

  it.each<[string, string, string[]]>([
    ['itself', withFrom('production'), ['30:11 `production` cannot be promoted from itself']],
    ['nothing that there is', withFrom('stagin'), ['30:11 there is no environment `stagin` | did you mean `staging`?']],
    [
      'an environment that has not all of it',
      changed(
        withFrom('staging'),
        '    branches: [develop, release/*]\n',
        '    branches: [develop]\n    components: [core]\n',
      ),
      [
        '31:11 `web` is deployed to `production` and not to `staging`, where it would have to be verified | deploy it to `staging` as well, or leave it out here',
      ],
    ],
    [
      'one that is promoted from it',
      changed(
        withFrom('staging'),
        '    branches: [develop, release/*]\n',
        '    branches: [develop]\n    from: production\n',
      ),
      ['26:11 a circle: `staging` is promoted from `production` is promoted from `staging`'],
    ],
    [
      'images that it has build arguments for',
      changed(
        withFrom('staging'),
        '    components: [core, web]\n',
        '    components: [core, web]\n    overrides: { core: { args: { API: x } } }\n',
      ),
      [
        '32:26 `core` cannot be built with arguments of its own for `production`, which gets the images of `staging` | have it read what differs from its environment (`env`), or leave out `from`',
      ],
    ],
    [
      'images that are built for the other alone',
      changed(
        withFrom('staging'),
        '    branches: [develop, release/*]\n',
        '    branches: [develop]\n    overrides: { core: { args: { API: x } } }\n',
      ),
      [
        '26:26 `core` is built for `staging` alone, and promoted to `production` | have it read what differs from its environment (`env`), or leave out `from` there',
      ],
    ],
    [
      'neither a name nor a table',
      withFrom('[staging]'),
      ['30:11 `from` must be the name of an environment, or `environment` with `maxAge`'],
    ],
    [
      'how old, in no words of time',
      withFrom('{ environment: staging, maxAge: 400d }'),
      ['30:43 `maxAge` must be at most 365d'],
    ],
  ])('does not name %s', (_what, text, problems) => {
    expect(pipelineProblems(text)).toEqual(problems);
  });

  it('says so where the policy has it, and nothing else', () => {
    const under = (pipeline: string, policy: string) =>
      refusals(resolve({ pipeline: aPipeline(pipeline), policy: aPolicy(policy) }));
    expect(under(pipelineText, said('promotedFrom: [staging]'))).toEqual([
      expect.stringMatching(
        /^28:3 nothing may be built for `production`: the policy has its images promoted from `staging` .*say where they are verified: `from: staging`/,
      ),
    ]);
    expect(
      under(
        withFrom('staging'),
        said('promotedFrom: [canary]').replace(
          'environments:\n  staging',
          'environments:\n  canary: { clusters: [blue], registry: r.test, approval: { required: false } }\n  staging',
        ),
      ),
    ).toEqual([
      expect.stringMatching(/^30:11 `production` may not be promoted from `staging`, the policy allows `canary`/),
    ]);
    const old = '{ environment: staging, maxAge: 30d }';
    expect(under(withFrom(old), said('promotedWithin: 14d'))).toEqual([
      expect.stringMatching(/^30:43 what was verified up to 30d ago is promoted, the policy allows at most 14d/),
    ]);
  });
});

describe('a policy that has images promoted', () => {
  it('says it to the workers of that environment', () => {
    const policy = aPolicy(said('promotedFrom: [staging]\n    promotedWithin: 14d'));
    const asked = { promotedFrom: ['staging'], promotedWithinMs: 14 * day };
    expect(operatorFloor(policy, 'production')).toMatchObject(asked);
    expect(operatorFloor(policy, 'staging')).not.toHaveProperty('promotedFrom');
    expect(operatorFloor(aPolicy(), 'production')).not.toHaveProperty('promotedFrom');
  });

  it('voids approvals when it begins to, or does so otherwise', () => {
    const hashes = ['tags: [latest, x]', 'promotedFrom: [staging]', 'promotedFrom: [staging]\n    promotedWithin: 14d'];
    const floors = hashes.map(
      (key) => specOf(withFrom('staging'), key.startsWith('tags') ? policyText : said(key)).policyHash,
    );
    expect(new Set(floors).size).toBe(3);
  });

  it.each([
    ['what it does not have', 'promotedFrom: [stagin]', /there is no environment `stagin`/],
    ['itself', 'promotedFrom: [production]', /`production` cannot be promoted from itself/],
    ['nothing', 'promotedFrom: []', /must name at least one environment/],
  ])('names no environment that is %s', (_what, key, problem) => {
    expect(policyProblems(said(key))).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a policy that has images promoted by itself', () => {
  const after = (keys: string[]) => said(keys.join('\n    '));

  it('says of each service that is let into both environments from where, to where and after how long', () => {
    const policy = aPolicy(after(['promotedFrom: [staging]', 'promotedAfter: 2h']));
    expect(automaticPromotions(policy)).toEqual([
      { service: 'shop', from: 'staging', to: 'production', afterMs: 7_200_000 },
    ]);
    expect(automaticPromotions(aPolicy(after(['promotedFrom: [staging]'])))).toEqual([]);
    const { environments, ...others } = policy.content;
    const production = { ...environments['production']!, promotedFrom: ['canary'] };
    const content = { ...others, environments: { ...environments, canary: environments['staging']!, production } };
    expect(automaticPromotions({ content })).toEqual([]);
  });

  it('voids no approval when it says otherwise: nobody has approved what starts a release', () => {
    const hashes = [['promotedFrom: [staging]'], ['promotedFrom: [staging]', 'promotedAfter: 2h']].map((keys) =>
      floorHash(releaseFloor(aPolicy(after(keys)), { service: 'shop', environment: 'production' })),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it.each<[string, string[], RegExp]>([
    ['from nowhere', ['promotedAfter: 2h'], /nothing says where it is promoted from .*`promotedFrom`/],
    [
      'when it is too old already',
      ['promotedFrom: [staging]', 'promotedWithin: 2h', 'promotedAfter: 2h'],
      /by then it is too old to be promoted: `promotedWithin` is 2h/,
    ],
  ])('is refused where it would be %s', (_what, keys, problem) => {
    expect(policyProblems(after(keys))).toEqual([expect.stringMatching(problem)]);
  });
});
