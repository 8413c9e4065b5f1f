import type { GateTool } from '../../domain/contract/policy.ts';
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

/** What a gate of the operator's came to. It may have found something and yet not have looked at all of it: that is two reports. */
export interface GateLook {
  reports: ScanReport[];
  /** What people should know of it beside the verdict. */
  note?: string;
}

/** Looks at a checked-out tree by a program that the operator's policy names. Only reads; may be repeated. */
export interface TreeGates {
  look(gate: string, tool: GateTool, directory: string, progress: Progress): Promise<GateLook>;
}
