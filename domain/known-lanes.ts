import type { LaneKey } from './contract/names.ts';

/** Why this is no lane of the policy, with the names that are; undefined when it is one. */
export function refuseLane({ service, environment }: LaneKey, known: readonly LaneKey[]): string | undefined {
  const there = known.filter((lane) => lane.environment === environment);
  if (there.some((lane) => lane.service === service)) return undefined;
  const environments = [...new Set(known.map((lane) => lane.environment))];
  return there.length === 0
    ? `the policy lets no service into ${environment}; its environments are ${listed(environments)}`
    : `the policy has no service ${service} in ${environment}; it has ${listed(there.map((lane) => lane.service))}`;
}

function listed(names: string[]): string {
  return names.length > 0 ? names.join(', ') : 'none';
}
