import { setTimeout as sleep } from 'node:timers/promises';
import { eventsIn, nothingUnread } from '../../../client/cli/server-sent-events.ts';
import type { Unread } from '../../../client/cli/server-sent-events.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';

/** What this process is to be: so many pages that somebody has open, as the gateway sees them, until it is told `close`. */
export interface OpenPages {
  url: string;
  /** Of a browser's session. */
  cookie: string;
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
const headers = ({ cookie }: OpenPages) => ({ cookie, accept: 'text/event-stream, application/json' });

async function follow(open: OpenPages, run: string, saw: (view: ReleaseView) => void): Promise<void> {
  const address = `${open.url}/v1/releases/${encodeURIComponent(run)}/events`;
  const { body, status } = await fetch(address, { headers: headers(open), signal: ending.signal });
  if (status !== 200 || !body) throw new Error(`${address} answers ${status}`);
  let unread: Unread = nothingUnread;
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const came = eventsIn(text, unread, mostCharacters);
    unread = came.unread;
    for (const { event, data } of came.events) if (event === 'release') saw(JSON.parse(data) as ReleaseView);
  }
}

/** Not all at the same moment. */
async function askAgain(open: OpenPages, nth: number): Promise<void> {
  await sleep((everyMs * nth) / open.pages, undefined, { signal: ending.signal });
  for (;;) {
    const answer = await fetch(`${open.url}/v1/overview`, { headers: headers(open), signal: ending.signal });
    if (!answer.ok) throw new Error(`what runs where: ${answer.status}`);
    await answer.arrayBuffer();
    await sleep(everyMs, undefined, { signal: ending.signal });
  }
}

async function openAll(open: OpenPages): Promise<Seen[]> {
  const seen = new Map<string, Seen>();
  const note = ({ status }: ReleaseView) => {
    for (const { stage, startedAt } of status?.timings ?? []) {
      const key = `${stage} ${startedAt}`;
      if (!seen.has(key)) seen.set(key, { stage, beganAt: startedAt, seenAt: Date.now() });
    }
  };
  const pages = Array.from({ length: open.pages }, (_, nth) => {
    const run = open.runs[nth % Math.max(1, open.runs.length)];
    return run === undefined ? askAgain(open, nth) : follow(open, run, nth === 0 ? note : () => undefined);
  });
  await Promise.all(pages).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return [...seen.values()];
}

process.on('message', (message: OpenPages | 'close') => {
  if (message === 'close') ending.abort();
  else void openAll(message).then((seen) => process.send?.(seen));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
