import { describe, expect, it } from '@jest/globals';
import { placeOf } from '../../../client/dashboard/words/find.ts';

const known = [
  { service: 'shop', environment: 'production' },
  { service: 'shop', environment: 'staging' },
  // A name that could be a commit, too.
  { service: 'decade', environment: 'staging' },
];

describe('what somebody looks for', () => {
  it.each([
    ['shop → staging', { to: '/lanes/$service/$environment', service: 'shop', environment: 'staging' }],
    ['shop/staging', { to: '/lanes/$service/$environment', service: 'shop', environment: 'staging' }],
    [' shop ', { to: '/releases', search: { service: 'shop' } }],
    ['decade', { to: '/releases', search: { service: 'decade' } }],
    ['3f9c2e1', { to: '/releases', search: { commit: '3f9c2e1' } }],
    ['shop#142', { to: '/releases', search: { service: 'shop', number: '142' } }],
    ['#142', { to: '/releases', search: { number: '142' } }],
    ['release/shop/production/3f9c2e1/1', { to: '/runs/$', id: 'release/shop/production/3f9c2e1/1' }],
    ['ann@shop.example', { to: '/releases', search: { by: 'ann@shop.example' } }],
  ])('%s is where that is', (text, place) => {
    expect(placeOf(text, known)).toEqual(place);
  });

  it('is nowhere while nothing is written', () => {
    expect(placeOf('  ', known)).toBeUndefined();
  });
});
