import type { EndpointSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';

/**
 * Asks an endpoint once and judges the answer. Only reads; may be repeated. Never throws for what an endpoint answers: that is a verdict.
 * `hosts`: what the operator's policy lets anybody ask; an address inside must be named by its host.
 */
export interface Verification {
  check(endpoint: EndpointSpec, signal: AbortSignal, hosts: readonly string[]): Promise<Check>;
}
