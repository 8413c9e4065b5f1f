import { setTimeout as wait } from 'node:timers/promises';
import type { Notifier } from '../activities/notify/port.ts';
import type { Outbox } from '../activities/records/port.ts';
import { redactedHead } from '../activities/shared/redact.ts';
import type { ClaimedMessage, Delivery } from '../domain/contract/outbox.ts';
import { Failure } from '../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../domain/errors/failure.ts';
import { afterFailure, asksForApproval, overtakenBy } from '../domain/outbox.ts';

export interface Delivering {
  outbox: Pick<Outbox, 'claim' | 'settle'>;
  /** By the name that the operator's policy has for it. */
  notifierOf(target: string): Notifier;
  /** Whether nobody is waited for any more whom a message asks for an approval. */
  isDecided: (run: string) => Promise<boolean>;
  /** Called when nothing is due. Never rejects. */
  atRest: () => Promise<void>;
  /** One line for whoever reads the log. */
  tell(line: string): void;
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** How often it is looked for what is due. */
const lookMs = 1_000;
/** While the records are away. */
const awayMs = 10_000;
/** Longer than any notifier takes: after this, whoever had a message is gone. */
const leaseMs = 60_000;
const mostAtOnce = 20;
const longestWhy = 300;

/**
 * Sends what the outbox has, each message at least once, until it is stopped: in this process and in others at once. What was sent and could
 * not be settled is sent again under the same key. No step hears of it.
 */
export function startDelivering(parts: Delivering): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const over = deliverUntil(stopping.signal, parts);
  return {
    /** Takes nothing new, and waits for what is on its way. */
    async stop() {
      stopping.abort();
      await over;
    },
  };
}

async function deliverUntil(signal: AbortSignal, parts: Delivering): Promise<void> {
  const { pause = pauseFor, atRest } = parts;
  const claim = claiming(parts);
  const onTheirWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    const claimed = await claim(mostAtOnce - onTheirWay.size);
    for (const message of claimed ?? []) {
      const work = deliver(parts, message).finally(() => onTheirWay.delete(work));
      onTheirWay.add(work);
    }
    if (claimed?.length === 0 && onTheirWay.size === 0) await atRest();
    if (!claimed?.length) await pause(claimed ? lookMs : awayMs, signal);
  }
  await Promise.all(onTheirWay);
}

/** Never rejects: undefined while the records are away, which is told once. */
function claiming({ outbox, tell }: Delivering): (room: number) => Promise<ClaimedMessage[] | undefined> {
  let isAway = false;
  return async (room) => {
    if (room === 0) return [];
    try {
      const claimed = await outbox.claim(room, leaseMs);
      isAway = false;
      return claimed;
    } catch (error) {
      if (!isAway) tell(`no message can be taken out of the outbox: ${inShort(error)}`);
      isAway = true;
      return undefined;
    }
  };
}

/** Never rejects. What cannot be settled is due again after the lease. */
async function deliver(parts: Delivering, message: ClaimedMessage): Promise<void> {
  const { outbox, notifierOf, tell } = parts;
  const why = overtakenBy({ ...message, isDecided: await decided(parts, message) });
  const delivery: Delivery = why === undefined ? await send(notifierOf, message) : { came: 'overtaken', why };
  if (delivery.came === 'dead') tell(`${message.target} will not be told ${message.key}: ${delivery.why}`);
  await outbox.settle(message, delivery).catch((error: unknown) => {
    tell(`what became of message ${message.id} cannot be written down: ${inShort(error)}`);
  });
}

/** Never rejects: where that cannot be told it is asked once more, rather than never. */
async function decided({ isDecided, tell }: Delivering, { event, run }: ClaimedMessage): Promise<boolean> {
  if (!asksForApproval(event)) return false;
  return isDecided(run).catch((error: unknown) => {
    tell(`whether ${run} still waits for an approval cannot be told: ${inShort(error)}`);
    return false;
  });
}

async function send(notifierOf: Delivering['notifierOf'], message: ClaimedMessage): Promise<Delivery> {
  const { key, run, event, level, title, facts, target, tries } = message;
  try {
    await notifierOf(target).notify({ key, run, event, level, title, facts });
    return { came: 'delivered' };
  } catch (error) {
    const { code, retryAfterMs } = detailsOf(error);
    return afterFailure(tries, {
      why: inShort(error),
      // What its receiver has said. Whatever else is wrong is so on this machine, or for now: another may have a newer policy, or the secret.
      isFinal: code === 'SLIP-NTF-2',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

function detailsOf(error: unknown): Partial<PacedFailureDetails> {
  return error instanceof Failure ? error.details : {};
}

function inShort(error: unknown): string {
  return redactedHead(error instanceof Error ? error.message : String(error), longestWhy);
}

/** A signal ends it early, which is no failure. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
