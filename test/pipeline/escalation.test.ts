import { describe, expect, it } from '@jest/globals';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import {
  aPipeline,
  aPolicy,
  changed,
  pipelineProblems,
  pipelineText,
  policyProblems,
  policyText,
  refusals,
  resolve,
} from './texts.ts';

const inPolicy = (more: string) => changed(policyText, 'expires: 4h, ', `expires: 4h, ${more}, `);
const inPipeline = (more: string) => changed(pipelineText, 'expires: 2h, ', `expires: 2h, ${more}, `);
const resolved = (pipeline: string, policy: string) => {
  const found = resolve({ pipeline: aPipeline(pipeline), policy: aPolicy(policy) });
  if (!found.ok) throw new Error(refusals(found).join('\n'));
  return found.spec.approval;
};
const refused = (pipeline: string, policy: string) =>
  refusals(resolve({ pipeline: aPipeline(pipeline), policy: aPolicy(policy) }));

const hour = 3_600_000;
const toDirectors = 'remind: 30m, escalate: { after: 1h, to: [directors] }';
const escalating = inPolicy(toDirectors);

describe('what is asked where nobody decides', () => {
  it('is what the policy says, where slipway.yaml says nothing', () => {
    const asked = { remindMs: hour / 2, escalate: { afterMs: hour, groups: ['directors'] } };
    expect(resolved(pipelineText, escalating)).toMatchObject(asked);
    expect(operatorFloor(aPolicy(escalating), 'production')?.approval).toMatchObject(asked);
  });

  it('is nothing where neither says anything', () => {
    expect(Object.keys(resolved(pipelineText, policyText)).sort()).toEqual(
      ['excludeRequester', 'expiresMs', 'groups', 'quorum', 'required'].sort(),
    );
  });

  it('is not what would come when a shorter wait of slipway.yaml is over', () => {
    const late = inPolicy('remind: 2h, escalate: { after: 3h, to: [directors] }');
    expect(resolved(pipelineText, late)).not.toHaveProperty('escalate');
    expect(resolved(pipelineText, late)).not.toHaveProperty('remindMs');
  });

  it.each<[string, string, string, string[]]>([
    ['reminds as it likes', 'remind: 10m', policyText, []],
    ['lets those approve later who may by the policy anyway', 'escalate: { after: 1h, to: [leads] }', policyText, []],
    [
      'lets others approve as late as the policy, or later',
      'escalate: { after: 90m, to: [directors] }',
      escalating,
      [],
    ],
    [
      'lets others approve sooner',
      'escalate: { after: 30m, to: [directors] }',
      escalating,
      ['42:104 others may approve after 30m, the policy lets them after 1h at the soonest (policy.yaml:22)'],
    ],
    [
      'lets somebody approve who may not',
      'escalate: { after: 90m, to: [director] }',
      escalating,
      [
        '42:114 the group `director` may not approve, however long nobody does: the policy allows `owners`, `leads`, `directors` (policy.yaml:22) | did you mean `directors`?',
      ],
    ],
  ])('is asked of a slipway.yaml that %s', (_what, more, policy, expected) => {
    expect(refused(inPipeline(more), policy).map((line) => line.replace(/^42:\d+/, '42'))).toEqual(
      expected.map((line) => line.replace(/^42:\d+/, '42')),
    );
  });

  const over = 'and the wait is over after';
  it.each<[string, string, string]>([
    ['remind: 2h', 'remind: 4h', `people are reminded after %, ${over} %: it must be less than \`expires\``],
    [
      'escalate: { after: 2h, to: [owners] }',
      'escalate: { after: 4h, to: [owners] }',
      `others may approve after %, ${over} %: it must be less than \`expires\``,
    ],
  ])('never comes, which is told with what helps: %s', (inFile, inOther, message) => {
    const [mine] = pipelineProblems(inPipeline(inFile));
    const [theirs] = policyProblems(inPolicy(inOther));
    expect(mine).toContain(message.replaceAll('%', '2h'));
    expect(theirs).toContain(message.replaceAll('%', '4h'));
  });

  it('reminds nobody once others may approve: a pause as long as that is told', () => {
    const [problem] = policyProblems(inPolicy('remind: 1h, escalate: { after: 1h, to: [directors] }'));
    expect(problem).toContain('it must be less than `escalate.after`');
  });

  it('is told, where slipway.yaml leaves the wait to the policy', () => {
    const own = changed(inPipeline('remind: 5h'), ', expires: 2h', '');
    expect(refused(own, policyText)).toEqual([expect.stringContaining('people are reminded after 5h')]);
  });

  it('names groups that the policy knows, where it knows any', () => {
    const known =
      'people: { kim: { token: kim } }\ngroups: { owners: { members: [kim] }, leads: { members: [kim] } }\n';
    const problems = policyProblems(`${escalating}${known}`);
    expect(problems).toEqual([expect.stringContaining('`directors`')]);
  });
});

describe('an approval that waits', () => {
  const hashOf = (text: string) =>
    floorHash(releaseFloor(aPolicy(text), { service: 'shop', environment: 'production' }));

  it('is void where others may approve by now, or sooner, or no more', () => {
    const hashes = [policyText, escalating, inPolicy('remind: 30m, escalate: { after: 2h, to: [directors] }')].map(
      hashOf,
    );
    expect(new Set(hashes).size).toBe(3);
  });

  it('is none the worse for how often people are reminded', () => {
    expect(hashOf(inPolicy('remind: 30m'))).toBe(hashOf(policyText));
  });
});
