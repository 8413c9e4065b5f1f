import { allHandlersFinished, condition } from '@temporalio/workflow';
import { evaluateApproval } from '../../domain/approval.ts';
import type { ApprovalVerdict } from '../../domain/approval.ts';
import { nudgesOf, waitForApproval, waitInWords } from '../../domain/approval-course.ts';
import { waitFor } from '../checkpoint.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import type { Subject } from './subject.ts';
import { tellPeople } from './tell-people.ts';

/** Waits until enough people who may have approved this very subject. Costs nothing while it waits, for days if need be. */
export async function awaitApproval(run: Run, subject: Subject): Promise<void> {
  const { approval } = subject;
  if (!approval.required) return;
  await run.once('asked for approval', () => {
    askAbout(run, subject);
    const wanted = approval.quorum === 1 ? 'an approval' : `${approval.quorum} approvals`;
    run.enter('awaiting-approval', `waiting for ${wanted}`, waiting(run, subject));
    tellPeople(run, { message: 'approval' });
    return Promise.resolve();
  });
  await untilDecided(run, subject);
  // One that was given in time may still be under way: it counts by when it was given, not by when a worker got to it.
  await condition(allHandlersFinished);
  const verdict = judge(run, subject);
  if (verdict.kind === 'rejected') throw new Ended('rejected', `rejected by ${verdict.by.by.id}: ${verdict.by.reason}`);
  if (verdict.kind !== 'approved')
    throw new Ended('expired', `nobody of ${waiting(run, subject).who} approved in time`);
  run.say(`approved by ${verdict.by.map((d) => d.by.id).join(', ')}`);
}

/** A plan that was made again as it was has been before people since they were first asked about it: the records say so, too. */
function askAbout({ state }: Run, { hash }: Subject): void {
  if (state.askedAbout === hash) return;
  state.askedAbout = hash;
  state.askedAt = Date.now();
  delete state.nudged;
}

/** Or until the wait is over: on the way people are reminded, and others may approve, too. One timer at a time. */
async function untilDecided(run: Run, subject: Subject): Promise<void> {
  const { approval } = subject;
  const nudges = nudgesOf(approval);
  for (;;) {
    const next = nudges[run.state.nudged ?? 0];
    const isDecided = await waitFor(run, () => judge(run, subject).kind !== 'waiting', {
      until: run.state.askedAt + (next?.afterMs ?? approval.expiresMs),
      summary: `approval by ${waiting(run, subject).who}`,
    });
    if (isDecided || !next) return;
    nudge(run, subject);
  }
}

/** Where nobody could tell people for a while, of what was due only the last is told. */
function nudge(run: Run, subject: Subject): void {
  const { approval } = subject;
  const due = nudgesOf(approval).filter(({ afterMs }) => run.state.askedAt + afterMs <= Date.now());
  run.state.nudged = due.length;
  const last = due.at(-1);
  if (!last) return;
  const since = `nobody has decided for ${waitInWords(last.afterMs)}`;
  const others = approval.escalate?.groups.join(', ') ?? '';
  if (last.kind === 'escalate') {
    run.enter('awaiting-approval', `${since}: ${others} may approve, too`, waiting(run, subject));
    return tellPeople(run, { message: 'approval-escalated' });
  }
  run.status.waitingFor = waiting(run, subject);
  run.say(`${since}: people are reminded`);
  tellPeople(run, { message: 'approval-reminder', number: last.number });
}

function waiting({ state }: Run, { approval }: Subject) {
  return waitForApproval(approval, { askedAt: state.askedAt, now: Date.now() });
}

function judge(run: Run, { hash, approval }: Subject): ApprovalVerdict {
  return evaluateApproval({
    policy: approval,
    planHash: hash,
    requestedBy: run.state.request.requestedBy,
    decisions: run.state.decisions.map((signed) => signed.decision),
    askedAt: run.state.askedAt,
    now: Date.now(),
  });
}
