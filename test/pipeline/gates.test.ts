import { describe, expect, it } from '@jest/globals';
import { explain } from '../../pipeline/explain.ts';
import { gateToolsOf } from '../../pipeline/gates.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { releaseFloor } from '../../pipeline/release-floor.ts';
import { aPipeline, aPolicy, changed, pipelineText, policyProblems, policyText, resolve } from './texts.ts';

const run = `run: [look, '--out={report}', '{tree}']`;
/** A policy with these gates, which production asks for by these names. */
const withGates = (gates: string, asked = '[licences]') =>
  `${changed(policyText, '    tags: [latest]\n', `    gates: ${asked}\n    tags: [latest]\n`)}gates:\n  ${gates}\n`;
const shop = { service: 'shop', environment: 'production' };
const specOf = (policy: string) => {
  const resolved = resolve({ pipeline: aPipeline(pipelineText), policy: aPolicy(policy) });
  if (!resolved.ok) throw new Error(resolved.problems.map(({ message }) => message).join('\n'));
  return resolved.spec;
};

describe('gates that the policy defines', () => {
  it('are asked of every release of an environment that names them, and of no other', () => {
    const policy = withGates(`licences: { ${run} }\n  static-analysis: { ${run} }`, '[static-analysis, licences]');
    expect(specOf(policy).gates).toEqual(['licences', 'static-analysis']);
    expect(specOf(policyText)).not.toHaveProperty('gates');
    expect(operatorFloor(aPolicy(policy), 'staging')).not.toHaveProperty('gates');
  });

  it('are told to workers with what is left out', () => {
    const tool = {
      run: ['look', '--out={report}', '{tree}'],
      failOn: ['CRITICAL', 'HIGH'],
      ...{ timeoutMs: 600_000, exitCodes: [0], places: [] },
    };
    const policy = aPolicy(withGates(`licences: { ${run} }`));
    expect(operatorFloor(policy, 'production')).toMatchObject({ gates: { licences: tool } });
    expect(specOf(withGates(`licences: { ${run} }`)).policyFloor).toMatchObject({ 'gates.licences': tool });
  });

  it('cannot be named, changed or turned off by slipway.yaml', () => {
    for (const text of [
      `gates:\n  licences: { ${run} }\n${pipelineText}`,
      changed(pipelineText, '    tags: [latest]\n', '    gates: []\n    tags: [latest]\n'),
    ])
      expect(() => aPipeline(text)).toThrow();
  });

  const hash = (policy: string) => specOf(policy).policyHash;
  it.each<[string, string]>([
    ['another program', `licences: { run: [other, '{report}', '{tree}'] }`],
    ['other severities', `licences: { ${run}, failOn: [CRITICAL] }`],
    ['other exit codes', `licences: { ${run}, exitCodes: [0, 1] }`],
    ['another time', `licences: { ${run}, timeout: 20m }`],
    ['more to read', `licences: { ${run}, places: [/srv/rules] }`],
  ])('void approvals of before with %s', (_what, gates) => {
    expect(hash(withGates(gates))).not.toBe(hash(withGates(`licences: { ${run} }`)));
  });

  it.each<[string, string]>([
    ['defaults that are written out', `licences: { ${run}, failOn: [HIGH, CRITICAL], timeout: 10m, exitCodes: [0] }`],
    ['a gate that nobody asks for', `licences: { ${run} }\n  other: { ${run} }`],
  ])('void none with %s', (_what, gates) => {
    expect(hash(withGates(gates))).toBe(hash(withGates(`licences: { ${run} }`)));
  });

  it('void approvals of before where they begin to be asked for', () => {
    const floors = [policyText, withGates(`licences: { ${run} }`)].map((text) => releaseFloor(aPolicy(text), shop));
    expect(floors.map((floor) => floor['gates'])).toEqual([undefined, ['licences']]);
  });

  it('are explained with the line that asks for them', () => {
    const policy = aPolicy(withGates(`licences: { ${run} }`));
    const row = explain({ policy, ...shop }).find(({ key }) => key === 'gates');
    expect(row).toMatchObject({
      part: 'in force',
      value: ['licences'],
      by: expect.stringMatching(/^policy\.yaml:\d+$/),
    });
  });

  it('are none of what every object has', () => {
    expect(gateToolsOf(aPolicy(policyText), 'constructor')).toEqual({});
  });

  it.each<[string, string, RegExp]>([
    ['without `{report}`', `licences: { run: [look, '{tree}'] }`, /must have `\{report\}` among its arguments/],
    ['without `{tree}`', `licences: { run: [look, '{report}'] }`, /must have `\{tree\}` among its arguments/],
    [
      'as one line of a shell',
      `licences: { run: ['look {tree} {report}'] }`,
      /must have a comma between its arguments/,
    ],
    [
      'with a secret',
      `licences: { run: [look, --token=ghp_${'a1B2'.repeat(9)}, '{report}', '{tree}'] }`,
      /looks like a secret/,
    ],
    ['without a program', `licences: { run: [] }`, /must name a program/],
    ['with a path that is none', `licences: { ${run}, places: [rules] }`, /must be an absolute path/],
    ['with a path that leads elsewhere', `licences: { ${run}, places: [/srv/../root] }`, /without `\/\.\/` and/],
    ['with what can be read anyway', `licences: { ${run}, places: [/usr/share/rules] }`, /can be read anyway/],
    ['with all of this machine’s settings', `licences: { ${run}, places: [/etc] }`, /cannot be given to a gate/],
    ['with what a box is made of', `licences: { ${run}, places: [/etc/ssl] }`, /cannot be given to a gate/],
    ['with this machine’s processes', `licences: { ${run}, places: [/proc/1] }`, /cannot be given to a gate/],
    ['that takes longer than anybody waits', `licences: { ${run}, timeout: 3h }`, /must be at most 2h/],
    ['with an exit code that is none', `licences: { ${run}, exitCodes: [256] }`, /must be at most 255/],
    ['that fails on nothing', `licences: { ${run}, failOn: [] }`, /must name at least one severity/],
    ['called as the tests are', `integration-tests: { ${run} }`, /is the name of a gate that every release has/],
    ['called in capitals', `Licences: { ${run} }`, /must be the name of a gate: a lower-case letter/],
    ['called by a number', `1st: { ${run} }`, /must be the name of a gate/],
    ['with a key of its own', `licences: { ${run}, shell: true }`, /shell/],
  ])('are refused %s', (_what, gates, problem) => {
    expect(policyProblems(withGates(gates, '[]')).join('\n')).toMatch(problem);
  });

  it('must be there where an environment names them', () => {
    expect(policyProblems(withGates(`licences: { ${run} }`, '[licenses]'))).toEqual([
      expect.stringMatching(/there is no gate `licenses`.*did you mean `licences`/),
    ]);
  });
});
