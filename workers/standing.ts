import type { Client } from '@temporalio/client';
import { inTime } from '../activities/shared/in-time.ts';
import { temporalAway } from '../client/temporal-away.ts';
import { readRouting } from '../client/versions.ts';
import { makeCurrentCommand } from '../domain/engine-versions.ts';
import { Failure } from '../domain/errors/failure.ts';
import { head } from '../domain/whole-text.ts';
import type { AuditedIn } from './interceptors.ts';

/** What a worker process sees of what it needs, for whoever asks for its health: that it runs says nothing of that. */
export interface Standing {
  /** `ok`, or what is wrong. */
  temporal: string;
  records: string;
  /** Of a process that has workflows: the version that it is of. */
  engine?: { version: string; current: 'yes' | 'no' | 'unseen'; says?: string };
}

export interface StandingParts {
  client: Client;
  records: AuditedIn;
  /** Absent where there are no workflows. */
  buildId?: string;
}

/** ms: those who ask for health wait for a second. */
const lookMs = 400;

export function followStanding({ client, records, buildId }: StandingParts) {
  let failed: string | undefined;
  let asked: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const askTemporal = () => {
    const routing = client.withDeadline(Date.now() + lookMs, () => readRouting(client));
    asked = routing.catch(() => undefined);
    return routing;
  };
  const versionIn = (temporal: string, current: string | undefined): Pick<Standing, 'engine'> => {
    if (buildId === undefined) return {};
    if (temporal !== 'ok') return { engine: { version: buildId, current: 'unseen' } };
    if (current === buildId) return { engine: { version: buildId, current: 'yes' } };
    return { engine: { version: buildId, current: 'no', says: whyNot(buildId, current, failed) } };
  };
  return {
    /** Told as long as another version is the current one. */
    notMadeCurrent(error: unknown) {
      failed = head(inWords(error), 200);
    },
    /** Whichever it is: what failed before is over. */
    currentIsDecided() {
      failed = undefined;
    },
    /** Before the connection is closed: the client tries again on a closed one, which ends the process. */
    async close(): Promise<void> {
      isOver = true;
      await asked;
    },
    /** Never rejects. */
    async look(): Promise<Standing> {
      const [routing, onRecord] = await Promise.all([
        isOver ? { says: 'not asked any more' } : seen(askTemporal()),
        seen(records.attempts.list({ limit: 1 })),
      ]);
      return {
        temporal: routing.says,
        records: onRecord.says,
        ...versionIn(routing.says, 'found' in routing ? routing.found?.current : undefined),
      };
    },
  };
}

async function seen<Found>(look: Promise<Found>): Promise<{ says: string; found?: Found }> {
  try {
    return { says: 'ok', found: await inTime(look, lookMs, (words) => new Error(words)) };
  } catch (error) {
    return { says: inWords(error) };
  }
}

/** Whoever asks is not known: nothing is told that has an address or an answer of a server in it. */
function inWords(error: unknown): string {
  if (error instanceof Failure) return `${error.details.code} ${error.details.title}`;
  const away = temporalAway(error);
  if (away !== undefined) return away;
  const isLate = error instanceof Error && error.message.startsWith('no answer in ');
  return isLate ? error.message : 'it answers with an error: the log of this process, or `slipway doctor`, says more';
}

function whyNot(buildId: string, current: string | undefined, failed: string | undefined): string {
  const begins =
    current === undefined ? 'no version is current: nothing new can begin' : `what is new begins on ${current}`;
  const tried = failed === undefined ? '' : `; it could not be made current: ${failed}`;
  return `${begins}${tried}. To go over to it: ${makeCurrentCommand(buildId)}`;
}
