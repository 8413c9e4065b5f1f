import type { LaneKey } from '../../domain/contract/names.ts';
import type { EnvironmentFloor, ServiceBounds } from '../../domain/contract/policy.ts';
import { failure } from '../../domain/errors/catalogue.ts';

/** What the policy on this worker's own disk lets the service use there, now. Throws SLIP-CFG-3 (terminal) where it does not let it in. */
export async function serviceBounds(
  { floorOf }: { floorOf: (environment: string) => Promise<EnvironmentFloor> },
  { service, environment }: LaneKey,
): Promise<ServiceBounds> {
  const { services } = await floorOf(environment);
  const bounds = Object.hasOwn(services, service) ? services[service] : undefined;
  if (!bounds) throw failure('SLIP-CFG-3', `the policy does not let ${service} into ${environment}`);
  return bounds;
}
