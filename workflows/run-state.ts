import type { Announcement } from '../domain/announcements.ts';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { AppliedComponent } from '../activities/steps/types.ts';
import type { PlanOutline, ReadOutline } from '../domain/contract/outline.ts';
import type { ReleaseRequest, Ticket } from '../domain/contract/release.ts';
import type { ReleaseStatus } from '../domain/contract/status.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';

/**
 * The parts of the story, by the names under which a run carries that they are over. While runs of an older version may live a name is neither
 * changed, nor taken away, nor used for anything else: a run that carries it would do a part twice, or pass by one that was never done.
 */
export type Part =
  | 'read'
  | 'prepared'
  | 'planned'
  | 'asked for approval'
  | 'approved'
  | 'agreed'
  | 'approval used'
  | 'tagged'
  | `migrate ${string}`
  | WaveStage
  | `${WaveStage} look ${number}`
  /** A component that stood in a region: what others make of it afterwards is looked at, and not written over. */
  | `${WaveStage}: ${string} in ${string}`
  | 'told of the failure'
  /** Of a rollback: the release that it is about. */
  | 'found';
export type WaveStage = `wave ${number} stage ${number}`;

/**
 * Everything a run knows, as plain data: what it hands over when it continues as new, and nothing else is handed over. What must not be
 * forgotten even by a reset (touched, revoked, the schema) is a record before it is a field here.
 */
export interface RunState {
  request: ReleaseRequest;
  /** The release whose plan and approvals count; a rollback run is about another one. */
  subject: string;
  /** Regions that a halted release had changed, where this run is to undo one. */
  undoing?: string[];
  read?: ReadOutline;
  plan?: PlanOutline;
  /** When the plan was put before people, ms. */
  askedAt: number;
  /** Which plan that was. */
  askedAbout?: string;
  /** How many of what people are told while nobody decides (domain/approval-course.ts) were their turn since then; absent: none. */
  nudged?: number;
  /** What people are to be told, and is not known to be written down: the oldest first. Absent: nothing. */
  untold?: Announcement[];
  joined: boolean;
  ticket?: Ticket;
  /** The newest ticket that this run was ever given, also when it has given it back. */
  lastTicket?: Ticket;
  /** What the lane last said about why we wait. */
  laneReason?: string;
  decisions: SignedDecision[];
  rollbackAsked?: SignedDecision;
  /** Something outside may have been changed: set before the first step that could. */
  touched: boolean;
  /** What later rollbacks must never go back to: the release that failed, where it failed. */
  revoked?: { releaseId: string; regions: string[] };
  /** Parts of the story that are over. */
  done: Part[];
  /**
   * Steps that wait for somebody or something outside: why, since when (ms), and how many `retry` had been heard when people were told; absent
   * of a run that was told of it by an older engine.
   */
  held: Record<string, { why: string; since: number; retries?: number }>;
  /** What was put in place and is not known to stand, by the step that writes it (workflows/written.ts). */
  written?: Record<string, Written>;
  /** Components that stand scaled to zero, by region: in place, and never seen running. */
  unseen?: Record<string, string[]>;
  /** A person was waited for as long as the policy says, or accepted the failure. */
  gaveUp: boolean;
  /** A failure is being concluded: from here on nothing goes forward any more, whichever run of the chain concludes it. */
  concluding?: { failure: FailureDetails; /** Until when a person is waited for, ms. */ until?: number };
  /** When it last continued as new, ms. */
  movedAt?: number;
  status: ReleaseStatus;
}

export interface Written {
  /** What was written, while it is watched; absent where it stood already, and others have changed it since. */
  applied?: AppliedComponent;
  /** How many `retry` had been heard when it was first not seen to stand: a later one has it written again. */
  heard?: number;
}

export function newRunState(
  releaseId: string,
  now: number,
  about: Pick<RunState, 'request'> & { subject?: string },
): RunState {
  return {
    request: about.request,
    subject: about.subject ?? releaseId,
    askedAt: 0,
    joined: false,
    decisions: [],
    touched: false,
    done: [],
    held: {},
    gaveUp: false,
    status: {
      releaseId,
      stage: 'joining',
      doing: 'reading the pipeline file',
      artifacts: [],
      migrations: [],
      regions: [],
      checks: [],
      timings: [{ stage: 'joining', startedAt: now }],
      approvals: [],
      log: [],
    },
  };
}
