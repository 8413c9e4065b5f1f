import type { GatewayError } from '../../../domain/contract/gateway.ts';
import { doesNotAnswer, hasAnswered } from './reach.ts';

/** What the gateway refuses, or that it cannot be reached: `status` is 0 then. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: GatewayError;

  constructor(status: number, error: GatewayError) {
    super(error.message);
    this.name = 'Refusal';
    this.status = status;
    this.error = error;
  }
}

/** ms. Longer than the gateway takes for anything; whoever is silent for so long is away, though nothing says so. */
const patienceMs = 20_000;

const unreachable: GatewayError = {
  code: 'unavailable',
  message: 'the gateway does not answer',
  next: 'Releases go on without this page. It asks again by itself.',
};
const silent: GatewayError = { ...unreachable, message: `the gateway has not answered in ${patienceMs / 1_000} s` };
/** What was sent may have arrived. A decision has an id, by which it counts once. */
const sent = 'Whether it counts is not known yet: this page shows it once the gateway answers.';

/** What to do about it, where somebody knows. */
export function nextOf(error: Error): string | undefined {
  return error instanceof Refusal ? error.error.next : undefined;
}

/** One question or order, as whoever has logged in. Throws Refusal. */
export async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const signal = AbortSignal.timeout(patienceMs);
  const away = (): never => {
    doesNotAnswer();
    const error = signal.aborted ? silent : unreachable;
    throw new Refusal(0, body ? { ...error, next: sent } : error);
  };
  const answer = await fetch(path, {
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json', 'x-slipway-csrf': '1' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    credentials: 'same-origin',
    redirect: 'error',
    signal,
  }).catch(away);
  // An answer that has begun may be cut off, too.
  const said: unknown = await answer.json().catch(() => (signal.aborted ? away() : undefined));
  hasAnswered();
  if (answer.ok) return said as Answer;
  const { error } = (said ?? {}) as { error?: GatewayError };
  throw new Refusal(answer.status, error ?? { code: 'internal', message: `the gateway has answered ${answer.status}` });
}

/** Of a path: ids of runs hold slashes. */
export const part = encodeURIComponent;
