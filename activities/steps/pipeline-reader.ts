import type { GithubService } from '../../domain/contract/github.ts';
import type { KnownPeople } from '../../domain/contract/people.ts';
import type { EnvironmentFloor, PolicyFloor } from '../../domain/contract/policy.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { AutomaticPromotion } from '../../domain/contract/promotion.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import type { LaneAccess } from '../../domain/contract/rights.ts';

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
  /** Whom the policy knows; undefined where it leaves that to the file of tokens. */
  people(): Promise<KnownPeople | undefined>;
  /** Which services the policy lets into which environments, and who may do what there. */
  lanes(): Promise<LaneAccess[]>;
  /** What the policy has released by itself. */
  promotions(): Promise<AutomaticPromotion[]>;
  /** Which jobs of GitHub Actions the policy lets release which services. */
  github(): Promise<GithubService[]>;
  /** What the policy says of this service and environment now, and its hash: what approvals are bound to. */
  policyOf(lane: LaneKey): Promise<{ hash: string; floor: PolicyFloor }>;
  /** Ids of the channels of Slack in which the releases of a lane are shown. */
  slackChannels(lane: LaneKey): Promise<string[]>;
  /**
   * What is wrong with the policy file of this machine while an earlier one stays in force, in one line for people; undefined when the file
   * itself is in force. Never throws.
   */
  policyProblem(): Promise<string | undefined>;
}
