import { allHandlersFinished, condition } from '@temporalio/workflow';
import { evaluateApproval } from '../../domain/approval.ts';
import type { ApprovalVerdict } from '../../domain/approval.ts';
import { waitFor } from '../checkpoint.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import type { Subject } from './subject.ts';
import { tellPeople } from './tell-people.ts';

/** Waits until enough people who may have approved this very subject. Costs nothing while it waits, for days if need be. */
export async function awaitApproval(run: Run, subject: Subject): Promise<void> {
  const { approval } = subject;
  if (!approval.required) return;
  const who = approval.groups.join(', ');
  await run.once('asked for approval', async () => {
    run.state.askedAt = Date.now();
    const until = run.state.askedAt + approval.expiresMs;
    run.enter(
      'awaiting-approval',
      approval.quorum === 1 ? 'waiting for an approval' : `waiting for ${approval.quorum} approvals`,
      {
        what: 'approval',
        who,
        until,
        decisions: ['approve', 'reject'],
      },
    );
    await tellPeople(run, 'ask for approval', { message: 'approval' });
  });
  await waitFor(run, () => judge(run, subject).kind !== 'waiting', {
    until: run.state.askedAt + approval.expiresMs,
    summary: `approval by ${who}`,
  });
  // One that was given in time may still be under way: it counts by when it was given, not by when a worker got to it.
  await condition(allHandlersFinished);
  const verdict = judge(run, subject);
  if (verdict.kind === 'rejected') throw new Ended('rejected', `rejected by ${verdict.by.by.id}: ${verdict.by.reason}`);
  if (verdict.kind !== 'approved') throw new Ended('expired', `nobody of ${who} approved in time`);
  run.say(`approved by ${verdict.by.map((d) => d.by.id).join(', ')}`);
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
