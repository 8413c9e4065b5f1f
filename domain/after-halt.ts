import { orderOfRollback } from './contract/names.ts';

/** What to do after a run was halted, in order, each with its command: nothing else says it to whoever is called at night. */
export function afterHalt(run: { releaseId: string; service: string; environment: string }): string[] {
  const { releaseId, service, environment } = run;
  const lane = `--service ${service} --environment ${environment}`;
  const isRollback = orderOfRollback(releaseId) !== undefined;
  const undone = isRollback ? 'RELEASE (the one that it was to undo)' : releaseId;
  const steps = [
    `Look first at what it left behind: slipway status ${releaseId}; slipway lane ${lane} says what may run where. After a migration, look at the database.`,
    `Back to what was verified before: slipway rollback ${undone} --reason "…". It passes the hold, by one person who may approve, or is on call. Refused where the schema no longer carries that release: then release a fix.`,
    `Otherwise start what should run, a fix or the last verified commit, while the hold still keeps others out: slipway deploy ${lane} --commit COMMIT --new-attempt, and have it approved as always. Then it waits before the lane.`,
    `Clearing the hold lets in whoever is first in the queue that slipway lane shows: slipway abort ID those that must not go, or slipway freeze ${lane} --reason "…" before, and slipway unfreeze when the queue is as it should be.`,
    `Open the lane: slipway lane clear-hold ${lane} --reason "…".`,
  ];
  return steps.map((step, n) => `${n + 1}. ${step}`);
}
