import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import type { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

type HistoryEvent = NonNullable<ReturnType<typeof historyFromJSON>['events']>[number];
type Payloads = NonNullable<HistoryEvent['userMetadata']>['summary'][] | null | undefined;

/** What a history of a lane shows, in words: each message, step, timer and end that a later version must be able to go on from. */
export function marksOf(events: HistoryEvent[]): Set<string> {
  const started = new Map(events.map((event) => [String(event.eventId), event]));
  return new Set(events.flatMap((event) => marksOfEvent(event, started)));
}

function marksOfEvent(event: HistoryEvent, all: Map<string, HistoryEvent>): string[] {
  const begun = event.workflowExecutionStartedEventAttributes;
  if (begun) return marksOfBeginning(values(begun.input?.payloads)[0]);
  const heard = event.workflowExecutionSignaledEventAttributes;
  if (heard) return [`hears ${heard.signalName}${detailOf(values(heard.input?.payloads))}`];
  const order = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest;
  if (order) return [`is ordered to ${orderOf(values(order.input?.args?.payloads)[0])}`];
  if (event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.failure) return ['refuses an order'];
  const said = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
  if (said) return [`answers ${kindOf(values(said.input?.payloads)[0])}`];
  if (event.signalExternalWorkflowExecutionFailedEventAttributes) return ['answers nobody'];
  const step = event.activityTaskScheduledEventAttributes;
  if (step) return [`asks for ${stepOf(event)}`];
  const answer = event.activityTaskCompletedEventAttributes;
  if (answer)
    return [
      `is told by ${stepOf(all.get(String(answer.scheduledEventId)))}: ${keysOf(values(answer.result?.payloads)[0])}`,
    ];
  if (event.activityTaskFailedEventAttributes) return ['sees a step fail'];
  const fired = event.timerFiredEventAttributes;
  if (fired) return [`wakes ${summaryOf(all.get(String(fired.startedEventId)))}`];
  if (event.workflowExecutionCancelRequestedEventAttributes) return ['is cancelled'];
  if (event.workflowExecutionContinuedAsNewEventAttributes) return ['continues as new'];
  if (event.upsertWorkflowSearchAttributesEventAttributes) return ['shows itself'];
  return [];
}

function marksOfBeginning(input: unknown): string[] {
  const { carried } = input as { carried?: { inbox: unknown[] } };
  if (!carried) return ['begins from the records'];
  return ['begins from what it carried', ...(carried.inbox.length > 0 ? ['begins with messages not yet taken'] : [])];
}

/** `leaveLane` by its disposition, `claimLane` with the ticket it had. */
function detailOf([first, second]: unknown[]): string {
  const { disposition } = (first ?? {}) as { disposition?: string | { kind: string } };
  if (disposition !== undefined) return `, ${typeof disposition === 'string' ? disposition : disposition.kind}`;
  return second === undefined ? '' : ', with a ticket';
}

function orderOf(signed: unknown): string {
  const { kind, until } = (signed as { order: { kind: string; until?: number } }).order;
  return `${kind}${until === undefined ? '' : ' for a while'}`;
}

function kindOf(answer: unknown): string {
  return (answer as { kind: string }).kind;
}

function stepOf(scheduled: HistoryEvent | undefined): string {
  return String(scheduled?.activityTaskScheduledEventAttributes?.activityType?.name);
}

/** All that a step has answered, by its keys: one that is new may have the lane do what no older one did. Yes and no are told apart. */
function keysOf(result: unknown): string {
  const all = Object.entries((result ?? {}) as Record<string, unknown>).map(([key, value]) =>
    typeof value === 'boolean' ? `${key}: ${value}` : key,
  );
  return all.sort().join(', ');
}

function summaryOf(event: HistoryEvent | undefined): string {
  const summary = event?.userMetadata?.summary;
  const [text] = values(summary ? [summary] : []);
  return String(text).replace(/^(look whether|is) \S+/, '$1 the holder');
}

function values(payloads: Payloads): unknown[] {
  return (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload as Payload));
}
