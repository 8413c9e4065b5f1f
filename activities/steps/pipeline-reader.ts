import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';

/** Reads slipway.yaml at a commit under the operator's policy. Throws SLIP-CFG-… and SLIP-SRC-… (terminal), which start nothing. */
export interface PipelineReader {
  read(wanted: {
    service: string;
    branch: string;
    commit: string;
    environment?: string;
  }): Promise<{ spec: ReleaseSpec; repository: string }>;
  /** The operator's floor, read from this machine's disk each time. */
  floorOf(environment: string): Promise<EnvironmentFloor>;
  /** Whether the policy lets this service into this environment. */
  reaches(lane: LaneKey): Promise<boolean>;
  /** sha256 of the policy file as it is now. */
  policyHash(): Promise<string>;
}
