import { whyOtherInputs, type BuildInputs } from './build-inputs.ts';
import type {
  Artifact,
  BuildSpec,
  Commit,
  ComponentSpec,
  PinnedImage,
  ReleaseSpec,
  VerifiedRelease,
} from './contract/release.ts';
import { ignoring } from './docker-ignore.ts';
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
  /** How it is built, where it is: what each verified image was built from, as far as it is on record, and what it would be built from now. */
  inputs?: { before: (BuildInputs | undefined)[]; now: BuildInputs };
  /** The `.dockerignore` files that may apply to its build; a path is left out only when all of them leave it out. */
  dockerignores?: string[];
}

export type ArtifactChoice = { kind: 'take'; artifact: Artifact } | { kind: 'build'; why: string };

/**
 * Where a component's image comes from. It keeps its verified digest only when every region runs the same one, and nothing that it is made
 * from changed since: its paths, its build context, Dockerfile, build arguments and base images. Anything unclear is built.
 */
export function chooseArtifact(facts: ArtifactFacts): ArtifactChoice {
  const { component, given, verified, regions, changed, inputs } = facts;
  if (given) return { kind: 'take', artifact: { component: component.name, image: given, origin: 'given' } };
  const [first] = verified;
  const sameEverywhere = verified.length === regions && verified.every((row) => row.image === first?.image);
  if (!first || !sameEverywhere) return { kind: 'build', why: 'no release is verified in every region' };
  if (component.paths.length === 0 || !changed) return { kind: 'build', why: 'what changed cannot be told' };
  const ignorers = changed.length > mostJudged ? [] : (facts.dockerignores ?? []).map(ignoring);
  const path = changed.find((p) => isPartOf(p, component, ignorers));
  if (path !== undefined) return { kind: 'build', why: `${path} changed` };
  const why = inputs?.before.map((before) => whyOtherInputs(before, inputs.now)).find((reason) => reason !== undefined);
  if (why !== undefined) return { kind: 'build', why };
  return { kind: 'take', artifact: { component: component.name, image: first.image, origin: 'unchanged' } };
}

/** The ignore files that a build may follow: which of them does, differs between builders. */
export function dockerignoresOf({ context, dockerfile }: BuildSpec): string[] {
  return [`${dockerfile}.dockerignore`, context === '.' ? '.dockerignore' : `${plain(context)}/.dockerignore`];
}

/** Of more changed paths than this nobody asks which of them the build gets to see: all count. */
const mostJudged = 2_000;

/** What is said to be the component's counts in any case; of the build context, what the build gets to see. */
function isPartOf(
  path: string,
  { paths, build }: ArtifactFacts['component'],
  ignorers: readonly ((path: string) => boolean)[],
): boolean {
  if (paths.some((prefix) => isUnder(path, prefix))) return true;
  if (!build) return false;
  if (path === build.dockerfile || dockerignoresOf(build).includes(path)) return true;
  if (!isUnder(path, build.context)) return false;
  const inside = plain(build.context) === '' ? path : path.slice(plain(build.context).length + 1);
  return ignorers.length === 0 || !ignorers.every((isIgnored) => isIgnored(inside));
}

/** The commit since which a component's changes count: the oldest build still in use, undefined when regions differ. */
export function verifiedCommit(verified: VerifiedRelease[]): Commit | undefined {
  const commits = new Set(verified.map((row) => row.commit));
  return commits.size === 1 ? verified[0]?.commit : undefined;
}

/** `core/**`, `core/` and `core` all mean everything below `core`. */
function isUnder(path: string, prefix: string): boolean {
  const base = plain(prefix);
  return base === '' || path === base || path.startsWith(`${base}/`);
}

function plain(prefix: string): string {
  if (prefix === '.') return '';
  let end = prefix.length;
  while (prefix[end - 1] === '*') end -= 1;
  return prefix.slice(0, prefix[end - 1] === '/' ? end - 1 : end);
}

/** Why these images, which somebody else has built, may not be used; undefined when they may. Judged before anybody asks their registries. */
export function refuseGiven(
  images: Record<string, PinnedImage>,
  {
    environment,
    components,
    imagesFrom,
    promotion,
  }: Pick<ReleaseSpec, 'environment' | 'components' | 'imagesFrom' | 'promotion'>,
): string | undefined {
  const [given] = Object.keys(images);
  if (promotion && given !== undefined)
    return `images.${given}: the images of ${environment} are promoted from ${promotion.environment} (\`from\` in slipway.yaml), so that none can be given to it; give it to the release to ${promotion.environment}, and start this one without images`;
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
