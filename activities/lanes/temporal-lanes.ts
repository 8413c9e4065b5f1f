import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { engineQueue, laneId, messages, workflowTypes } from '../../domain/contract/names.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { attributesOfNewLane } from '../../domain/lane-state.ts';
import { priorityOf } from '../../domain/priority.ts';
import type { Lanes } from './port.ts';

/** The lane is a workflow: starting it and taking a place is one call, so that a place is never taken in a lane that is not there. */
export function createTemporalLanes({ client }: { client: Client }): Lanes {
  return {
    async join(lane, member) {
      await client.workflow.signalWithStart(workflowTypes.environmentLane, {
        workflowId: laneId(lane),
        taskQueue: engineQueue,
        args: [{ lane: { service: lane.service, environment: lane.environment } }],
        signal: messages.joinLane,
        signalArgs: [member],
        priority: priorityOf('lane', lane.service),
        typedSearchAttributes: new TypedSearchAttributes(
          Object.entries(attributesOfNewLane(lane)).map(([name, value]) => ({
            key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
            value,
          })),
        ),
        staticSummary: `Lane of ${lane.service} in ${lane.environment}: one writer at a time`,
      });
    },

    async look(releaseId) {
      try {
        const { status } = await client.workflow.getHandle(releaseId).describe();
        return { open: status.name === 'RUNNING' || status.name === 'PAUSED' };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { open: false };
        throw unreachable(error);
      }
    },

    async before(execution) {
      const { workflowService, options } = client;
      const { history } = await workflowService
        .getWorkflowExecutionHistory({ namespace: options.namespace, execution, maximumPageSize: 1 })
        .catch((error: unknown) => {
          throw unreachable(error);
        });
      // The server writes the first event of each history. What follows is what workflows and people have made of it.
      return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    },
  };
}

function unreachable(error: unknown): Failure {
  return failure('SLIP-REL-8', error instanceof Error ? error.message : String(error));
}
