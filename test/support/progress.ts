import type { Progress } from '../../activities/shared/progress.ts';

/** Progress that keeps what it was told: every line. */
export function aProgress(signal: AbortSignal = new AbortController().signal): Progress & { lines: string[] } {
  const lines: string[] = [];
  return { lines, signal, everyLine: true, report: (line) => void lines.push(line) };
}
