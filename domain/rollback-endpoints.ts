import { canonicalJson } from './canonical.ts';
import type { EndpointSpec, ReleasePlan } from './contract/release.ts';

/**
 * What a region that goes back is asked. The plan of the bad release has no say: what only its code answers says nothing about the code of
 * before. Where components go back to different releases, it is what all of those were asked when they were verified: what only some of them
 * were asked may need a component of a release that is not there.
 */
export function endpointsAfterRollback(plans: readonly ReleasePlan[], region: string): EndpointSpec[] {
  const [first = [], ...others] = plans.map(({ regions }) => regions.find(({ name }) => name === region)?.endpoints);
  return first.filter((endpoint) =>
    others.every((endpoints = []) => endpoints.some((other) => questionOf(other) === questionOf(endpoint))),
  );
}

/** Whatever it is called, and however patiently it is asked. */
function questionOf({ name: _name, successes: _successes, timeoutMs: _timeoutMs, ...question }: EndpointSpec): string {
  return canonicalJson(question);
}
