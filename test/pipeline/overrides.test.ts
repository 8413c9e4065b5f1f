import { describe, expect, it } from '@jest/globals';
import type { ComponentSpec, ReleaseSpec } from '../../domain/contract/release.ts';
import { sharedWarnings } from '../../pipeline/index.ts';
import { pipelineWarnings } from '../../pipeline/warnings.ts';
import { aPipeline, aPolicy, changed, pipelineProblems, pipelineText, policyText, refusals, resolve } from './texts.ts';

const withOverrides = (overrides: string, text = pipelineText) =>
  changed(text, '    components: [core, web]\n', `    components: [core, web]\n    overrides: ${overrides}\n`);

function specOf(text: string, branch = 'main'): ReleaseSpec {
  const resolved = resolve({ pipeline: aPipeline(text), branch });
  if (!resolved.ok) throw new Error(resolved.problems.map(({ message }) => message).join('\n'));
  return resolved.spec;
}
const componentOf = (spec: ReleaseSpec, name: string): ComponentSpec =>
  spec.components.find((one) => one.name === name)!;

describe('an override', () => {
  it.each([
    ['adds a build argument', '{ API: x }', { MODE: 'fast', API: 'x' }],
    ['sets another value', '{ MODE: slow }', { MODE: 'slow' }],
  ])('%s in its environment alone', (_what, args, expected) => {
    const text = withOverrides(`{ core: { args: ${args} } }`);
    expect(componentOf(specOf(text), 'core')).toMatchObject({ build: { args: expected }, builtForHere: true });
    const elsewhere = componentOf(specOf(text, 'develop'), 'core');
    expect(elsewhere.build?.args).toEqual({ MODE: 'fast' });
    expect(elsewhere).not.toHaveProperty('builtForHere');
  });

  it('that says what the component says already makes no other image of it', () => {
    const text = withOverrides('{ core: { args: { MODE: fast } } }');
    expect(componentOf(specOf(text), 'core')).toEqual(componentOf(specOf(pipelineText), 'core'));
  });

  it('gives its containers variables in its environment alone', () => {
    const text = withOverrides('{ web: { env: { LOG_LEVEL: debug, EMPTY: "" } } }');
    const delivery = { kind: 'deployment-image', env: { LOG_LEVEL: 'debug', EMPTY: '' } };
    expect(componentOf(specOf(text), 'web')).toMatchObject({ delivery });
    expect(componentOf(specOf(text), 'core')).not.toHaveProperty('delivery');
    expect(componentOf(specOf(text, 'develop'), 'core')).not.toHaveProperty('delivery');
    expect(componentOf(specOf(withOverrides('{ web: { env: {} } }')), 'web')).not.toHaveProperty('delivery');
  });

  it('sends a component to some regions alone', () => {
    const spec = specOf(withOverrides('{ web: { regions: [nl] } }'));
    expect(spec.components.map(({ name, regions }) => [name, regions])).toEqual([
      ['core', undefined],
      ['web', ['nl']],
    ]);
  });

  it('changes nothing of a file that has none', () => {
    for (const component of specOf(pipelineText).components) {
      expect(component).not.toHaveProperty('regions');
      expect(component).not.toHaveProperty('builtForHere');
    }
  });
});

it('is told of a variable or argument that is called like a secret', () => {
  const text = withOverrides('{ core: { args: { NPM_TOKEN: a }, env: { API_KEY: b, LOG_LEVEL: c } } }');
  const told = pipelineWarnings(aPipeline(text), Date.UTC(2026, 0, 1)).map(({ column, message }) => [column, message]);
  expect(told).toEqual([
    [45, expect.stringMatching(/^`NPM_TOKEN` is called like a secret, and build arguments can be read/)],
    [66, expect.stringMatching(/^`API_KEY` is called like a secret, and this file is read by everybody/)],
  ]);
});

it('sets a variable that changes how programs load only where the policy names it', () => {
  const pipeline = aPipeline(withOverrides('{ core: { env: { PATH: /tmp } } }'));
  const allowing = changed(policyText, 'workloads: [api, web]', 'variables: [PATH], workloads: [api, web]');
  expect(refusals(resolve({ pipeline }))).toEqual([
    expect.stringMatching(/^31:39 a variable that changes how programs load: `PATH` may not be used by `shop` here/),
  ]);
  expect(refusals(resolve({ pipeline, policy: aPolicy(allowing) }))).toEqual([]);
});

describe('an override is refused', () => {
  it.each([
    [
      'with a variable that nothing could be called',
      '{ web: { env: { 1x: y } } }',
      ['31:32 `1x` must be the name of an environment variable'],
    ],
    ['for no component', '{ wbe: {} }', ['31:18 there is no component `wbe` | did you mean `web`?']],
    [
      'that gives arguments to what is not built',
      '{ web: { args: { A: b } } }',
      ['31:25 `web` has no `build` that could take arguments'],
    ],
    ['for no region', '{ web: { regions: [nk] } }', ['31:35 there is no region `nk` | did you mean `nl`?']],
    [
      'that takes away what another component needs',
      '{ core: { regions: [de] } }',
      ['31:26 `web` needs `core`, which does not go to `nl`'],
    ],
    [
      'that leaves a region without anything',
      '{ core: { regions: [de] }, web: { regions: [de] } }',
      ['39:7 no component goes to the region `nl` | name it in `overrides`, or leave the region out'],
    ],
    ['with no region', '{ web: { regions: [] } }', ['31:34 `regions` must name at least one region']],
    ['with a secret', '{ core: { args: { A: ghp_0123456789abcdefghijABCDEFGHIJ012345 } } }', expect.anything()],
    ['with another key', '{ web: { envs: {} } }', expect.anything()],
  ])('%s', (_what, overrides, expected) => {
    const problems = pipelineProblems(withOverrides(overrides));
    expect(problems).toEqual(expected);
    expect(problems).toHaveLength(1);
  });

  it('where it keeps a component from the region in which its database is migrated', () => {
    const text = withOverrides('{ core: { regions: [nl] }, web: { regions: [nl] } }');
    expect(pipelineProblems(text)).toContainEqual(
      expect.stringContaining(
        '`core` has migrations, but none of them runs in a region of `production` that it goes to',
      ),
    );
  });

  it('that keeps a component from a region in which a smoke test runs its image', () => {
    const smoke = 'smoke: { check: { component: web, command: [check, it] } }\nenvironments:\n  staging:';
    const text = changed(withOverrides('{ web: { regions: [de] } }'), 'environments:\n  staging:', smoke);
    const tested = changed(text, 'namespace: shop }', 'namespace: shop, smoke: { check: {} } }');
    expect(pipelineProblems(tested)).toEqual([
      '40:55 `check` is a program in the image of `web`, which is not deployed here',
    ]);
  });

  it('where the component is not deployed', () => {
    const text = changed(
      pipelineText,
      '    branches: [develop, release/*]\n',
      '    branches: [develop, release/*]\n    components: [core]\n    overrides: { web: {} }\n',
    );
    expect(pipelineProblems(text)).toEqual(['27:18 `web` is not deployed here']);
  });
});

describe('the policy and the warnings go by where a component goes', () => {
  const twoDatabases = changed(
    changed(pipelineText, '    needs: [core]\n', ''),
    '    envFrom: [migrate]\n',
    `    envFrom: [migrate]
  - database: reports
    region: nl
    component: core
    commands: { plan: [manage, plan], apply: [manage, migrate] }
    envFrom: [migrate]
`,
  );
  const withoutSecrets = aPolicy(
    changed(
      policyText,
      'images: [shop/core, shop/web], secrets: { plan: [migrate], apply: [migrate] }',
      'images: [shop/core, shop/web]',
    ),
  );
  const unplanned = aPolicy(changed(policyText, '    planMigrationsBeforeApproval: true\n', ''));
  const databases = ['shop', 'reports'];
  /** The databases of the migrations that problems are about. */
  const about = (problems: readonly { path: string }[]) =>
    databases.filter((_, index) => problems.some(({ path }) => path.startsWith(`migrations[${index}]`)));

  it.each<[string, string, string[]]>([
    ['everywhere', '{}', ['shop', 'reports']],
    ['everywhere, beside one that does not', '{ web: { regions: [nl] } }', ['shop', 'reports']],
    ['to de alone', '{ core: { regions: [de] } }', ['shop']],
    ['to nl alone', '{ core: { regions: [nl] } }', ['reports']],
    ['to both by name', '{ core: { regions: [nl, de] } }', ['shop', 'reports']],
  ])(
    'what migrates its databases is bound and warned of where it runs, and nowhere else: it goes %s',
    (_what, overrides, expected) => {
      const pipeline = aPipeline(withOverrides(overrides, twoDatabases));
      const resolved = resolve({ pipeline });
      const refused = resolve({ pipeline, policy: withoutSecrets });
      expect({
        run:
          resolved.ok && databases.filter((name) => resolved.spec.migrations.some(({ database }) => database === name)),
        bound: about(refused.ok ? [] : refused.problems),
        warned: about(sharedWarnings(pipeline, unplanned)),
      }).toEqual({ run: expected, bound: expected, warned: expected });
    },
  );
});
