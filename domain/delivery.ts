import type { DeliveredArtifact, DeliveryKind } from './contract/delivery.ts';
import type { PinnedImage, PlannedComponent } from './contract/release.ts';
import { parsePinnedImage } from './images.ts';

export function deliveryKindOf({ delivery }: Pick<PlannedComponent, 'delivery'>): DeliveryKind {
  return delivery?.kind ?? 'deployment-image';
}

/**
 * What the plan says will be in place once this component is delivered: what was made beforehand, where its kind makes more than an image,
 * else the image itself. Throws for an image that is not pinned.
 */
export function artifactOf(component: Pick<PlannedComponent, 'delivery' | 'artifact' | 'image'>): DeliveredArtifact {
  return component.artifact ?? imageArtifact(component, component.image);
}

/** An image as that which is delivered. */
export function imageArtifact(component: Pick<PlannedComponent, 'delivery'>, image: PinnedImage): DeliveredArtifact {
  return { kind: deliveryKindOf(component), digest: parsePinnedImage(image).digest };
}
