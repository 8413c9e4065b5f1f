import type { DeliveredArtifact, DeliveryKind } from './contract/delivery.ts';
import type { Digest, PinnedImage, PlannedComponent } from './contract/release.ts';
import { isPinnedImage, parsePinnedImage } from './images.ts';

export function deliveryKindOf({ delivery }: Pick<PlannedComponent, 'delivery'>): DeliveryKind {
  return delivery?.kind ?? 'deployment-image';
}

/** Environment variables that it sets where it is deployed. */
export function environmentOf({ delivery }: Pick<PlannedComponent, 'delivery'>): Record<string, string> {
  return delivery?.env ?? {};
}

/**
 * What the plan says will be in place once this component is delivered: what was made beforehand, where its kind makes more than an image,
 * else the image itself. Throws for an image that is not pinned.
 */
export function artifactOf(component: Pick<PlannedComponent, 'delivery' | 'artifact' | 'image'>): DeliveredArtifact {
  return component.artifact ?? imageArtifact(component, component.image);
}

/** The hash of the same, for who only shows it; undefined where no plan that may be carried out would say so. */
export function artifactDigestOf(component: Parameters<typeof artifactOf>[0]): Digest | undefined {
  const { artifact, image } = component;
  return artifact?.digest ?? (isPinnedImage(image) ? parsePinnedImage(image).digest : undefined);
}

/** What is verified in a place is the very thing that a plan has for it: the image, and all that is put in place with it. */
export function isVerifiedAs(
  row: { image: PinnedImage; artifact: { digest: Digest | undefined } },
  planned: Parameters<typeof artifactOf>[0],
): boolean {
  return row.image === planned.image && row.artifact.digest === artifactDigestOf(planned);
}

/** An image as that which is delivered. */
export function imageArtifact(component: Pick<PlannedComponent, 'delivery'>, image: PinnedImage): DeliveredArtifact {
  return { kind: deliveryKindOf(component), digest: parsePinnedImage(image).digest };
}
