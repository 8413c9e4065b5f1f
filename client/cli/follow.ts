import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { Stage } from '../../domain/contract/status.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { shortName } from '../../domain/short-names.ts';
import type { Cli } from './cli.ts';
import { amended, CliFailure, interruptedFailure, isInterrupted, isTemporary } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { FollowView } from './follow-views.ts';
import { oneLine } from './safe-text.ts';
import { duration } from './words.ts';

interface FollowOptions {
  cli: Cli;
  gateway: GatewayClient;
  releaseId: string;
  view: FollowView;
  /** Gives up following, not the release, after so long. */
  timeoutMs?: number;
  /** Also ends where this is so of an open one. */
  until?: (seen: ReleaseView) => boolean;
}

const shortestPauseMs = 500;
/** A gateway that is restarted or moved is back by then; the release does not need it meanwhile. */
const patienceMs = 10 * 60_000;
/** The outcome of a run that was ended by force is recorded a little later. */
const graceMs = 15_000;

/**
 * Looks at the release until it has ended, twice a second while something moves and otherwise as seldom as the view lets it, and returns its end.
 * An absent gateway is waited for. Throws CliFailure: interrupted, still running, or what the gateway said.
 */
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
  timeoutMs,
  until = () => false,
}: FollowOptions): Promise<ReleaseView> {
  const begun = io.now();
  let heard = begun;
  let ended: number | undefined;
  let before = '';
  for (let pause = shortestPauseMs; ; pause = Math.min(pause * 1.3, view.longestPauseMs)) {
    const seen = await look(gateway, releaseId);
    if (seen instanceof CliFailure) {
      if (io.now() - heard > patienceMs) throw amended(seen, { ids: { releaseId } });
      view.trouble(seen.message);
    } else {
      heard = io.now();
      view.show(seen);
      if (seen.open && until(seen)) return seen;
      if (!seen.open) ended ??= io.now();
      if (ended !== undefined && (seen.outcome !== undefined || io.now() - ended > graceMs)) return seen;
      const now = JSON.stringify(seen);
      if (now !== before) pause = shortestPauseMs;
      before = now;
    }
    if (timeoutMs !== undefined && io.now() - begun >= timeoutMs) throw outOfTime;
    await io.sleep(pause, io.signal).catch(() => {
      throw interruptedFailure();
    });
  }
}

async function look(gateway: GatewayClient, releaseId: string): Promise<ReleaseView | CliFailure> {
  try {
    return await gateway.release(releaseId);
  } catch (error) {
    if (isTemporary(error)) return error;
    throw error;
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
