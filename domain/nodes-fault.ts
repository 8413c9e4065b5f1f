/** A node went away under it, or was never to be had. Kubernetes says so, no program does. */
const nodesWords =
  /DisruptionTarget|has no node yet|\bEvicted\b|\bPreempt(ing|ed)\b|NodeShutdown|NodeLost|\bUnschedulable\b|\bOutOf(cpu|memory|pods)\b/;

/** Whether a node, or that there was none, ended a Job, whatever its program did. */
export function isNodesFault(reason: string): boolean {
  return nodesWords.test(reason);
}
