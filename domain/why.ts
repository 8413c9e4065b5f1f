import type { ReleaseStatus } from './contract/status.ts';

export interface WhyFacts {
  open: boolean;
  outcome?: string;
  summary?: string;
  status?: ReleaseStatus;
  pending: { step: string; attempt: number; lastFailure?: string; lastWords?: string; waitsForWorker: boolean }[];
}

/** Why a run is (not) moving, most telling first, each line with who can move it. Never empty. */
export function explain({ open, outcome, summary, status, pending }: WhyFacts): string[] {
  if (!open) return [`It has ended: ${outcome ?? 'without a recorded outcome'}${summary ? `, ${summary}` : ''}.`];
  const lines = pending.map((p) => {
    if (p.waitsForWorker) return `${p.step} waits for a worker: none has taken it. Start the worker of its task queue.`;
    if (p.attempt > 1)
      return `${p.step} is being tried again (attempt ${p.attempt}): ${p.lastFailure ?? 'the last worker was lost'}.`;
    return `${p.step} is running${p.lastWords ? `: ${p.lastWords}` : ''}.`;
  });
  const waiting = status?.waitingFor;
  if (waiting) {
    const until = waiting.until === undefined ? '' : `, until ${new Date(waiting.until).toISOString()}`;
    lines.unshift(`It waits for ${waiting.what}: ${waiting.who} can move it${until}.`);
  }
  if (!status) lines.unshift('No workflow worker answers: start one, and the run goes on where it was.');
  return lines.length > 0 ? lines : [`It is ${status?.stage ?? 'running'}: ${status?.doing ?? ''}.`];
}
