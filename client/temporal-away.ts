/** How Temporal, or whoever is asked through it, is away: by gRPC's codes, wherever the client wraps them. */

/** UNAVAILABLE, DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED. */
const inWords: ReadonlyMap<number, string> = new Map([
  [14, 'Temporal cannot be reached'],
  [4, 'Temporal has not answered in time'],
  [8, 'Temporal takes no more at present: it is asked more than its limits allow'],
]);

/** No connection was made when a process began: Temporal is away, or the address, its TLS or the key is wrong. */
export class TemporalNotReached extends Error {
  readonly next =
    'Check that Temporal runs, and that the variables of this process name its address, TLS files and key.';

  constructor(address: string, cause: unknown) {
    super(`Temporal at ${address} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'TemporalNotReached';
  }
}

/** That Temporal itself is, for people; undefined for any other error. */
export function temporalAway(error: unknown): string | undefined {
  for (const code of codesOf(error)) if (inWords.has(code)) return inWords.get(code);
  return undefined;
}

/** Whoever is asked has not answered in time: DEADLINE_EXCEEDED, CANCELLED and FAILED_PRECONDITION (no worker has polled lately). */
export function isNoAnswer(error: unknown): boolean {
  return codesOf(error).some((code) => [4, 1, 9].includes(code));
}

function codesOf(error: unknown): number[] {
  const codes: number[] = [];
  for (let e: unknown = error; e instanceof Error; e = e.cause)
    if ('code' in e && typeof e.code === 'number') codes.push(e.code);
  return codes;
}
