import { CancellationScope, log, setHandler, TemporalFailure } from '@temporalio/workflow';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import { isSignedDecision, refuseDecision } from '../domain/approval.ts';
import type { DecidableRun } from '../domain/approval.ts';
import { isFor } from '../domain/run-kinds.ts';
import { decideSignal, decideUpdate } from './messages.ts';
import { Ended } from './ended.ts';
import { refusal } from './failures.ts';
import type { Run } from './run.ts';
import { local, looking } from './steps.ts';

/** Lets people decide about this run: by Update, which answers, or by Signal, for tools that can only signal. Both take the same path. */
export function takeDecisions(run: Run): void {
  setHandler(decideUpdate, (signed) => take(run, signed), {
    // Must stay synchronous: a validator's promise is ignored.
    validator: (signed) => {
      if (!isSignedDecision(signed)) throw refusal('it is not a signed decision');
      refuseIfNotNow(run, signed);
    },
    description: 'A signed decision: approve, reject, abort, roll-back, accept-failure, retry',
  });
  setHandler(decideSignal, async (signed) => {
    try {
      if (!isSignedDecision(signed)) throw refusal('it is not a signed decision');
      await take(run, signed);
    } catch (error) {
      // Thrown on, a failure of a step would end the whole run: nobody may do that with a signal.
      if (!(error instanceof TemporalFailure)) throw error;
      log.warn('a signalled decision was refused', { reason: error.message });
      run.say(`a decision was refused: ${error.message}`);
    }
  });
}

/** A run that was cancelled in Temporal may be held for a person's decision: it must still be able to take one. */
function take(run: Run, signed: SignedDecision): Promise<string> {
  return CancellationScope.nonCancellable(() => judge(run, signed));
}

/** Signature, then membership, then the run's own state once more, since it may have moved meanwhile. */
async function judge(run: Run, signed: SignedDecision): Promise<string> {
  const { decision } = signed;
  if (isTaken(run, decision.id)) return `already taken: ${decision.kind}`;
  if (!(await local.verifySignature(signed)))
    throw refusal('its signature does not hold by the public keys that the worker has read at its start');
  const { refused } = await looking.decisions.checkDecision.executeWithOptions(
    { summary: `may ${decision.by.id} ${decision.kind}?` },
    [{ signed, subject: run.state.subject, ...(run.state.plan && { planHash: run.state.plan.hash }) }],
  );
  if (refused) throw refusal(refused);
  if (isTaken(run, decision.id)) return `already taken: ${decision.kind}`;
  refuseIfNotNow(run, signed);
  follow(run, signed);
  return `taken: ${decision.kind}`;
}

function follow(run: Run, signed: SignedDecision): void {
  const { decision } = signed;
  run.state.decisions.push(signed);
  run.say(`${decision.by.id} (${decision.channel}): ${decision.kind}${decision.reason ? `, ${decision.reason}` : ''}`);
  if (decision.kind === 'approve') {
    run.status.approvals.push({ by: decision.by.id, at: decision.decidedAt, channel: decision.channel });
  }
  if (decision.kind === 'reject' && run.status.stage !== 'awaiting-approval')
    run.stop(new Ended('rejected', `rejected by ${decision.by.id}: ${decision.reason}`));
  if (decision.kind === 'abort') run.stop(new Ended('aborted', `aborted by ${decision.by.id}: ${decision.reason}`));
  if (decision.kind === 'roll-back') {
    run.state.rollbackAsked = signed;
    run.interrupt();
  }
}

function isTaken(run: Run, id: string): boolean {
  return run.state.decisions.some((signed) => signed.decision.id === id);
}

function refuseIfNotNow(run: Run, { decision }: SignedDecision): void {
  const reason = refuseDecision(stateOf(run), decision);
  if (reason !== undefined) throw refusal(reason);
}

function stateOf({ id, state, pausing }: Run): DecidableRun {
  return {
    releaseId: id,
    deploys: isFor(id, 'deploy'),
    stage: state.status.stage,
    ...(state.plan && { planHash: state.plan.hash }),
    touched: state.touched,
    isHeld: pausing > 0 || Object.keys(state.held).length > 0,
    decisionIds: state.decisions.map((signed) => signed.decision.id),
  };
}
