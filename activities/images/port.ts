import type { Digest, PinnedImage } from '../../domain/contract/release.ts';
import type { ImageDigests } from '../../domain/rollout-digests.ts';
import type { CacheOwner } from '../shared/build-cache.ts';
import type { BuildWords } from '../shared/checked-build.ts';
import type { Progress } from '../shared/progress.ts';

export interface BuildRequest extends BuildWords {
  /** `host[:port]/repository`: where the image is pushed, by digest. */
  repository: string;
  /**
   * Repositories of that registry, in the same form and by pattern, from which base images are fetched with the login for the push. The policy's:
   * a Dockerfile names whom it likes, and what it is built on it can carry off.
   */
  ownImages: readonly string[];
  /** Whose builds this one may share caches with, where the builder keeps any. */
  cachesOf: CacheOwner;
}

/**
 * Container images. Every method may be repeated with the same arguments: a build pushes by digest, a tag that is already right is left alone.
 * Throws SLIP-IMG-…: terminal for a build that fails or an image that is not there, retryable for a registry that cannot be reached.
 */
export interface ImageBuilder {
  /** Builds and pushes by digest, without any tag that people use. */
  build(request: BuildRequest, progress: Progress): Promise<PinnedImage>;
}

export interface Registry {
  /** The digest behind a tag or digest reference (`host/repository:tag`, `host/repository@sha256:…`); undefined when there is none. */
  resolve(reference: string): Promise<Digest | undefined>;
  /**
   * All digests by which this image may be reported where it runs: of an index those of its images, and of each its configuration.
   * Undefined when the registry does not have it.
   */
  digestsOf(image: PinnedImage): Promise<ImageDigests | undefined>;
  /**
   * The images that it is, each by its own digest: itself, or where it is an index those of all platforms, and nothing that is for none. Undefined
   * when the registry does not have it. Throws SLIP-IMG-6 (terminal) for what is neither, and for more images than anybody looks at.
   */
  imagesIn(image: PinnedImage): Promise<PinnedImage[] | undefined>;
  /**
   * Points `tag` to the image. A tag that already points there is left alone. In a registry with immutable tags a tag that points
   * elsewhere is never moved: throws SLIP-IMG-… (terminal) for it.
   */
  tag(image: PinnedImage, tag: string): Promise<void>;
}
