import { GetAuthorizationTokenCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createEcrCredentials } from '../../activities/images/ecr-login.ts';

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const hour = 3_600_000;
const ecr = mockClient(ECRClient);

const aToken = (password: string, expires: number) => ({
  authorizationData: [
    { authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'), expiresAt: new Date(expires) },
  ],
});

describe('ECR login', () => {
  beforeEach(() => void ecr.reset());
  afterEach(() => void ecr.reset());

  it('gives the user and password that are in the token', async () => {
    ecr.on(GetAuthorizationTokenCommand).resolves(aToken('pa:ss', 12 * hour));
    expect(await createEcrCredentials({ now: () => 0 })(host)).toEqual({ username: 'AWS', password: 'pa:ss' });
  });

  it('asks again only shortly before the token ends', async () => {
    ecr
      .on(GetAuthorizationTokenCommand)
      .resolvesOnce(aToken('one', 12 * hour))
      .resolvesOnce(aToken('two', 24 * hour));
    let now = 0;
    const credentials = createEcrCredentials({ now: () => now });
    await credentials(host);
    now = 11 * hour;
    expect((await credentials(host))?.password).toBe('one');
    now = 12 * hour - 60_000;
    expect((await credentials(host))?.password).toBe('two');
    expect(ecr.calls()).toHaveLength(2);
  });

  it.each([
    'ghcr.io',
    '127.0.0.1:5000',
    `${host}.evil.example`,
    'public.ecr.aws',
    '123.dkr.ecr.eu-west-1.amazonaws.com',
  ])('knows nothing of %s', async (other) => {
    expect(await createEcrCredentials()(other)).toBeUndefined();
    expect(ecr.calls()).toHaveLength(0);
  });

  it('tells a refused right from a service that does not answer, without the words of the request', async () => {
    ecr
      .on(GetAuthorizationTokenCommand)
      .rejectsOnce(Object.assign(new Error('secret words'), { name: 'AccessDeniedException' }));
    const refused = createEcrCredentials()(host);
    await expect(refused).rejects.toMatchObject({ details: { code: 'SLIP-IMG-5', kind: 'terminal' } });
    await expect(refused).rejects.not.toThrow(/secret words/);
    ecr.on(GetAuthorizationTokenCommand).rejectsOnce(Object.assign(new Error('x'), { name: 'TimeoutError' }));
    await expect(createEcrCredentials()(host)).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-2', kind: 'retryable' },
    });
  });

  it('does not take an empty answer for a login', async () => {
    ecr.on(GetAuthorizationTokenCommand).resolves({ authorizationData: [] });
    await expect(createEcrCredentials()(host)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-5' } });
  });
});
