import { refuseCalledOff } from '../../domain/called-off.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { plannedComponents, promotionOf } from '../../domain/plan.ts';
import { refuseBeyondPolicy, type Bounded } from '../../domain/plan-bounds.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { heardAmong } from './heard.ts';
import type { ReleaseContents } from './release-record.ts';

/** Before there is a plan: what it would say. */
export function namedBy({ service, environment }: ReleaseRequest, { spec, artifacts }: ReleaseContents) {
  const { regions, migrations: migrationSpecs, rollout } = spec;
  const components = plannedComponents(spec, artifacts);
  const promotion = spec.promotion && promotionOf(spec.promotion);
  return { service, environment, regions, components, migrationSpecs, rollout, ...(promotion && { promotion }) };
}

export interface UnapprovedDependencies {
  records: Pick<Records, 'decisions'>;
  verifier: Verifier;
}

interface Unapproved {
  releaseId: string;
  release: Bounded;
  floor: EnvironmentFloor;
}

/**
 * Nobody has approved it, so that nobody has compared it with the policy either since it was read on another machine. But somebody may have
 * said no by now. Throws SLIP-CFG-3, SLIP-REL-13 (terminal).
 */
export async function refuseUnapproved(
  { records, verifier }: UnapprovedDependencies,
  { releaseId, release, floor }: Unapproved,
): Promise<void> {
  const reason = refuseBeyondPolicy(release, floor);
  if (reason !== undefined) throw failure('SLIP-CFG-3', reason);
  const decisions = heardAmong(await records.decisions.weigh(releaseId), verifier);
  const off = refuseCalledOff(decisions, releaseId);
  if (off !== undefined) throw failure('SLIP-REL-13', off);
}
