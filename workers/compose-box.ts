import { createNamespacesBox } from '../activities/box/namespaces-box.ts';

/** Whether Dockerfiles and scanners can be isolated on this machine, as one line for whoever sets it up. */
export async function sayIsolation(): Promise<string> {
  const box = await createNamespacesBox().probe();
  if (!box.works)
    return `a build worker here: builds by a Docker daemon of its own only, because there is no box: ${box.why}`;
  const missing = box.missing.length === 0 ? '' : `, without a bound on: ${box.missing.join(', ')}`;
  return `a build worker here: builds in a box of ${box.name}${missing}`;
}
