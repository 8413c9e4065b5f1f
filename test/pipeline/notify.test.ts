import { describe, expect, it } from '@jest/globals';
import { policyWarnings, sharedWarnings } from '../../pipeline/index.ts';
import { slackChannelsOf } from '../../pipeline/notify.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import {
  aPipeline,
  aPolicy,
  changed,
  pipelineText,
  pipelineProblems,
  policyProblems,
  policyText,
  resolve,
} from './texts.ts';

const production = { service: 'shop', environment: 'production' };
/** The policy with this for production in the place of `notify: [log]`, for the service there, and for the webhook. */
const policyWith = ({ there = '    notify: [log]', service = '', chat = '' }) => {
  const withThere = changed(policyText, '    notify: [log]', there);
  const withService = changed(
    withThere,
    'production: { branches: [main],',
    `production: { ${service} branches: [main],`,
  );
  return changed(withService, 'url: env:CHAT }', `url: env:CHAT${chat} }`);
};
const pipelineWith = (notify: string) => changed(pipelineText, '    notify: [chat]', notify);

function spec(policy: Parameters<typeof policyWith>[0], notify = '    notify: []') {
  const resolved = resolve({ pipeline: aPipeline(pipelineWith(notify)), policy: aPolicy(policyWith(policy)) });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.spec;
}

const log = { name: 'log', kind: 'log' };
const chat = { name: 'chat', kind: 'webhook', url: 'env:CHAT' };

describe('who is told of what', () => {
  it.each<[string, Parameters<typeof policyWith>[0], string, object[]]>([
    ['a name is told of everything', {}, '    notify: [chat]', [log, chat]],
    [
      'an entry says of what, in the policy and in slipway.yaml',
      { there: '    notify: [{ to: log, level: problem }]' },
      '    notify: [{ to: chat, events: [approval, held], level: attention }]',
      [
        { ...log, only: [{ level: 'problem' }] },
        { ...chat, only: [{ events: ['approval', 'held'], level: 'attention' }] },
      ],
    ],
    [
      'several entries for one target add up',
      {},
      '    notify: [{ to: chat, level: problem }, { to: chat, events: [ended-well] }]',
      [log, { ...chat, only: [{ level: 'problem' }, { events: ['ended-well'] }] }],
    ],
    [
      'a name beside an entry is told of everything',
      {},
      '    notify: [chat, { to: chat, level: problem }]',
      [log, chat],
    ],
    [
      'slipway.yaml takes nothing away from what the policy has it told',
      {},
      '    notify: [{ to: log, level: problem }]',
      [log],
    ],
    [
      'the policy bounds what a target is told by whoever names it',
      { chat: ', level: attention' },
      '    notify: [chat, { to: chat, events: [held] }]',
      [log, { ...chat, only: [{ level: 'attention' }, { events: ['held'], level: 'attention' }] }],
    ],
    [
      'an entry that names what nobody is told otherwise adds that to a name',
      {},
      '    notify: [chat, { to: chat, events: [started] }]',
      [log, { ...chat, only: [{}, { events: ['started'] }] }],
    ],
    [
      'those on call are told of problems',
      { there: '    onCall: { notify: [chat, { to: log, events: [held] }] }' },
      '    notify: []',
      [
        { ...chat, only: [{ level: 'problem' }] },
        { ...log, only: [{ events: ['held'], level: 'problem' }] },
      ],
    ],
    [
      'those on call for the service are told instead of those of the environment',
      { there: '    onCall: { groups: [sre], notify: [log] }', service: 'onCall: { notify: [chat] },' },
      '    notify: []',
      [{ ...chat, only: [{ level: 'problem' }] }],
    ],
  ])('%s', (_what, policy, notify, expected) => {
    expect(spec(policy, notify).notify).toEqual(expected);
  });
});

describe('a target that wakes people', () => {
  const pager = (environments = '') => ({
    chat: {
      from: 'chat: { kind: webhook, url: env:CHAT }',
      to: `chat: { kind: pagerduty, routingKey: env:KEY${environments} }`,
    },
  });
  const told = (environment: string, environments = '', policy = '') => {
    const { from, to } = pager(environments).chat;
    const text = changed(changed(policyText, from, to), '    notify: [log]', `    notify: [log${policy}]`);
    const everywhere = changed(pipelineText, '    notify: [chat]', '').concat('notify: [chat]\n');
    const branch = environment === 'production' ? 'main' : 'develop';
    const resolved = resolve({ pipeline: aPipeline(everywhere), policy: aPolicy(text), environment, branch });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
    return resolved.spec.notify.filter(({ kind }) => kind === 'pagerduty').map(({ name }) => name);
  };

  it.each<[string, string, string, boolean]>([
    ['somebody must approve', 'production', '', true],
    ['nobody need approve', 'staging', '', false],
    ['it names the environment', 'staging', ', environments: [staging]', true],
    ['it names others alone', 'production', ', environments: [staging]', false],
    ['it names all of them', 'production', ', environments: [staging, production]', true],
  ])('is told of an environment where %s: %s%s: %p', (_where, environment, environments, isTold) => {
    expect(told(environment, environments)).toEqual(isTold ? ['chat'] : []);
  });

  it('is not told of another because the policy itself names it there', () => {
    expect(told('production', ', environments: [staging]', ', chat')).toEqual([]);
  });

  it('names environments that there are', () => {
    const { from, to } = pager(', environments: [production, stagin]').chat;
    expect(policyProblems(changed(policyText, from, to))).toEqual([
      expect.stringMatching(/there is no environment `stagin` \| did you mean `staging`\?$/),
    ]);
  });

  it('that nobody is woken by is told of to whoever checks the files, with what to write', () => {
    const { from, to } = pager().chat;
    const policy = aPolicy(changed(policyText, from, to));
    const pipeline = aPipeline(
      changed(pipelineText, '    branches: [develop, release/*]', '    branches: [develop]\n    notify: [chat]'),
    );
    expect(sharedWarnings(pipeline, policy).map(({ message, hint }) => [message, hint])).toContainEqual([
      '`chat` is told of nothing by this: it wakes people for the environments in which the policy requires an approval alone',
      'where people are to be woken for it, add `staging` to `environments` of `chat` in the policy',
    ]);
    const elsewhere = aPolicy(
      changed(
        changed(policyText, from, `chat: { kind: pagerduty, routingKey: env:KEY, environments: [staging] }`),
        '    notify: [log]',
        '    onCall: { notify: [chat] }',
      ),
    );
    expect(policyWarnings(elsewhere).map(({ message }) => message)).toEqual([
      '`chat` is told of nothing by this: it wakes people for `staging` alone',
    ]);
  });
});

describe('who is on call', () => {
  it.each<[string, Parameters<typeof policyWith>[0], string[] | undefined]>([
    ['nobody, where the policy says nothing', {}, undefined],
    ['nobody, where it only says who is told', { there: '    onCall: { notify: [log] }' }, undefined],
    ['those of the environment', { there: '    onCall: { groups: [sre] }' }, ['sre']],
    [
      'those of the service there',
      { there: '    onCall: { groups: [sre] }', service: 'onCall: { groups: [shop-sre] },' },
      ['shop-sre'],
    ],
    [
      'those of the environment, where the service says who is told alone',
      { there: '    onCall: { groups: [sre] }', service: 'onCall: { notify: [log] },' },
      ['sre'],
    ],
  ])('is %s: in the specification, and by the workers’ own policy', (_who, policy, groups) => {
    expect(spec(policy).onCall).toEqual(groups);
    const floor = operatorFloor(aPolicy(policyWith(policy)), 'production');
    expect(floor?.onCall).toEqual(groups && { shop: groups });
    expect(floor && 'onCall' in floor).toBe(groups !== undefined);
  });

  it('is part of what an approval is bound to, and who is told is not', () => {
    const hashOf = (policy: Parameters<typeof policyWith>[0]) =>
      floorHash(releaseFloor(aPolicy(policyWith(policy)), production));
    const none = hashOf({});
    // As it was before there was anybody on call: approvals of that time hold.
    expect(none).toBe('ccd3ae888d023d8af58e1f7cbefc50c5ae77217ae8594ef05e16154eeaee4420');
    expect(hashOf({ there: '    notify: [{ to: log, level: problem }]\n    onCall: { notify: [chat] }' })).toBe(none);
    expect(hashOf({ service: 'onCall: { notify: [chat] },', chat: ', level: problem' })).toBe(none);
    const sre = hashOf({ there: '    onCall: { groups: [sre, leads] }' });
    expect(sre).not.toBe(none);
    expect(hashOf({ service: 'onCall: { groups: [leads, sre] },' })).toBe(sre);
  });
});

describe('a list of who is told', () => {
  it.each<[string, string, string[]]>([
    [
      'a key that there is not',
      'notify: [{ to: chat, evnts: [held] }]',
      ['45:26 unknown key `evnts` | did you mean `events`?'],
    ],
    ['an entry that names nobody', 'notify: [{ level: problem }]', ['45:14 `to` is missing']],
    [
      'an event that there is not',
      'notify: [{ to: chat, events: [hold, approval] }]',
      [
        '45:35 the entry must be one of `started`, `approval`, `approval-reminder`, `approval-escalated`, `changing`, `held`, `failed`, `region-failed`, `ended-well`, `ended-otherwise` | did you mean `held`?',
      ],
    ],
    [
      'a level that there is not',
      'notify: [{ to: chat, level: warning }]',
      ['45:33 `level` must be one of `info`, `attention`, `problem`'],
    ],
    ['no events at all', 'notify: [{ to: chat, events: [] }]', ['45:34 `events` must name at least one event']],
    ['a name twice', 'notify: [chat, chat]', ['45:20 `chat` is in the list twice']],
    [
      'something else',
      'notify: [5]',
      ['45:14 the entry must be the name of a target, or `to` with `events` and `level`'],
    ],
    ['a target that the policy has not', 'notify: [{ to: chatt }]', []],
  ])('of slipway.yaml with %s is told so', (_what, line, expected) => {
    expect(pipelineProblems(changed(pipelineText, 'notify: [chat]', line))).toEqual(expected);
  });

  it.each<[string, Parameters<typeof policyWith>[0], string[]]>([
    [
      'an entry',
      { there: '    notify: [{ to: lag }]' },
      ['29:20 there is no notify target `lag` | did you mean `log`?'],
    ],
    [
      'those on call',
      { there: '    onCall: { notify: [lag] }' },
      ['29:24 there is no notify target `lag` | did you mean `log`?'],
    ],
    [
      'those on call for a service',
      { service: 'onCall: { notify: [{ to: lag }] },' },
      ['11:214 there is no notify target `lag` | did you mean `log`?'],
    ],
  ])('of the policy names a target that there is not, by %s', (_who, policy, expected) => {
    expect(policyProblems(policyWith(policy))).toEqual(expected);
  });

  it('of slipway.yaml names a target that the policy has not', () => {
    const resolved = resolve({ pipeline: aPipeline(pipelineWith('    notify: [{ to: chatt }]')) });
    expect(
      resolved.ok ? [] : resolved.problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    ).toEqual(['45:20 policy.yaml has no notify target `chatt`']);
  });
});

describe('where the gateway shows the releases of a lane', () => {
  const channels = (readers: string, access = '') => {
    const target = `  chat: { kind: slack, channel: C0123ABCD${readers} }`;
    const withTarget = changed(policyText, '  chat: { kind: webhook, url: env:CHAT }', target);
    const withList = changed(withTarget, '    notify: [log]', '    notify: [log, chat]');
    return slackChannelsOf(aPolicy(changed(withList, '    tags: [latest]', `    tags: [latest]${access}`)), production);
  };
  const kept = '\n    access: { look: [shop-people, auditors] }';

  it.each<[string, string, string, string[]]>([
    ['everybody may look at it', '', '', ['C0123ABCD']],
    ['not everybody may, and nobody says who reads the channel', '', kept, []],
    ['all who read the channel may', ', readers: [shop-people, auditors]', kept, ['C0123ABCD']],
    ['all who read it may, as they are asked to approve', ', readers: [owners]', kept, ['C0123ABCD']],
    ['it says of nobody that they read it', ', readers: []', kept, []],
    ['some who read it may not', ', readers: [shop-people, everybody]', kept, []],
  ])('is a channel of its environment, as far as its readers may look at it: %s', (_when, readers, access, shown) => {
    expect(channels(readers, access)).toEqual(shown);
  });
});
