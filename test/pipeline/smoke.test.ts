import { describe, expect, it } from '@jest/globals';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import { pipelineWarnings } from '../../pipeline/warnings.ts';
import {
  aPipeline,
  aPolicy,
  changed,
  newYear,
  pipelineProblems,
  pipelineText,
  policyText,
  refusals,
  resolve,
} from './texts.ts';

const tests = `smoke:
  checkout: { component: core, command: [python, -m, smoke], report: junit, env: { DEPTH: deep }, timeout: 2m }
  search: { component: web, command: [search] }
`;
/** At lines 38 and 46 to 48. */
const naming = (named: string, text = tests) =>
  changed(
    pipelineText,
    'nl: { cluster: green, namespace: shop }',
    `nl: { cluster: green, namespace: shop, smoke: ${named} }`,
  ) + text;
const both = naming('{ search: {}, checkout: { args: [https://nl.example.com] } }');
const production = 'workloads: [api, web],';
const allowing = (more = 'smoke: true,') => changed(policyText, production, `${production} ${more}`);
const resolved = (pipeline: string, policy: string) =>
  resolve({ pipeline: aPipeline(pipeline), policy: aPolicy(policy) });
const regionsOf = (pipeline: string, policy: string) => {
  const found = resolved(pipeline, policy);
  if (!found.ok) throw new Error(refusals(found).join('\n'));
  return found.spec.regions;
};

describe('smoke tests', () => {
  it('run where a region names them, with the arguments that are its own', () => {
    expect(regionsOf(both, allowing()).map(({ name, smoke }) => [name, smoke])).toEqual([
      ['de', undefined],
      [
        'nl',
        [
          { name: 'search', component: 'web', command: ['search'], env: {}, timeoutMs: 300_000 },
          {
            name: 'checkout',
            component: 'core',
            command: ['python', '-m', 'smoke', 'https://nl.example.com'],
            report: 'junit',
            env: { DEPTH: 'deep' },
            timeoutMs: 120_000,
          },
        ],
      ],
    ]);
  });

  it('change nothing of the regions, and so no plan, where no region names one', () => {
    expect(regionsOf(pipelineText + tests, policyText)).toEqual(regionsOf(pipelineText, policyText));
    expect(regionsOf(naming('{}'), policyText)).toEqual(regionsOf(pipelineText, policyText));
  });

  it('run in no environment where the policy does not say that they may', () => {
    const refused = [
      '38:53 `shop` may run no smoke tests here (policy.yaml:11) | the operator must say `smoke: true` in `services.shop.environments.production`',
    ];
    expect(refusals(resolved(both, policyText))).toEqual(refused);
    expect(refusals(resolved(both, allowing('smoke: false,')))).toEqual(refused);
  });

  it('are allowed to those alone of whom the policy says so', () => {
    expect(operatorFloor(aPolicy(allowing()), 'production')?.services['shop']?.smoke).toBe(true);
    expect(operatorFloor(aPolicy(allowing()), 'staging')?.services['shop']).not.toHaveProperty('smoke');
    expect(operatorFloor(aPolicy(), 'production')?.services['shop']).not.toHaveProperty('smoke');
  });

  it('void an approval when the policy begins to allow them, and not by being forbidden in words', () => {
    const hashOf = (text: string) =>
      floorHash(releaseFloor(aPolicy(text), { service: 'shop', environment: 'production' }));
    expect(hashOf(allowing('smoke: false,'))).toBe(hashOf(policyText));
    expect(hashOf(allowing())).not.toBe(hashOf(policyText));
  });

  it('set no variable that changes how programs load, unless the policy names it', () => {
    const loading = naming('{ search: {} }', tests.replace('[search]', '[search], env: { PYTHONPATH: /tmp }'));
    expect(refusals(resolved(loading, allowing()))).toEqual([
      '48:67 a variable that changes how programs load: `PYTHONPATH` may not be used by `shop` here, the policy allows none (policy.yaml:11) | the operator must add `PYTHONPATH` to `services.shop.environments.production.variables`',
    ]);
    expect(refusals(resolved(loading, allowing('smoke: true, variables: [PYTHONPATH],')))).toEqual([]);
    // Where it does not run, nobody is asked.
    expect(refusals(resolved(loading.replace('{ search: {} }', '{ checkout: {} }'), allowing()))).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      'a test that there is not',
      naming('{ serch: {} }'),
      ['38:55 there is no smoke test `serch` | did you mean `search`?'],
    ],
    [
      'a component that there is not',
      naming('{ search: {} }', tests.replace('component: web', 'component: wep')),
      ['48:24 there is no component `wep` | did you mean `web`?'],
    ],
    [
      'a component that is not deployed there',
      changed(both, 'components: [core, web]', 'components: [core]'),
      ['38:55 `search` is a program in the image of `web`, which is not deployed here'],
    ],
    [
      'a command in one text',
      naming('{ search: {} }', tests.replace('[search]', '[search --all]')),
      ['48:38 `command` must have a comma between its arguments: as it stands it is one, and the name of a program'],
    ],
    [
      'a secret among the arguments of a region',
      naming('{ search: { args: [ghp_0123456789012345678901234567890123456] } }'),
      [
        '38:72 the entry looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
      ],
    ],
    [
      'a form of report that nobody reads',
      naming('{ search: {} }', tests.replace('report: junit', 'report: tap')),
      ['47:70 `report` must be `junit`, or left out'],
    ],
    [
      'more time than a look at a region has',
      naming('{ search: {} }', tests.replace('timeout: 2m', 'timeout: 2h')),
      ['47:108 `timeout` must be at most 1h'],
    ],
    [
      'more tests than may run side by side',
      naming(`{ ${Array.from({ length: 11 }, (_, n) => `t${n}: {}`).join(', ')} }`, 'smoke:\n').replace(
        /smoke:\n$/,
        `smoke:\n${Array.from({ length: 11 }, (_, n) => `  t${n}: { component: core, command: [t] }\n`).join('')}`,
      ),
      ['38:53 `smoke` must have at most 10 entries'],
    ],
  ])('are refused with %s', (_what, text, problems) => {
    expect(pipelineProblems(text)).toEqual(problems);
  });

  it('are warned of where no region names them, and where a variable is called like a secret', () => {
    const text = naming('{ checkout: {} }', tests.replace('DEPTH: deep', 'API_TOKEN: abc'));
    expect(pipelineWarnings(aPipeline(text), newYear).map(({ line, message }) => [line, message])).toEqual([
      [47, expect.stringMatching(/^`API_TOKEN` is called like a secret, and this file is read by everybody/)],
      [48, 'the smoke test `search` runs nowhere: no region names it'],
    ]);
  });
});
