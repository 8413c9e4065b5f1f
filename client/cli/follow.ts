import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { Stage } from '../../domain/contract/status.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { shortName } from '../../domain/short-names.ts';
import { amended, CliFailure, isInterrupted } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { FollowView } from './follow-views.ts';
import type { Io } from './io.ts';
import { oneLine } from './safe-text.ts';
import { sightings } from './sightings.ts';
import { duration } from './words.ts';

interface FollowOptions {
  cli: { io: Pick<Io, 'now' | 'sleep' | 'signal'> };
  gateway: GatewayClient;
  releaseId: string;
  view: FollowView;
  /** Gives up following, not the release, after so long. */
  timeoutMs?: number;
  /** Also ends where this is so of an open one. */
  until?: (seen: ReleaseView) => boolean;
}

/** A gateway that is restarted or moved is back by then; the release does not need it meanwhile. */
const patienceMs = 10 * 60_000;
/** The outcome of a run that was ended by force is recorded a little later. */
const graceMs = 15_000;

/** Shows how the release goes on until it has ended, and returns its end. An absent gateway is waited for. Throws CliFailure: interrupted, still running, or what the gateway said. */
export async function follow(options: FollowOptions): Promise<ReleaseView> {
  const { releaseId, view, timeoutMs } = options;
  let last: ReleaseView | undefined;
  const show = (seen: ReleaseView) => view.show((last = seen));
  try {
    return await untilEnded({ ...options, view: { ...view, show } });
  } catch (error) {
    if (isInterrupted(error))
      throw amended(error, leftRunning(releaseId, 'no longer following; the release goes on', last));
    if (error === outOfTime) throw stillRunning(releaseId, timeoutMs ?? 0, last);
    throw error;
  } finally {
    view.close();
  }
}

/** Followed for as long as was asked for. */
const outOfTime = new Error('followed for as long as was asked for');

async function untilEnded({
  cli: { io },
  gateway,
  releaseId,
  view,
  timeoutMs = Infinity,
  until = () => false,
}: FollowOptions): Promise<ReleaseView> {
  const seeing = sightings({ io, gateway, releaseId, longestPauseMs: view.longestPauseMs });
  const begun = io.now();
  let away: { since: number; why: CliFailure } | undefined;
  let ended: { since: number; last: ReleaseView } | undefined;
  const dueAt = () =>
    Math.min(begun + timeoutMs, away ? away.since + patienceMs : Infinity, ended ? ended.since + graceMs : Infinity);
  try {
    for (;;) {
      const seen = await seeing.next(dueAt() - io.now());
      const now = io.now();
      if (seen instanceof CliFailure) {
        away = { since: away?.since ?? now, why: seen };
        view.trouble(seen.message);
      } else if (seen) {
        away = undefined;
        view.show(seen);
        if (seen.open ? until(seen) : seen.outcome !== undefined) return seen;
        ended = seen.open ? undefined : { since: ended?.since ?? now, last: seen };
      }
      if (away && now - away.since >= patienceMs) throw amended(away.why, { ids: { releaseId } });
      if (ended && now - ended.since >= graceMs) return ended.last;
      if (now - begun >= timeoutMs) throw outOfTime;
    }
  } finally {
    seeing.close();
  }
}

function stillRunning(releaseId: string, timeoutMs: number, last: ReleaseView | undefined): CliFailure {
  return new CliFailure({
    code: 'still-running',
    exitCode: otherExitCodes.stillRunning,
    ...leftRunning(releaseId, `not ended after ${duration(timeoutMs)}; the release goes on`, last),
  });
}

function leftRunning(releaseId: string, message: string, last: ReleaseView | undefined) {
  const name = last ? oneLine(shortName(last)) : releaseId;
  return {
    message,
    next: `slipway watch ${name} follows it again; ${stopHint(releaseId, name, last)}`,
    ids: { releaseId },
  };
}

/** A run that may have changed something cannot be called off any more, only undone; one that is a rollback, neither. */
function stopHint(releaseId: string, name: string, last: ReleaseView | undefined): string {
  if (!last?.status || orderOfRollback(releaseId) !== undefined)
    return `slipway status ${name} --why says what can be decided about it`;
  return last.status.timings.some(({ stage }) => changing.has(stage))
    ? `slipway rollback ${name} undoes what it has changed`
    : `slipway abort ${name} stops it`;
}

const changing: ReadonlySet<Stage> = new Set(['migrating', 'deploying', 'verifying', 'recording', 'rolling-back']);
