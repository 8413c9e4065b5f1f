import type { Artifact, Commit, ComponentSpec, PinnedImage, ReleaseSpec, VerifiedRelease } from './contract/release.ts';
import { comesFrom } from './images.ts';

export interface ArtifactFacts {
  component: ComponentSpec;
  /** Image the requester gave for it, if any. */
  given?: PinnedImage;
  /** Its newest verified row in every region of the environment that has one. */
  verified: VerifiedRelease[];
  /** Number of regions in the environment. */
  regions: number;
  /** Paths that changed since the commit verified; undefined when that cannot be told. */
  changed?: string[];
}

export type ArtifactChoice = { kind: 'take'; artifact: Artifact } | { kind: 'build'; why: string };

/**
 * Where a component's image comes from. It keeps its verified digest only when every region runs the same one
 * and none of its paths changed since; anything unclear is built.
 */
export function chooseArtifact({ component, given, verified, regions, changed }: ArtifactFacts): ArtifactChoice {
  if (given) return { kind: 'take', artifact: { component: component.name, image: given, origin: 'given' } };
  const [first] = verified;
  const sameEverywhere = verified.length === regions && verified.every((row) => row.image === first?.image);
  if (!first || !sameEverywhere) return { kind: 'build', why: 'no release is verified in every region' };
  if (component.paths.length === 0 || !changed) return { kind: 'build', why: 'what changed cannot be told' };
  const path = changed.find((p) => component.paths.some((prefix) => isUnder(p, prefix)));
  if (path !== undefined) return { kind: 'build', why: `${path} changed` };
  return { kind: 'take', artifact: { component: component.name, image: first.image, origin: 'unchanged' } };
}

/** The commit since which a component's changes count: the oldest build still in use, undefined when regions differ. */
export function verifiedCommit(verified: VerifiedRelease[]): Commit | undefined {
  const commits = new Set(verified.map((row) => row.commit));
  return commits.size === 1 ? verified[0]?.commit : undefined;
}

/** `core/**`, `core/` and `core` all mean everything below `core`. */
function isUnder(path: string, prefix: string): boolean {
  const base = prefix.replace(/\/?\**$/, '');
  return base === '' || path === base || path.startsWith(`${base}/`);
}

/** Why these images, which somebody else has built, may not be used; undefined when they may. Judged before anybody asks their registries. */
export function refuseGiven(
  images: Record<string, PinnedImage>,
  { environment, components, imagesFrom }: Pick<ReleaseSpec, 'environment' | 'components' | 'imagesFrom'>,
): string | undefined {
  for (const [name, image] of Object.entries(images)) {
    if (!components.some((component) => component.name === name)) {
      const known = components.map((component) => component.name).join(', ');
      return `images.${name}: ${environment} has no such component; it has ${known}`;
    }
    if (!comesFrom(image, imagesFrom)) {
      const allowed = imagesFrom.length > 0 ? imagesFrom.join(', ') : 'nowhere';
      return `images.${name}: ${image} may not be used in ${environment}; the policy allows images from ${allowed}`;
    }
  }
  return undefined;
}
