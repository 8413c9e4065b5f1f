import type { EndpointSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';

/**
 * Asks an endpoint once and judges the answer. Only reads; may be repeated. Never throws for what an endpoint answers: that is a verdict.
 * `hosts`: what the operator's policy lets anybody ask; an address inside must be named by its host.
 */
export interface Verification {
  /** Whether nobody knows the name of its host, as yet. False where that cannot be told. */
  isUnknown(endpoint: EndpointSpec, hosts: readonly string[]): Promise<boolean>;
  check(endpoint: EndpointSpec, signal: AbortSignal, hosts: readonly string[]): Promise<Check>;
}
