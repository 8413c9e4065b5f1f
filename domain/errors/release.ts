import type { FailureEntry } from './failure.ts';

export const releaseErrors = {
  'SLIP-REL-1': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the change is not covered by an approval',
    next: 'Start the release through the gateway and have its plan approved there.',
  },
  'SLIP-REL-2': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'the decision is not valid',
    next: 'Decide through the gateway: by `slipway approve`, or the button it posted.',
  },
  'SLIP-REL-3': {
    kind: 'terminal',
    blame: 'release',
    title: 'the plan cannot be made',
    next: 'Read what is missing; correct slipway.yaml or the commit.',
  },
  'SLIP-REL-4': {
    kind: 'terminal',
    blame: 'world',
    title: 'a step did not end in time',
    next: 'Look at the step in the Temporal UI; the timeouts are in slipway.yaml.',
  },
  'SLIP-REL-5': {
    kind: 'terminal',
    blame: 'operator',
    title: 'an unexpected error in the engine',
    next: 'This is a defect of the engine: report it with the run id.',
  },
  'SLIP-REL-6': {
    kind: 'terminal',
    blame: 'release',
    title: 'the region cannot be rolled back',
    next: 'Fix forward: release a commit that works there. Where the lane is on hold it waits, and goes in when the hold is cleared.',
  },
  'SLIP-REL-7': {
    kind: 'terminal',
    blame: 'release',
    title: 'a person asked for the rollback',
    next: 'Nothing: what was changed goes back to the last verified release; `slipway status ID` says how far that is, or how it ended.',
  },
  'SLIP-REL-8': {
    kind: 'retryable',
    blame: 'world',
    title: 'the workflow engine cannot be reached',
    next: 'Check the Temporal server; the run goes on when it is back.',
  },
  'SLIP-REL-9': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    stops: true,
    title: 'an earlier run under this id was ended from outside after it had changed something',
    next: 'Look at what it left behind, clear the hold of the lane, and start a new attempt: a run that was reset or started again changes nothing more.',
  },
  'SLIP-REL-10': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'this run has no right to act',
    next: 'Start the release through the gateway. A run that no gateway started, that has ended, or that does not hold the lane changes nothing.',
  },
  'SLIP-REL-13': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'this run can change nothing any more',
    next: 'The message says why: it was called off, its order has expired, or what it was to undo is undone. Look at what runs (`slipway lane`), and start or order anew what is still wanted.',
  },
  'SLIP-REL-14': {
    kind: 'retryable',
    blame: 'world',
    title: 'what a step has gone by has changed while it was to begin',
    next: 'Nothing to do: nothing was changed, and the step asks once more whether it may.',
  },
  'SLIP-REL-12': {
    kind: 'terminal',
    blame: 'world',
    final: true,
    title: 'a region has not been seen well since it was changed last, or has not baked',
    next: 'Nothing is recorded or changed on the word of a run: its steps must have looked. A run looks once more by itself; if it does not help, roll back or start a new attempt.',
  },
  'SLIP-REL-11': {
    kind: 'terminal',
    blame: 'release',
    title: 'the schema may no longer carry this code',
    next: 'Go forward: release a commit that has these migrations in its past, with the fix, or with a migration that brings back what they took away. Only if you know that this code works on the schema as it is: `slipway deploy --downgrade --new-attempt`; the plan then says so to whoever approves it.',
  },
} as const satisfies Record<string, FailureEntry>;
