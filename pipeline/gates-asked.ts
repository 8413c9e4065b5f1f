import type { PolicyFile } from './policy-schema.ts';

/** Where the policy does not say. */
export const gateDefaults = { images: true, secrets: true, tests: true };

/** The gates that the policy wants every release of an environment to pass. */
export function gatesAsked({
  scan = {},
  testsRequired,
}: Pick<PolicyFile['environments'][string], 'scan' | 'testsRequired'>): typeof gateDefaults {
  const { images = gateDefaults.images, secrets = gateDefaults.secrets } = scan;
  return { images, secrets, tests: testsRequired ?? gateDefaults.tests };
}
