import type { PinnedImage } from '../../domain/contract/release.ts';
import type { CacheOwner } from '../shared/build-cache.ts';
import type { Progress } from '../shared/progress.ts';

export interface TestRequest {
  /** Directory that holds the checked-out commit. */
  directory: string;
  composeFile: string;
  service: string;
  reports: string[];
  /** Pinned images by component, given to the compose file as `<COMPONENT>_IMAGE`. */
  images: Record<string, PinnedImage>;
  /** Other images that it may run: by pattern, without tag, as the operator's policy names them. */
  allowedImages: string[];
  /** Whose tests these may share caches with, in what they build. */
  cachesOf: CacheOwner;
  /** Names the compose project: the same name again clears what an earlier try has left. */
  project: string;
  timeoutMs: number;
}

export interface TestReport {
  passed: boolean;
  exitCode: number;
  total: number;
  failed: { name: string; message: string }[];
  /** JUnit files as they were, by path. */
  files: Record<string, string>;
  /** The end of the output, at most 8 KB. */
  output: string;
}

/** Integration tests against the built images. Leaves nothing running, whatever happens. */
export interface IntegrationTests {
  run(request: TestRequest, progress: Progress): Promise<TestReport>;
}
