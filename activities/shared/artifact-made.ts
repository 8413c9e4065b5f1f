import { canonicalJson } from '../../domain/canonical.ts';
import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { PlannedComponent } from '../../domain/contract/release.ts';
import { deliveryKindOf, environmentOf, imageArtifact } from '../../domain/delivery.ts';
import { sha256 } from './sha256.ts';

/** What a component becomes where it is delivered: its image, or that with the variables that are set beside it. Throws for an image that is not pinned. */
export function artifactMade(component: Pick<PlannedComponent, 'delivery' | 'image'>): DeliveredArtifact {
  const env = environmentOf(component);
  const artifact = imageArtifact(component, component.image);
  if (Object.keys(env).length === 0) return artifact;
  return {
    kind: deliveryKindOf(component),
    digest: `sha256:${sha256(canonicalJson({ env, image: artifact.digest }))}`,
  };
}
