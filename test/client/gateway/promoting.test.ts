import { describe, expect, it } from '@jest/globals';
import { aStart, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

describe('whoever asks for the images of another environment', () => {
  it('starts the release where slipway.yaml says so, too', async () => {
    const { post, service, policy } = gateway();
    policy.from = 'staging';
    expect((await post('/v1/releases', aStart(service, { from: 'staging' }), tokens.dana)).status).toBe(201);
  });

  it.each([
    ['nothing of it', undefined, 'says no `from`: it would be built'],
    ['another one', 'integration', 'says `from: integration`'],
  ])('starts nothing where it says %s', async (_what, from, why) => {
    const { post, service, policy, records } = gateway();
    if (from !== undefined) policy.from = from;
    const { status, body } = await post('/v1/releases', aStart(service, { from: 'staging' }), tokens.dana);
    expect([status, body.error.message]).toEqual([400, expect.stringContaining(why)]);
    expect(await records.attempts.list({ service, limit: 5 })).toEqual([]);
  });
});
