import { describe, expect, it } from '@jest/globals';
import { aHash } from '../../domain/builders.ts';
import { anOrder, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();
const groups = { approvers: { members: ['kim-k'] } };

describe('a gateway whose policy names people', () => {
  it('knows the same person under the name that the policy has for them, whatever the file of tokens says of groups', async () => {
    const { policy, get } = gateway();
    policy.people = { people: { 'kim-k': { token: 'kim', writesAs: ['kim@example.com'] } }, groups: {} };
    const { status, body } = await get('/v1/me', tokens.kim);
    expect([status, body]).toMatchObject([200, { id: 'kim-k', via: 'token', groups: [], emails: ['kim@example.com'] }]);
  });

  it('lets nobody in whom the policy does not name, and says what the operator must add', async () => {
    const { policy, get } = gateway();
    policy.people = { people: {}, groups };
    expect(await get('/v1/me', tokens.kim)).toEqual({
      status: 403,
      body: {
        error: {
          code: 'stranger',
          message: 'the token of kim is nobody whom the policy knows',
          next: 'The operator adds `token: kim` to a person under `people` in the policy.',
        },
      },
    });
  });

  it('takes the approval of whoever is in the group, and of nobody from the moment when they are taken out', async () => {
    const parts = gateway();
    parts.policy.people = { people: { 'kim-k': { token: 'kim' }, dana: { token: 'dana' } }, groups };
    const id = await parts.release();
    const approve = () => parts.post(parts.decisionPath(id), anOrder('approve', { planHash: aHash() }), tokens.kim);
    expect((await approve()).status).toBe(200);
    parts.policy.people.groups['approvers'] = { members: ['dana'] };
    expect(await approve()).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden', message: 'kim-k is not in the group approvers' } },
    });
  });
});
