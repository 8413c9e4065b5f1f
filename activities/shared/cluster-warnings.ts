import type { CoreV1Event, V1ObjectMeta } from '@kubernetes/client-node';
import type { ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';
import { clean } from './cluster-pods.ts';

const shown = 20;

/** The latest warnings about some objects, newest first. Helpful words, never a fact of the rule: without the right to read them, none. */
export async function recentWarnings(
  cluster: ClusterConnection,
  namespace: string,
  about: (V1ObjectMeta | undefined)[],
): Promise<string[]> {
  const ids = new Set(about.map((metadata) => metadata?.uid));
  const events = await cluster.call(`list events of ${namespace}`, async () => {
    try {
      return (await cluster.core.listNamespacedEvent({ namespace, fieldSelector: 'type=Warning', limit: 500 })).items;
    } catch (error) {
      if (statusOf(error) === 403) return [];
      throw error;
    }
  });
  return events
    .filter((event) => event.type === 'Warning' && ids.has(event.involvedObject.uid))
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, shown)
    .map(inWords);
}

function timeOf(event: CoreV1Event): number {
  const time =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  return time?.getTime() ?? 0;
}

function inWords(event: CoreV1Event): string {
  const count = event.series?.count ?? event.count ?? 1;
  const times = count > 1 ? ` (${count} times)` : '';
  return `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''} ${event.reason ?? ''}: ${clean(event.message)}${times}`;
}
