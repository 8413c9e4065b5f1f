import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { toTemporal } from '../activities/steps/boundary.ts';
import { readInput } from '../activities/steps/inputs.ts';
import type { Step } from '../activities/steps/inputs.ts';
import { failure } from '../domain/errors/catalogue.ts';
import { refuseStep } from '../domain/run-kinds.ts';
import type { StepName } from '../domain/run-kinds.ts';

/** A step that no kind of run may call would be refused to all: here the compiler names it first. */
const named = (step: Step): StepName => step;

/**
 * Lets a workflow call only the steps of its kind, each with what it takes. Before anything else: what is refused here leaves no trace in any
 * lane's audit, and nothing behind this reads what nobody has looked at.
 */
export function stepGuard({ info }: Pick<Context, 'info'>): ActivityInboundCallsInterceptor {
  const read = (args: readonly unknown[]) => {
    const step = info.activityType as Step;
    const workflowId = info.workflowExecution?.workflowId ?? '';
    const refused = refuseStep({ workflowId, workflowType: info.workflowType ?? '', step: named(step) });
    if (refused !== undefined) throw failure('SLIP-REL-10', refused);
    return readInput(step, args);
  };
  return {
    execute(input, next) {
      let args: [unknown];
      try {
        args = [read(input.args)];
      } catch (error) {
        throw toTemporal(error);
      }
      return next({ ...input, args });
    },
  };
}
