import { setTimeout as sleep } from 'node:timers/promises';
import { eventsIn, nothingUnread } from '../../../client/cli/server-sent-events.ts';
import type { Unread } from '../../../client/cli/server-sent-events.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';

/** What this process is to be: so many pages that somebody has open, as the gateway sees them, until it is told `close`. */
export interface OpenPages {
  url: string;
  /** Of the sessions of several people: page i is of the i-th of them, over and over, since one may not have as many streams. */
  cookies: readonly string[];
  pages: number;
  /** Pages of runs: page i follows the i-th of them, over and over. None: pages of what runs where, asked for every five seconds. */
  runs: readonly string[];
}

/** Of the first page: when a stage of its run began, by the run's own word, and when it was there, ms. */
export interface Seen {
  stage: string;
  beganAt: number;
  seenAt: number;
}

const mostCharacters = 4_000_000;
const everyMs = 5_000;
const ending = new AbortController();
const accept = 'text/event-stream, application/json';

/** `cookie`: whose page it is. */
async function follow(url: string, cookie: string, run: string, saw: (view: ReleaseView) => void): Promise<void> {
  const address = `${url}/v1/releases/${encodeURIComponent(run)}/events`;
  const { body, status } = await fetch(address, { headers: { cookie, accept }, signal: ending.signal });
  if (status !== 200 || !body) throw new Error(`${address} answers ${status}`);
  let unread: Unread = nothingUnread;
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const came = eventsIn(text, unread, mostCharacters);
    unread = came.unread;
    for (const { event, data } of came.events) if (event === 'release') saw(JSON.parse(data) as ReleaseView);
  }
}

/** Not all at the same moment. */
async function askAgain(url: string, cookie: string, afterMs: number): Promise<void> {
  await sleep(afterMs, undefined, { signal: ending.signal });
  for (;;) {
    const answer = await fetch(`${url}/v1/overview`, { headers: { cookie, accept }, signal: ending.signal });
    if (!answer.ok) throw new Error(`what runs where: ${answer.status}`);
    await answer.arrayBuffer();
    await sleep(everyMs, undefined, { signal: ending.signal });
  }
}

async function openAll({ url, cookies, pages: count, runs }: OpenPages): Promise<Seen[]> {
  const seen = new Map<string, Seen>();
  const note = ({ status }: ReleaseView) => {
    for (const { stage, startedAt } of status?.timings ?? []) {
      const key = `${stage} ${startedAt}`;
      if (!seen.has(key)) seen.set(key, { stage, beganAt: startedAt, seenAt: Date.now() });
    }
  };
  const pages = Array.from({ length: count }, (_, nth) => {
    const cookie = cookies[nth % cookies.length]!;
    const run = runs[nth % Math.max(1, runs.length)];
    if (run === undefined) return askAgain(url, cookie, (everyMs * nth) / count);
    return follow(url, cookie, run, nth === 0 ? note : () => undefined);
  });
  await Promise.all(pages).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return [...seen.values()];
}

process.on('message', (message: OpenPages | 'close') => {
  if (message === 'close') ending.abort();
  else
    void openAll(message).then(
      (seen) => process.send?.(seen),
      (error: unknown) => process.send?.(String(error)),
    );
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
