import type { DeliveredArtifact, DeliveryKind } from '../../domain/contract/delivery.ts';
import type { PinnedImage, PlannedComponent, RegionSpec, RolloutSpec, Ticket } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import type { PlaceLook } from '../../domain/place-look.ts';
import type { Restarts } from '../../domain/restarts.ts';

/**
 * One component in one region, and what its delivery is made of, or was: the image, and what the plan says of it. What should be there is said beside
 * it, by the artifact. A kind that cannot make that of this target refuses (SLIP-REL-1, terminal). Read from the records, never from what a
 * workflow says.
 */
export interface DeliveryTarget {
  region: RegionSpec;
  component: Pick<PlannedComponent, 'name' | 'workloads' | 'delivery' | 'artifact'>;
  image: PinnedImage;
  rollout: RolloutSpec;
  /**
   * It was put back: what does not exist any more had nothing to go back to, and what others had set by then (environment variables) was left to
   * them. Neither speaks against it.
   */
  putBack?: true;
}

/** Who writes, written beside the change itself: a late write of a run that has lost its lane is recognised there, and refused. */
export interface DeliveryWrite {
  ticket: Ticket;
  releaseId: string;
  /** For people who look at the place itself. */
  changeCause: string;
  /** What the place itself says may be forged: what the records know of tickets. */
  tickets?: KnownTickets;
}

/** No lane has given out a greater ticket than `last`. `passedOver`: greater ones that people have found, and ordered to be passed over. */
export interface KnownTickets {
  last: Ticket;
  passedOver: readonly string[];
}

/**
 * What was written, by the name of the thing written to. Plain data, as it travels through a history to the watch; what else it holds is
 * known to the kind alone. `inPlace`: nothing was written, and a look has shown that it stands. Everything else must be watched.
 */
export type Applied = Record<string, AppliedPart>;
export interface AppliedPart {
  inPlace: boolean;
  /** What people should know of it also where there is nothing to watch. */
  note?: string;
}

/** What later looks of the same watching are compared with, by the name of the thing looked at. Plain data, and small: it is in every heartbeat. */
export type Seen = Record<string, Restarts>;
/** `gone`: nothing of it is there, and may be so. */
export type Look = Omit<Check, 'name'> & { seen?: Seen; gone?: true };

/**
 * One way of getting a component to where it runs. Every method may be repeated with the same arguments.
 * Throws SLIP-…: terminal for what will not get better by itself, a newer ticket among it; retryable for a place that cannot be reached.
 */
export interface Delivery<Part extends AppliedPart = AppliedPart> {
  readonly kind: DeliveryKind;
  /** Before anything is changed: whether what it would change is there, and may be changed. What may not be looked at is told as that. */
  look(target: DeliveryTarget): Promise<PlaceLook>;
  /** What would be put there, by its hash: the same target, the same hash, whoever asks and when. Only looks. */
  plan(target: DeliveryTarget): Promise<DeliveredArtifact>;
  /** Puts it there, if nothing newer was. Waits for nothing. */
  apply(target: DeliveryTarget, write: DeliveryWrite): Promise<Record<string, Part>>;
  /** Looks until `wanted`, which was written, stands, in words for people; throws what went wrong, in the words of the place. */
  watch(target: DeliveryTarget, wanted: DeliveredArtifact, applied: Record<string, Part>): Promise<string>;
  /**
   * Whether `wanted` is there and stands, whoever put it there. Looks on for at most `patienceMs` while that cannot be told. `before`: what
   * earlier looks have `seen`. Fails by the release's own fault, or because others have changed it; all else is inconclusive.
   */
  verify(target: DeliveryTarget, wanted: DeliveredArtifact, patienceMs: number, before?: Seen): Promise<Look>;
  /**
   * Puts back what stood there before, as an apply that a late `apply` with the same ticket does not undo. What is not there has nothing to go
   * back to: it keeps nothing else from going back, and `watch` tells it.
   */
  revert(target: DeliveryTarget, to: DeliveredArtifact, write: DeliveryWrite): Promise<Record<string, Part>>;
}
