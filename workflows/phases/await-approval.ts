import { allHandlersFinished, condition } from '@temporalio/workflow';
import { evaluateApproval } from '../../domain/approval.ts';
import type { ApprovalVerdict } from '../../domain/approval.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import { tellPeople } from './tell-people.ts';

/** Waits until enough people who may have approved this very plan. Costs nothing while it waits, for days if need be. */
export async function awaitApproval(run: Run, plan: ReleasePlan): Promise<void> {
  if (!plan.approval.required) return;
  run.askedAt = Date.now();
  const until = run.askedAt + plan.approval.expiresMs;
  const who = plan.approval.groups.join(', ');
  run.enter('awaiting-approval', `waiting for ${plan.approval.quorum} approval(s)`, { what: 'approval', who, until });
  await tellPeople(run, 'ask for approval', {
    key: `${run.id}/approval/${run.planHash}`,
    level: 'info',
    title: `${plan.service} → ${plan.environment}: approval wanted`,
    facts: { release: run.id, plan: run.planHash ?? '', commit: plan.commit, groups: who },
  });
  await condition(() => judge(run, plan).kind !== 'waiting', Math.max(1, until - Date.now()), {
    summary: `approval by ${who}`,
  });
  // One that was given in time may still be under way: it counts by when it was given, not by when a worker got to it.
  await condition(allHandlersFinished);
  const verdict = judge(run, plan);
  if (verdict.kind === 'rejected') throw new Ended('rejected', `rejected by ${verdict.by.by.id}: ${verdict.by.reason}`);
  if (verdict.kind !== 'approved') throw new Ended('expired', `nobody of ${who} approved in time`);
  run.say(`approved by ${verdict.by.map((d) => d.by.id).join(', ')}`);
}

function judge(run: Run, plan: ReleasePlan): ApprovalVerdict {
  return evaluateApproval({
    policy: plan.approval,
    planHash: run.planHash ?? '',
    requestedBy: run.request.requestedBy,
    decisions: run.decisions.map((signed) => signed.decision),
    askedAt: run.askedAt,
    now: Date.now(),
  });
}
