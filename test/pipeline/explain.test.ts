import { describe, expect, it } from '@jest/globals';
import { explain } from '../../pipeline/index.ts';
import { aPipeline, aPolicy, changed, policyText } from './texts.ts';

const production = { service: 'shop', environment: 'production' };

function explained(change: Partial<Parameters<typeof explain>[0]> = {}) {
  const rows = explain({ policy: aPolicy(), pipeline: aPipeline(), ...production, ...change });
  return (key: string, part = 'in force') =>
    rows.filter((row) => row.key === key && row.part === part).map(({ value, by }) => [value, by]);
}

describe('what is in force for a service in an environment', () => {
  it.each([
    ['what slipway.yaml asks beyond the policy', 'approval.expires', '2h', 'slipway.yaml:42'],
    ['what both ask, by slipway.yaml', 'approval.quorum', 2, 'slipway.yaml:42'],
    ['what the policy alone asks', 'testsRequired', true, 'policy.yaml:24'],
    ['what nobody says', 'scan.unknownSeverity', 'fail', 'default'],
    ['what slipway.yaml says of all environments', 'scan.failOn', ['CRITICAL', 'HIGH'], 'slipway.yaml:14'],
    ['where it goes', 'regions.nl.cluster', 'green', 'slipway.yaml:38'],
    ['where it comes from', 'repository', 'https://git.example.com/shop', 'policy.yaml:10'],
    ['what happens on failure', 'onFailure.partial', 'roll-back-all', 'slipway.yaml:43'],
  ])('is %s: %s', (_, key, value, by) => {
    expect(explained()(key)).toEqual([[value, by]]);
  });

  it('is who is on call: of the service there, else of the environment, else those who approve', () => {
    const there = changed(policyText, '    notify: [log]', '    onCall: { groups: [sre], notify: [log] }');
    const both = changed(
      there,
      'production: { branches: [main],',
      'production: { onCall: { groups: [shop-sre] }, branches: [main],',
    );
    const groups = (text: string) => explained({ policy: aPolicy(text) })('onCall.groups');
    expect(groups(policyText)).toEqual([['approval.groups', 'default']]);
    expect(groups(there)).toEqual([[['sre'], 'policy.yaml:29']]);
    expect(groups(both)).toEqual([[['shop-sre'], 'policy.yaml:11']]);
    expect(explained({ policy: aPolicy(both) })('onCall.notify')).toEqual([[['log'], 'policy.yaml:29']]);
  });

  it('is what the policy asks for at least, where there is no slipway.yaml', () => {
    const of = explained({ pipeline: undefined });
    expect(of('approval.expires')).toEqual([['4h', 'policy.yaml:22']]);
    expect(of('onFailure.partial')).toEqual([['hold', 'policy.yaml:25']]);
    expect(of('queue')).toEqual([['supersede', 'default']]);
    expect(of('regions.nl.cluster')).toEqual([]);
  });
});

describe('what slipway.yaml may choose among', () => {
  it.each([
    ['branches', ['main'], 'policy.yaml:11'],
    ['clusters', ['blue', 'green'], 'policy.yaml:20'],
    ['tags', ['latest'], 'policy.yaml:27'],
    ['endpointHosts', ['*.shop.example.com'], 'policy.yaml:28'],
    ['imagesFrom', 'registry.example.com:5000/shop', 'policy.yaml:21'],
    ['testImages', [], 'default'],
    ['onInconclusive', ['hold', 'roll-back'], 'default'],
  ])('are %s', (key, value, by) => {
    expect(explained()(key, 'allowed')).toEqual([[value, by]]);
  });

  it('is what the policy says of the service there before what it says of the environment', () => {
    const text = changed(
      policyText,
      '{ branches: [main],',
      '{ endpointHosts: [api.shop.example.com], branches: [main],',
    );
    const of = explained({ policy: aPolicy(text) });
    expect(of('endpointHosts', 'allowed')).toEqual([[['api.shop.example.com'], 'policy.yaml:11']]);
  });
});
