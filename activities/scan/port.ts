import type { PinnedImage } from '../../domain/contract/release.ts';
import type { ScanResult } from '../../domain/scan.ts';
import type { Progress } from '../shared/progress.ts';

/** `unscanned` is "could not look": it is never a pass. No finding ever holds a secret itself. */
export type ScanReport = ScanResult;

/** Looks for known vulnerabilities in an image. Only reads; may be repeated. */
export interface ImageScanner {
  scanImage(image: PinnedImage, progress: Progress): Promise<ScanReport>;
}

/** Looks for secrets in a checked-out tree. Only reads; may be repeated. */
export interface SecretScanner {
  scanTree(directory: string, progress: Progress): Promise<ScanReport>;
}
