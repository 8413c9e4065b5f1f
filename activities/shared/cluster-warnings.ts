import type { CoreV1Event, CoreV1EventList, V1ObjectMeta } from '@kubernetes/client-node';
import type { WarningObservation } from '../../domain/rollout-observation.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';
import { clean } from './cluster-pods.ts';

const kept = 100;
/** Lists come in the order of names, not of time: what is looked for may be on the last page of a busy namespace. */
const perPage = 500;
const mostPages = 10;

/** The latest warnings about some objects, newest first. Helpful words, never a fact of the rule: without the right to read them, none. */
export async function warningsAbout(
  cluster: ClusterConnection,
  namespace: string,
  about: (V1ObjectMeta | undefined)[],
): Promise<WarningObservation[]> {
  const ids = new Set(about.map((metadata) => metadata?.uid));
  const found: CoreV1Event[] = [];
  let next: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const list = await aPage(cluster, namespace, next);
    found.push(...list.items.filter((event) => event.type === 'Warning' && ids.has(event.involvedObject.uid)));
    next = list.metadata?._continue;
    if (!next) break;
  }
  return found
    .map(observed)
    .sort((a, b) => b.lastAt - a.lastAt)
    .slice(0, kept);
}

/** The same as sentences for people. */
export async function recentWarnings(...asked: Parameters<typeof warningsAbout>): Promise<string[]> {
  return (await warningsAbout(...asked)).map(({ kind, name, reason, message, count }) => {
    const times = count > 1 ? ` (${count} times)` : '';
    return `${kind}/${name} ${reason}: ${message}${times}`;
  });
}

/** Without the right to read events, and when the list has grown too old to go on with (410), there is no more to be had. */
async function aPage(
  cluster: ClusterConnection,
  namespace: string,
  next: string | undefined,
): Promise<Pick<CoreV1EventList, 'items' | 'metadata'>> {
  return cluster.call(`list events of ${namespace}`, async () => {
    try {
      const more = next === undefined ? {} : { _continue: next };
      return await cluster.core.listNamespacedEvent({
        namespace,
        fieldSelector: 'type=Warning',
        limit: perPage,
        ...more,
      });
    } catch (error) {
      if (statusOf(error) === 403 || statusOf(error) === 410) return { items: [] };
      throw error;
    }
  });
}

/** `spec.containers{api}` → `api`. */
const containerPath = /^spec\.(?:initC|c)ontainers\{([^}]+)\}$/;

function observed(event: CoreV1Event): WarningObservation {
  const { involvedObject: object, series } = event;
  const container = containerPath.exec(object.fieldPath ?? '')?.[1];
  const first = event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  const last = series?.lastObservedTime ?? event.lastTimestamp ?? first;
  return {
    kind: object.kind ?? '',
    name: object.name ?? '',
    uid: object.uid ?? '',
    ...(container !== undefined && { container }),
    reason: event.reason ?? '',
    message: clean(event.message),
    count: series?.count ?? event.count ?? 1,
    firstAt: millisOf(first),
    lastAt: millisOf(last),
  };
}

/** Whatever its types say, the client library leaves times with microseconds, as the scheduler writes them, as text. */
function millisOf(time: Date | string | undefined): number {
  return time === undefined ? 0 : new Date(time).getTime();
}
