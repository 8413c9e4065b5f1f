import type { VerifiedBeside } from '../../../domain/contract/gateway.ts';

/** The image of each component that stood there before, by the plan that was verified last; nothing where that is not on record. */
export function imagesBefore(beside: VerifiedBeside | undefined): ReadonlyMap<string, string> {
  const components = beside?.verified?.plan?.components ?? [];
  return new Map(components.map(({ name, image }) => [name, image]));
}
