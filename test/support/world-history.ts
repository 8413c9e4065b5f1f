import type { World } from './world.ts';

/** One event of a workflow's history, as far as tests look. */
interface HistoryEvent {
  userMetadata?: { summary?: { data?: Uint8Array | null } | null } | null;
  activityTaskScheduledEventAttributes?: { activityType?: { name?: string | null } | null } | null;
  timerStartedEventAttributes?: { timerId?: string | null } | null;
}

export interface Story {
  events: number;
  bytes: number;
  /** What each activity and timer says it is for; empty where one says nothing. */
  summaries: { of: string; summary: string }[];
}

export async function storyOf(world: World, workflowId: string): Promise<Story> {
  const handle = world.temporal.workflow.getHandle(workflowId);
  const [{ events }, description] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  const summaries = ((events ?? []) as HistoryEvent[]).flatMap((event) => {
    const of =
      event.activityTaskScheduledEventAttributes?.activityType?.name ??
      (event.timerStartedEventAttributes ? 'timer' : undefined);
    const data = event.userMetadata?.summary?.data;
    return of === undefined
      ? []
      : [{ of, summary: data ? (JSON.parse(Buffer.from(data).toString('utf8')) as string) : '' }];
  });
  return {
    events: events?.length ?? 0,
    bytes: Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    summaries,
  };
}

/** Everything that every history of the server holds, as text: payloads unpacked. */
export async function allHistories(world: World): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { workflowId, runId } of world.temporal.workflow.list()) {
    const history = await world.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.set(workflowId, textOf(history));
  }
  return texts;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${textOf(inner)}`)
    .join('\n');
}
