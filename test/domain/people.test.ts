import { describe, expect, it } from '@jest/globals';
import { refuseDecider } from '../../domain/approval.ts';
import type { KnownPeople, Proof } from '../../domain/contract/people.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { asKnown, identityOf } from '../../domain/people.ts';
import { aDecision, aFloor, aPerson, aPolicy, developer } from './builders.ts';

const known: KnownPeople = {
  people: {
    anna: { token: 'anna', github: 12, slack: 'U1', oidc: 'sub-1', writesAs: ['anna@example.com'] },
    bert: { email: 'bert@example.com' },
    carl: { oidc: 'sub-3', email: 'carl@example.com' },
  },
  groups: {
    approvers: { members: ['anna', 'bert'] },
    rota: { members: [], slack: 'S1', oidc: 'on-call' },
    team: { members: [], github: 'example/team' },
  },
};
const aProof = (via: Proof['via'], id: string, more: Partial<Proof> = {}): Proof => ({ via, id, belongs: [], ...more });

describe('a person', () => {
  it.each<[Proof['via'], string]>([
    ['token', 'anna'],
    ['github', '12'],
    ['slack', 'U1'],
    ['oidc', 'sub-1'],
  ])('is one and the same by %s', (via, id) => {
    const emails = ['anna@example.com'];
    expect(identityOf(aProof(via, id), known)).toEqual({ id: 'anna', via, groups: ['approvers'], emails });
  });

  it('is known by an address that the identity provider has verified, and by no other door', () => {
    const email = 'bert@example.com';
    expect(identityOf(aProof('oidc', 'sub-9', { email }), known)).toMatchObject({ id: 'bert' });
    expect(identityOf(aProof('slack', 'U9', { email }), known)).toHaveProperty('refused');
  });

  it('who could be two is neither', () => {
    expect(identityOf(aProof('oidc', 'sub-3', { email: 'bert@example.com' }), known)).toEqual({
      refused: 'the login sub-3 is bert and carl in the policy: nobody can tell who of them',
      next: 'The operator makes them one person under `people` in the policy, or takes one of the two out.',
    });
  });

  it('whom the policy does not know is refused, with what the operator must add', () => {
    expect(identityOf(aProof('github', '13', { called: 'octocat' }), known)).toEqual({
      refused: 'the GitHub account 13 (octocat) is nobody whom the policy knows',
      next: 'The operator adds `github: 13` to a person under `people` in the policy.',
    });
  });

  it.each(['constructor', '__proto__', 'аnna', 'Anna', ''])('is not who is only called like one: %j', (id) => {
    for (const via of ['token', 'slack', 'oidc'] as const)
      expect(identityOf(aProof(via, id), known)).toHaveProperty('refused');
  });

  it('is in a group of which others tell who is in it by the door of those others alone', () => {
    const groupsOf = (proof: Proof) => (identityOf(proof, known) as { groups: string[] }).groups;
    expect(groupsOf(aProof('slack', 'U1', { belongs: ['S1'] }))).toEqual(['approvers', 'rota']);
    expect(groupsOf(aProof('oidc', 'sub-1', { belongs: ['on-call', 'S1'] }))).toEqual(['approvers', 'rota']);
    expect(groupsOf(aProof('github', '12', { belongs: ['S1', 'on-call'] }))).toEqual(['approvers']);
    expect(groupsOf(aProof('token', 'anna', { belongs: ['S1', 'rota', 'on-call'] }))).toEqual(['approvers']);
  });
});

describe('a policy without people', () => {
  it('leaves to the file of tokens who there is', () => {
    const proof = aProof('token', 'kim', { belongs: ['approvers'], writesAs: ['kim@example.com'] });
    const kim = { id: 'kim', via: 'token', groups: ['approvers'], emails: ['kim@example.com'] };
    expect(identityOf(proof, undefined)).toEqual(kim);
    expect(asKnown(aPerson('kim', 'approvers'), undefined)).toEqual(aPerson('kim', 'approvers'));
  });

  it.each(['github', 'slack', 'oidc'] as const)('lets nobody in by %s', (via) => {
    expect(identityOf(aProof(via, '1'), undefined)).toMatchObject({ next: expect.stringContaining(`${via}: 1`) });
  });
});

describe('what somebody has decided', () => {
  const floor = aFloor(aPolicy({ groups: ['approvers', 'rota'] }), { people: known });
  const refused = (id: string, groups: string[], people = known) =>
    refuseDecider({
      decision: aDecision('approve', { by: aPerson(id, ...groups) }),
      requestedBy: developer,
      ...decidersBy({ ...floor, people }, 'shop'),
    });

  it('counts by the groups that the policy has them in now, whatever was written down', () => {
    expect(refused('anna', [])).toBeUndefined();
    expect(refused('carl', ['approvers'])).toBe('carl is in none of the groups approvers, rota');
    const without = { ...known, groups: { ...known.groups, approvers: { members: ['bert'] } } };
    expect(refused('anna', ['approvers'], without)).toBe('anna is in none of the groups approvers, rota');
  });

  it('counts by what was written down of a group of which others tell who is in it', () => {
    expect(refused('carl', ['rota'])).toBeUndefined();
  });

  it.each(['approve', 'reject', 'roll-back', 'abort', 'retry', 'accept-failure'] as const)(
    'counts no more once the policy does not know them: %s',
    (kind) => {
      const decision = aDecision(kind, { by: aPerson('dora', 'approvers', 'rota') });
      expect(refuseDecider({ decision, requestedBy: aPerson('dora'), ...decidersBy(floor, 'shop') })).toBe(
        'the policy knows nobody called dora',
      );
    },
  );
});
