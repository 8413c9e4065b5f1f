import type { ReleasePlan } from '../../../domain/contract/release.ts';
import type { Lane, PolicyState } from './ground.ts';

/** Who schedules a step, as Temporal says. */
export interface Caller {
  workflowId: string;
  runId: string;
  type: string;
}

export interface Place {
  lane: Lane;
  region: string;
  component: string;
}

/** What people have said, and what the world is: nobody doubts it. */
export type Fact =
  | { kind: 'asked'; run: string; lane: Lane; commit: string; by: string; downgrade: boolean }
  | { kind: 'said'; what: string; id: string; about: string; planHash: string; by: string }
  /** The gateway has written that the run did not take it. */
  | { kind: 'void'; id: string }
  | {
      kind: 'ordered';
      id: string;
      run: string;
      about: string;
      planHash: string;
      by: string;
      regions?: string[];
      expiresAt: number;
    }
  | { kind: 'broken'; run: string; about: string; regions: string[] }
  | { kind: 'frozen'; id: string; lane: Lane; until?: number }
  | { kind: 'thawed'; lifts: string }
  | { kind: 'cleared'; of: string }
  | { kind: 'policy'; policy: PolicyState }
  /** Temporal itself has made the next run of it. */
  | { kind: 'continued'; run: string; from: string; to: string }
  /** Whether there is a workflow of that id at work. */
  | { kind: 'at-work'; run: string; isOpen: boolean };

/** What steps have seen, or said to whoever asked: it may be so, and others build on it. */
export type Seen =
  | ({ kind: 'looked'; by: string; image: string; well: boolean } & Place)
  | { kind: 'schema'; lane: Lane }
  /** A run has looked whether its migrations are there. */
  | { kind: 'saw-schema'; by: string }
  | { kind: 'chose'; run: string; region: string; targets: { component: string; image: string }[] };

/** `moved`: something else stood there before. */
type Move = { image: string; moved: boolean } & Place;

/** Something that has happened because a workflow asked for it: to be judged. */
export type Deed =
  | ({ what: 'deployed' } & Move)
  | ({ what: 'put-back' } & Move)
  | { what: 'migrated'; lane: Lane; image: string; contracting: boolean }
  /** A Job that only looks was run, with the code of a release. */
  | { what: 'looked-by-job'; lane: Lane }
  | { what: 'tagged'; image: string; tag: string }
  | ({ what: 'verified'; release: string; image: string } & Place)
  | { what: 'revoked'; release: string; regions: string[] }
  | { what: 'used'; release: string; decisions: string[] }
  | { what: 'planned'; release: string; hash: string; plan: ReleasePlan }
  /** The plan was held against what runs there. */
  | { what: 'compared'; release: string; hash: string }
  | { what: 'let-in'; lane: Lane; run: string | undefined; ticket: Numbered; write: Numbered }
  | { what: 'ended'; run: string; outcome: string };

export interface Numbered {
  incarnation: number;
  n: number;
}

/** `worker`: the environment that the worker serves, where it serves one. `step`: what one step does has one number. */
export type Effect<What extends Deed['what'] = Deed['what']> = Extract<Deed, { what: What }> & {
  kind: 'effect';
  by: Caller;
  worker?: string;
  step: number;
};

export type Event = Fact | Seen | Effect;
/** `n`: its place among all that was heard. */
export type Heard<E extends Event = Event> = E & { n: number; now: number };
