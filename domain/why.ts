import { afterHalt } from './after-halt.ts';
import type { ReleaseStatus } from './contract/status.ts';
import type { EngineVersion } from './engine-versions.ts';

export interface WhyFacts {
  open: boolean;
  outcome?: string;
  summary?: string;
  releaseId?: string;
  service?: string;
  environment?: string;
  status?: ReleaseStatus;
  /** Where no workflow worker answers: the version that alone could, if there is one. */
  version?: Pick<EngineVersion, 'buildId' | 'polled'>;
  pending: { step: string; attempt: number; lastFailure?: string; lastWords?: string; waitsForWorker: boolean }[];
}

/** Why a run is (not) moving, most telling first, each line with who can move it. Never empty. */
export function explain(facts: WhyFacts): string[] {
  const { open, status, version, pending } = facts;
  if (!open) return howItEnded(facts);
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
  lines.unshift(...(status?.warnings ?? []).map((warning) => `Warning: ${warning}.`));
  if (!status) lines.unshift(noAnswer(version));
  return lines.length > 0 ? lines : [`It is ${status?.stage ?? 'running'}: ${status?.doing ?? ''}.`];
}

function howItEnded({ outcome, summary, releaseId, service, environment }: WhyFacts): string[] {
  const end = `It has ended: ${outcome ?? 'without a recorded outcome'}${summary ? `, ${summary}` : ''}.`;
  const isKnown = releaseId !== undefined && service !== undefined && environment !== undefined;
  return outcome === 'halted' && isKnown ? [end, ...afterHalt({ releaseId, service, environment })] : [end];
}

function noAnswer(version: WhyFacts['version']): string {
  if (!version) return 'No workflow worker answers: start one, and the run goes on where it was.';
  const { buildId, polled } = version;
  if (polled) return `No engine worker of version ${buildId} answers in time: they may be busy, or hang.`;
  return `It waits for an engine worker of version ${buildId}: none polls. Start one of that version, and the run goes on where it was.`;
}
