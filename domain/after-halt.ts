import { orderOfRollback } from './contract/names.ts';

/** Why an order to roll a run back would put nothing back, in one line. */
export interface NoWayBack {
  why: string;
  /** What helps instead, in the words of the refusal; absent where no region has anything to go back to. */
  next?: string | undefined;
}

/** A run that was halted. `noWayBack`: where that can be seen. */
export interface Halted {
  releaseId: string;
  service: string;
  environment: string;
  noWayBack?: NoWayBack;
}

/** What to do after a run was halted, in order, each with its command: nothing else says it to whoever is called at night. */
export function afterHalt({ releaseId, service, environment, noWayBack }: Halted): string[] {
  const lane = `--service ${service} --environment ${environment}`;
  const isRollback = orderOfRollback(releaseId) !== undefined;
  const undone = isRollback ? 'RELEASE (the one that it was to undo)' : releaseId;
  const steps = [
    `Look first at what it left behind: slipway status ${releaseId}; slipway lane ${lane} says what may run where. After a migration, look at the database.`,
    wayBack(undone, noWayBack),
    `${isClosed(noWayBack) ? 'Start what should run, a fix,' : 'Otherwise start what should run, a fix or the last verified commit,'} while the hold still keeps others out: slipway deploy ${lane} --commit COMMIT --new-attempt, and have it approved as always. Then it waits before the lane.`,
    `Clearing the hold lets in whoever is first in the queue that slipway lane shows: slipway abort ID those that must not go, or slipway freeze ${lane} --reason "…" before, and slipway unfreeze when the queue is as it should be.`,
    `Open the lane: slipway lane clear-hold ${lane} --reason "…".`,
  ];
  return steps.map((step, n) => `${n + 1}. ${step}`);
}

function isClosed(noWayBack: NoWayBack | undefined): boolean {
  return noWayBack !== undefined && noWayBack.next === undefined;
}

function wayBack(undone: string, noWayBack: NoWayBack | undefined): string {
  if (noWayBack === undefined)
    return `Back to what was verified before: slipway rollback ${undone} --reason "…". It passes the hold, by one person who may approve, or is on call. Refused where the schema no longer carries that release: then release a fix.`;
  const { why, next } = noWayBack;
  return next === undefined
    ? `Nothing can be put back (${why}): release a fix, as follows.`
    : `An order to roll all of it back would be refused (${why}). ${next}`;
}
