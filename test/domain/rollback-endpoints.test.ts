import { describe, expect, it } from '@jest/globals';
import type { EndpointSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { endpointsAfterRollback } from '../../domain/rollback-endpoints.ts';
import { aPlan, aRegion } from './builders.ts';

function asks(path: string, changes: Partial<EndpointSpec> = {}): EndpointSpec {
  const how = { kind: 'http', status: 200, successes: 1, timeoutMs: 1_000 } as const;
  return { name: path, url: `https://shop.test/${path}`, ...how, ...changes } as EndpointSpec;
}
const under = (...endpoints: EndpointSpec[]): ReleasePlan =>
  aPlan({ regions: [aRegion('nl', { endpoints: [asks('nl')] }), aRegion('de', { endpoints })] });
const named = (plans: ReleasePlan[]) => endpointsAfterRollback(plans, 'de').map(({ name }) => name);

describe('what a region that goes back is asked', () => {
  it.each<[string, ReleasePlan[], string[]]>([
    ['what the release was asked there that it goes back to', [under(asks('a'), asks('b'))], ['a', 'b']],
    ['nothing, where that was asked nothing', [under()], []],
    ['what all of them were asked, of several', [under(asks('a'), asks('b')), under(asks('b'), asks('c'))], ['b']],
    ['nothing, of several that were asked different things', [under(asks('a')), under(asks('b'))], []],
    [
      'the same, whatever it is called and however patiently it is asked',
      [under(asks('a')), under(asks('a', { name: 'other', successes: 3, timeoutMs: 9 }))],
      ['a'],
    ],
    ['not what has to answer something else now', [under(asks('a')), under(asks('a', { status: 204 }))], []],
    ['nothing, where one of them was not there', [under(asks('a')), aPlan({ regions: [aRegion('nl')] })], []],
  ])('is %s', (_what, plans, wanted) => {
    expect(named(plans)).toEqual(wanted);
  });
});
