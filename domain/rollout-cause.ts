import { errorCatalogue, type ErrorCode } from './errors/catalogue.ts';
import type { Blame } from './errors/failure.ts';
import { tail } from './whole-text.ts';

/**
 * What a rollout can fail by. The catalogue says whose fault each is. A release changes the image of containers and nothing else: what the
 * cluster, the registry or the rest of the Deployment stands in the way with is not its own.
 */
export const rolloutCodes = {
  /** The image, as it was built. */
  itself: 'SLIP-K8S-1',
  refused: 'SLIP-K8S-8',
  registryAway: 'SLIP-K8S-18',
  pullDenied: 'SLIP-K8S-19',
  noPlace: 'SLIP-K8S-20',
  paused: 'SLIP-K8S-21',
  missing: 'SLIP-K8S-22',
  noTime: 'SLIP-K8S-23',
} as const satisfies Record<string, ErrorCode>;
export type RolloutCode = (typeof rolloutCodes)[keyof typeof rolloutCodes];

/** Why something will not come up by itself, in the cluster's own words. */
export interface RolloutCause {
  /** What it means, and so whose fault it is: told where the cause is found. */
  code: RolloutCode;
  /** The cluster's name for it: `CrashLoopBackOff`, `ErrImagePull`, `Unhealthy`, `Unschedulable`… */
  reason: string;
  /** One line. */
  message: string;
  pod?: string;
  container?: string;
  exitCode?: number;
  /** Further words about it, one line each: to be shown below the cause. */
  evidence?: string[];
  /** The container's own log may explain it. Left out where it has nothing to do with it, as with an image that cannot be pulled. */
  logTells?: true;
}

/** Whose fault it is. */
export function blameOfCause({ code }: Pick<RolloutCause, 'code'>): Blame {
  return errorCatalogue[code].blame;
}

const longest = 240;

/** A text as one line that people can take in, keeping its end, where programs say what went wrong. */
export function lineKeepingEnd(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `…${tail(line, longest - 1)}` : line;
}

/** `api-1/api: CrashLoopBackOff (exit code 3): no database`. */
export function causeInOneLine({ pod, container, reason, exitCode, message }: Omit<RolloutCause, 'code'>): string {
  const where = [pod, container].filter(Boolean).join('/');
  const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return `${where && `${where}: `}${reason}${exit}${message && `: ${lineKeepingEnd(message)}`}`;
}
