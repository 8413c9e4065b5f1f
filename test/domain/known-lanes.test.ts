import { describe, expect, it } from '@jest/globals';
import { refuseLane } from '../../domain/known-lanes.ts';

const known = [
  { service: 'shop', environment: 'production' },
  { service: 'shop', environment: 'staging' },
  { service: 'payments', environment: 'production' },
];

describe('a lane that is named', () => {
  it.each([
    ['shop', 'production', undefined],
    ['shpo', 'production', 'the policy has no service shpo in production; it has shop, payments'],
    ['payments', 'staging', 'the policy has no service payments in staging; it has shop'],
    ['shop', 'prod', 'the policy lets no service into prod; its environments are production, staging'],
    ['constructor', 'staging', 'the policy has no service constructor in staging; it has shop'],
  ])('%s in %s: %s', (service, environment, refused) => {
    expect(refuseLane({ service, environment }, known)).toBe(refused);
  });

  it('is none where the policy knows none', () => {
    expect(refuseLane(known[0]!, [])).toContain('its environments are none');
  });
});
