import type { PinnedImage, Severity } from '../../domain/contract/release.ts';
import type { Progress } from '../shared/progress.ts';

export interface Finding {
  /** CVE-…, GHSA-…, or the secret rule's name. */
  id: string;
  severity: Severity;
  /** Package and version, or file and line. Never a secret itself. */
  where: string;
  fixedIn?: string;
}

/** `unscanned` is "could not look": it is never a pass. */
export type ScanReport =
  { kind: 'scanned'; scanner: string; findings: Finding[] } | { kind: 'unscanned'; scanner: string; reason: string };

/** Looks for known vulnerabilities in an image. Only reads; may be repeated. */
export interface ImageScanner {
  scanImage(image: PinnedImage, progress: Progress): Promise<ScanReport>;
}

/** Looks for secrets in a checked-out tree. Only reads; may be repeated. */
export interface SecretScanner {
  scanTree(directory: string, progress: Progress): Promise<ScanReport>;
}
