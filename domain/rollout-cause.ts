/** Why something will not come up by itself, in the cluster's own words. */
export interface RolloutCause {
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

const longest = 240;

/** A text as one line that people can take in, keeping its end, where programs say what went wrong. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `…${line.slice(1 - longest)}` : line;
}

/** `api-1/api: CrashLoopBackOff (exit code 3): no database`. */
export function causeInOneLine({ pod, container, reason, exitCode, message }: RolloutCause): string {
  const where = [pod, container].filter(Boolean).join('/');
  const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return `${where && `${where}: `}${reason}${exit}${message && `: ${oneLine(message)}`}`;
}
