import { describe, expect, it } from '@jest/globals';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import { aPolicy, changed, policyText, resolve } from './texts.ts';

const production = { service: 'shop', environment: 'production' };
const hashOf = (text: string, lane = production) => floorHash(releaseFloor(aPolicy(text), lane));
const more = (text: string, after: string, lines: string) => changed(text, after, `${after}${lines}`);

describe('what approvals of a release are bound to in the policy', () => {
  it.each<[string, string]>([
    [
      'another service',
      more(
        policyText,
        'services:\n',
        '  other: { repository: /srv/other, environments: { staging: { branches: [main], namespaces: [other] } } }\n',
      ),
    ],
    [
      'another environment',
      changed(policyText, 'approval: { required: false }', 'approval: { required: true, groups: [owners] }'),
    ],
    ['where the service goes elsewhere', changed(policyText, 'branches: [develop, release/*]', 'branches: [develop]')],
    ['a cluster that is not used here', changed(policyText, 'file: /etc/black', 'file: /etc/other')],
    ['who is told', changed(policyText, '    notify: [log]\n', '    notify: [log, chat]\n')],
    ['where they are told', changed(policyText, 'url: env:CHAT', 'url: env:OTHER_CHAT')],
    ['logins', `${policyText}registries:\n  ghcr.io: { username: me, password: env:GHCR }\n`],
    ['a remark', `# why\n${policyText}`],
    ['the order of a list that has none', changed(policyText, 'groups: [owners, leads]', 'groups: [leads, owners]')],
    ['a default that is written out', changed(policyText, '    testsRequired: true\n', '')],
    [
      'where images may come from, as it is anyway',
      more(
        policyText,
        "    endpointHosts: ['*.shop.example.com']\n",
        '    imagesFrom: [registry.example.com:5000/shop]\n',
      ),
    ],
  ])('is not %s', (_what, text) => {
    expect(text).not.toBe(policyText);
    expect(hashOf(text)).toBe(hashOf(policyText));
  });

  it.each<[string, string, string]>([
    ['repository', 'https://git.example.com/shop', 'https://git.example.com/other'],
    ['branches', 'branches: [main]', 'branches: [main, hotfix/*]'],
    ['namespaces', 'namespaces: [shop]', 'namespaces: [shop, other]'],
    ['clusters.green', 'region: eu-west-1', 'region: eu-west-2'],
    ['clusters.black', 'clusters: [blue, green]', 'clusters: [blue, green, black]'],
    ['approval.quorum', 'quorum: 2', 'quorum: 1'],
    ['approval.groups', 'groups: [owners, leads]', 'groups: [owners]'],
    ['approval.expires', 'expires: 4h', 'expires: 5h'],
    ['approval.excludeRequester', 'excludeRequester: true', 'excludeRequester: false'],
    ['approval.excludeAuthors', 'excludeRequester: true', 'excludeRequester: true, excludeAuthors: true'],
    ['scan.failOn', 'failOn: [CRITICAL]', 'failOn: [CRITICAL, HIGH]'],
    [
      'scan.exceptions.longestDays',
      'failOn: [CRITICAL], exceptions: { allowed: true, longestDays: 90',
      'failOn: [CRITICAL], exceptions: { allowed: true, longestDays: 60',
    ],
    ['testsRequired', 'testsRequired: true', 'testsRequired: false'],
    ['onFailure', 'onFailure: [hold, roll-back-all]', 'onFailure: [roll-back-all, hold]'],
    ['planMigrationsBeforeApproval', 'planMigrationsBeforeApproval: true', 'planMigrationsBeforeApproval: false'],
    ['tags', 'tags: [latest]', 'tags: []'],
    ['endpointHosts', "endpointHosts: ['*.shop.example.com']", 'endpointHosts: []'],
  ])('is %s', (key, from, to) => {
    const at = policyText.lastIndexOf(from);
    expect(at).toBeGreaterThan(0);
    const text = policyText.slice(0, at) + to + policyText.slice(at + from.length);
    const [before, now] = [policyText, text].map((one) => releaseFloor(aPolicy(one), production));
    const keys = [...new Set([...Object.keys(before!), ...Object.keys(now!)])];
    expect(keys.filter((one) => JSON.stringify(before![one]) !== JSON.stringify(now![one]))).toEqual([key]);
    expect(hashOf(text)).not.toBe(hashOf(policyText));
  });

  it('is nothing where the policy does not let the service in', () => {
    for (const lane of [
      { service: 'other', environment: 'production' },
      { service: 'shop', environment: 'elsewhere' },
      { service: 'constructor', environment: 'production' },
    ]) {
      expect(releaseFloor(aPolicy(), lane)).toEqual({});
    }
  });

  it('is what the release carries, and its plan by hash', () => {
    const resolved = resolve();
    const floor = releaseFloor(aPolicy(), production);
    expect(resolved.ok && resolved.spec.policyFloor).toEqual(floor);
    expect(resolved.ok && resolved.spec.policyHash).toBe(floorHash(floor));
  });
});
