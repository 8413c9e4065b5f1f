import type { Digest } from './release.ts';

/**
 * How a component gets to where it runs. What a kind needs to know beside the image is part of the plan that people approve, under its own
 * `kind`. Absent: `deployment-image`.
 */
export type DeliverySpec = {
  /** Sets the image of containers of Deployments that are there already. */
  kind: 'deployment-image';
  /** And these environment variables in each of them; those that an earlier release has set, and that are not here, are taken out. Absent: none. */
  env?: Record<string, string>;
};
export type DeliveryKind = DeliverySpec['kind'];

/** What a delivery puts in place, by its hash: one tells whether two are the same, and finds it again to put it back. */
export interface DeliveredArtifact {
  kind: DeliveryKind;
  digest: Digest;
}
