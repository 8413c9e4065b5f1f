import { refusedIn, type OutwardHost, type Resolve } from '../shared/outward.ts';
import type { Judgement } from './judgement.ts';

/** How endpoints are asked, whatever their kind. */
export interface Means {
  /** For the whole answer to one question. */
  timeoutMs: number;
  now: () => number;
  /** How the names of hosts are resolved; by the machine, where it is left out. */
  resolve?: Resolve | undefined;
  /** The servers of names, as `address:port`; those of the machine, where they are left out. */
  nameServers?: readonly string[] | undefined;
  /** Who may sign certificates (PEM); whom the machine trusts, where they are left out. */
  authorities?: string[] | undefined;
}

/** One question. */
export interface Asking extends Means {
  host: OutwardHost;
  /** Somebody asks to stop. */
  signal: AbortSignal;
}

/** Why there is no answer, in words; or why nothing was asked: the address may not be. */
export type Unanswered = { noAnswer: string } | { refused: string };

/** How each kind of endpoint is checked. Throws only when `signal` asks to stop. */
export type Ask<Endpoint> = (endpoint: Endpoint, asking: Asking) => Promise<Judgement | Unanswered>;

/** What `ask` answers within its time. `stop` tells it that nobody waits any longer: then it must end. */
export async function inItsTime<Answer>(
  { signal, timeoutMs }: Asking,
  ask: (stop: AbortSignal) => Promise<Answer>,
): Promise<Answer | Unanswered> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await ask(AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    const refused = refusedIn(error);
    if (refused) return { refused: refused.message };
    return { noAnswer: timeout.aborted ? `no answer in ${timeoutMs / 1_000} s` : reason(error) };
  }
}

/** fetch says "fetch failed"; what happened is in the cause. */
function reason(error: unknown): string {
  const { cause, errors, message } = error as { cause?: unknown; errors?: unknown[]; message?: string };
  if (cause) return reason(cause);
  if (errors) return [...new Set(errors.map(reason))].join('; '); // one for each address of the name
  return message ?? String(error);
}
