import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { BuildSteps, EngineSteps, EnvironmentSteps, LaneSteps, LocalSteps } from '../activities/steps/types.ts';
import { failureDetails } from '../domain/errors/catalogue.ts';
import { refuseStep } from '../domain/run-kinds.ts';
import type { StepName } from '../domain/run-kinds.ts';

type Step = keyof (EngineSteps & LaneSteps & LocalSteps & BuildSteps & EnvironmentSteps);
/** A step that no kind of run may call would be refused to all: here the compiler names it first. */
const named = (step: Step): StepName => step;

/** Lets a workflow call only the steps of its kind. Before anything else: what is refused here leaves no trace in any lane's audit. */
export function stepGuard({ info }: Pick<Context, 'info'>): ActivityInboundCallsInterceptor {
  return {
    execute(input, next) {
      const workflowId = info.workflowExecution?.workflowId ?? '';
      const refused = refuseStep({
        workflowId,
        workflowType: info.workflowType ?? '',
        step: named(info.activityType as Step),
      });
      if (refused !== undefined) throw refusal(refused);
      return next(input);
    },
  };
}

function refusal(reason: string): ApplicationFailure {
  const details = failureDetails('SLIP-REL-10', reason);
  const message = `${details.title}: ${reason}`;
  return ApplicationFailure.create({ message, type: details.code, nonRetryable: true, details: [details] });
}
