import { interruptedFailure, isInterrupted, isTemporary, CliFailure, silent } from './failures.ts';
import type { GatewayClient, Seen, SeenEvent } from './gateway-client.ts';
import type { Io } from './io.ts';

/** How a release stands, again and again. */
export interface Sightings {
  /** The next one; undefined where nothing was to be seen in so long, ms. Throws what will not pass, and the interrupted CliFailure after Ctrl-C. */
  next(withinMs: number): Promise<Seen | undefined>;
  close(): void;
}

interface Following {
  io: Pick<Io, 'now' | 'sleep' | 'signal'>;
  gateway: Pick<GatewayClient, 'release' | 'events'>;
  releaseId: string;
  /** How long it need not be asked about where nothing moves. */
  longestPauseMs: number;
}

/** How long it is asked about until it is worth while to try a stream again, ms. */
const untilStreamMs = 30_000;

/** As the gateway tells it where it can, and otherwise as often as one asks: an older gateway, one that has too many streams, something on the way that keeps them back. */
export function sightings(following: Following): Sightings {
  const { io } = following;
  const asked = asking(following);
  const told = listening(following);
  let tellsFrom = -Infinity;
  return {
    async next(withinMs) {
      if (io.now() < tellsFrom) return asked();
      const answer = await told.next(withinMs);
      if (answer !== 'later' && answer !== 'never') return answer;
      tellsFrom = answer === 'never' ? Infinity : io.now() + untilStreamMs;
      return asked();
    },
    close: () => told.close(),
  };
}

/** A stream that is broken is begun anew where it was, so many times before one asks. */
const mostBroken = 3;
/** Between two streams, and two questions while something moves. */
const shortestPauseMs = 500;

function listening({ io, gateway, releaseId }: Following) {
  let lastId: string | undefined;
  let stream: Stream | undefined;

  const heard = async (withinMs: number): Promise<Seen | 'still' | 'over'> => {
    stream ??= await open((signal) => gateway.events(releaseId, { lastId, signal }));
    const event = await within(io, withinMs, stream.coming());
    if (event === 'still') return event;
    stream.taken();
    if (event === 'over') return event;
    lastId = event.id ?? lastId;
    return event.seen;
  };
  const close = () => {
    stream?.close();
    stream = undefined;
  };
  /** What is asked for meanwhile is newer than what was heard. */
  const forgotten = (when: 'later' | 'never') => {
    lastId = undefined;
    return when;
  };

  return {
    /** `later`, `never`: when a stream may be had again. */
    async next(withinMs: number): Promise<Seen | 'later' | 'never' | undefined> {
      for (let n = 0; n < mostBroken; n += 1) {
        const seen = await heard(withinMs).catch(whenAgain);
        if (seen === 'still') return undefined;
        if (typeof seen !== 'string') return seen;
        close();
        if (seen === 'later' || seen === 'never') return forgotten(seen);
        await pause(io, shortestPauseMs);
      }
      return forgotten('later');
    },
    close,
  };
}

/** Whether there may be another stream after one that has failed, and when. Throws what no other one could help. */
function whenAgain(error: unknown): 'soon' | 'later' | 'never' {
  if (!(error instanceof CliFailure) || isInterrupted(error)) throw error;
  if (!isTemporary(error) || error.details.code === silent) return 'never';
  return error.details.gateway.status === undefined ? 'soon' : 'later';
}

interface Stream {
  /** The same one until it is taken. */
  coming(): Promise<SeenEvent | 'over'>;
  taken(): void;
  close(): void;
}

/** Resolves when it can be heard: until then it takes no longer than an answer. */
async function open(begin: (signal: AbortSignal) => AsyncGenerator<'open' | SeenEvent>): Promise<Stream> {
  const off = new AbortController();
  const events = begin(off.signal);
  let coming: Promise<SeenEvent | 'over'> | undefined;
  const next = async (): Promise<SeenEvent | 'over'> => {
    const one = await events.next();
    if (one.done) return 'over';
    return one.value === 'open' ? next() : one.value;
  };
  await events.next();
  return {
    coming: () => (coming ??= next()),
    taken: () => (coming = undefined),
    close() {
      off.abort();
      for (const ending of [coming, events.return(undefined)]) ending?.catch(() => {});
    },
  };
}

/** Timers know no longer ones. */
const longestSleepMs = 24 * 3_600_000;

async function within<T>(io: Following['io'], ms: number, work: Promise<T>): Promise<T | 'still'> {
  if (ms === Infinity) return work;
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  const still = pause({ ...io, signal }, Math.min(ms, longestSleepMs)).then(() => 'still' as const);
  return Promise.race([work, still]).finally(() => over.abort());
}

/** Throws the interrupted CliFailure after Ctrl-C. */
async function pause({ sleep, signal }: Pick<Io, 'sleep' | 'signal'>, ms: number): Promise<void> {
  await sleep(ms, signal).catch(() => {
    throw interruptedFailure();
  });
}

function asking({ io, gateway, releaseId, longestPauseMs }: Following): () => Promise<Seen> {
  let pauseMs: number | undefined;
  let before = '';
  const look = () =>
    gateway.release(releaseId).catch((error: unknown) => {
      if (isTemporary(error)) return error;
      throw error;
    });
  return async () => {
    if (pauseMs !== undefined) await pause(io, pauseMs);
    const seen = await look();
    const now = seen instanceof CliFailure ? before : JSON.stringify(seen);
    pauseMs = now === before && pauseMs !== undefined ? Math.min(pauseMs * 1.3, longestPauseMs) : shortestPauseMs;
    before = now;
    return seen;
  };
}
