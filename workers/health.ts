import type { ServerResponse } from 'node:http';
import { inTime } from '../activities/shared/in-time.ts';
import { kept } from '../activities/shared/kept.ts';
import { serveFew } from './small-server.ts';

export interface Health {
  /** Nothing new is taken any more: `/readyz` says so, `/livez` stays good. */
  drain(): void;
  close(): Promise<void>;
}

/** ms: those who ask for health wait for a second. */
const lookMs = 500;

/**
 * Serves health of workers that run already: one that stops without having been asked to has died. `/livez`: none has died. `/readyz`:
 * every worker runs, and none is draining. Told beside, which makes none unready: `problem`, what is wrong with this machine's policy file, and
 * what is `seen` from here of what workers need, which never rejects. Each is asked once a second at most; for the policy steps wait in the same queue.
 */
export async function serveHealth(
  listen: { host: string; port: number },
  allRun: () => boolean,
  problem: () => Promise<string | undefined>,
  seen: () => Promise<object>,
): Promise<Health> {
  let draining = false;
  let known: string | undefined;
  // A disk that hangs must not make the process look dead: what was known before is told.
  const policyProblem = kept(() => {
    const looking = problem().then((said) => (known = said));
    return inTime(looking, lookMs, (words) => new Error(words)).catch(() => known);
  });
  const beside = kept(seen);
  const answer = async (url: string | undefined, response: ServerResponse) => {
    const isAsked = url === '/readyz';
    const [policy, around] = isAsked ? await Promise.all([policyProblem(), beside()]) : [];
    const running = allRun();
    const ready = running && !draining;
    const answers: Record<string, boolean> = { '/livez': running || draining, '/readyz': ready };
    const good = answers[url ?? ''];
    response.writeHead(good === undefined ? 404 : good ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ready, draining, ...around, ...(policy !== undefined && { policy }) }));
  };
  const server = await serveFew(listen, answer);
  return {
    drain: () => {
      draining = true;
    },
    close: server.close,
  };
}
