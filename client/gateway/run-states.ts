import { inTime } from '../../activities/shared/in-time.ts';
import type { ReleaseRow, RunState } from '../../domain/contract/gateway.ts';
import type { Millis } from '../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import type { GatewayParts } from './calls.ts';
import { waitingSince } from './policy-since.ts';

/** How open runs stand, for whoever lists them. */
export interface RunStates {
  /** The same rows; with `state` where a worker has said it in time. */
  of(rows: readonly ReleaseRow[]): Promise<ReleaseRow[]>;
  /** What each says of itself, with that; undefined where none has answered in time. In the order of the rows: so many of them are asked. */
  statuses(rows: readonly ReleaseRow[]): Promise<(RunSaid | undefined)[]>;
}

/** What an open run has said. */
export interface RunSaid {
  status: ReleaseStatus;
  state: RunState;
}

/** Each is a question to a worker: so many are asked for one list, and so many at once for everybody. */
export const mostAsked = { ofList: 30, atOnce: 60 };
const patienceMs = 2_500;
/** However often somebody lists them, a worker is asked about a run once in that time. */
const freshMs = 2_000;

export function runStates(parts: Pick<GatewayParts, 'engine' | 'now' | 'records' | 'pipeline'>): RunStates {
  const { engine, now } = parts;
  const known = new Map<string, { at: Millis; said: Promise<RunSaid | undefined> }>();
  let asking = 0;

  const ask = async ({ releaseId, ...lane }: ReleaseRow): Promise<RunSaid | undefined> => {
    asking += 1;
    try {
      const status = await soon(engine.status(releaseId));
      if (!status) return undefined;
      // In a list what the run says of itself is enough.
      const waitingFor = await soon(waitingSince(parts, { releaseId, lane, status })).catch(() => undefined);
      const state = stateOf({ ...status, ...(waitingFor && { waitingFor }) });
      return state && { status, state };
    } catch {
      return undefined;
    } finally {
      asking -= 1;
    }
  };

  const saidNow = (row: ReleaseRow): Promise<RunSaid | undefined> => {
    const { releaseId } = row;
    const at = now();
    for (const [id, one] of known) if (at - one.at > freshMs) known.delete(id);
    const before = known.get(releaseId);
    if (before) return before.said;
    if (asking >= mostAsked.atOnce) return Promise.resolve(undefined);
    const said = ask(row);
    known.set(releaseId, { at, said });
    return said;
  };

  const statuses = (rows: readonly ReleaseRow[]) => {
    const asked = new Set(rows.filter(({ outcome }) => outcome === undefined).slice(0, mostAsked.ofList));
    return Promise.all(rows.map((row) => (asked.has(row) ? saidNow(row) : Promise.resolve(undefined))));
  };

  return {
    statuses,
    async of(rows) {
      const said = await statuses(rows);
      return rows.map((row, at) => {
        const state = said[at]?.state;
        return state ? { ...row, state } : row;
      });
    },
  };
}

function soon<T>(answer: Promise<T>): Promise<T> {
  return inTime(answer, patienceMs, (words) => new Error(words));
}

function stateOf({ stage, doing, waitingFor, timings }: ReleaseStatus): RunState | undefined {
  const since = timings.findLast((timing) => timing.stage === stage)?.startedAt;
  return since === undefined ? undefined : { stage, since, doing, ...(waitingFor && { waitingFor }) };
}
