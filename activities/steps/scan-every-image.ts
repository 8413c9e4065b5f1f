import { activityInfo } from '@temporalio/activity';
import type { Artifact, PinnedImage } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { shortDigest } from '../../domain/images.ts';
import type { Registry } from '../images/port.ts';
import type { Progress } from '../shared/progress.ts';
import type { ImageScanner, ScanReport } from '../scan/port.ts';

export interface EveryImage {
  imageScanner: ImageScanner;
  registry: Pick<Registry, 'imagesIn'>;
}

/**
 * Scans these images; of an index each that is in it: a region runs the one that is for its nodes, and nobody here knows which that is. What could
 * not be looked at is told by its component, and where there are several by its digest.
 */
export async function scanEveryImage(
  { imageScanner, registry }: EveryImage,
  artifacts: readonly Artifact[],
  progress: Progress,
): Promise<ScanReport[]> {
  // All of them first: what the registry does not tell is known before the looks, of minutes each.
  const wanted: (Wanted | ScanReport)[] = [];
  for (const artifact of artifacts) wanted.push(...(await imagesOf(registry, artifact, progress)));
  const reports: ScanReport[] = [];
  for (const one of wanted) {
    if ('kind' in one) reports.push(one);
    else {
      progress.report(`scanning ${one.what}`);
      reports.push(named(one.what, await imageScanner.scanImage(one.image, progress)));
    }
  }
  return reports;
}

/** Fewer than the step has: the last of them looks at all the others. */
const triesOfRegistry = 3;

interface Wanted {
  /** In words. */
  what: string;
  image: PinnedImage;
}

async function imagesOf(
  registry: EveryImage['registry'],
  { component, image }: Artifact,
  { signal }: Progress,
): Promise<(Wanted | ScanReport)[]> {
  try {
    const images = (await registry.imagesIn(image)) ?? [image];
    if (images.length === 1) return images.map((one) => ({ what: component, image: one }));
    return images.map((one) => ({ what: `${component}, image ${shortDigest(one)} of ${images.length}`, image: one }));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Nothing is lost by another try: nothing was looked at yet.
    const passes = error instanceof Failure && error.details.kind === 'retryable';
    if (passes && activityInfo().attempt < triesOfRegistry) throw error;
    const reason = `${component}: ${error instanceof Error ? error.message : 'unknown reason'}`;
    return [{ kind: 'unscanned', scanner: 'the registry', reason }];
  }
}

function named(what: string, report: ScanReport): ScanReport {
  return report.kind === 'unscanned' ? { ...report, reason: `${what}: ${report.reason}` } : report;
}
