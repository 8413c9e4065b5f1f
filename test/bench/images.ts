import { ensureBusyboxRoot } from '../../lab/kubernetes/root-file-systems.ts';
import { pushImage } from '../../lab/kubernetes/registry.ts';
import { shopComponents } from '../../lab/shop/pipeline-file.ts';
import type { ShopComponent } from '../../lab/shop/pipeline-file.ts';

type Origin = { component: ShopComponent; commit: string };

/** Images that are there before anything is measured: builds are not what differs. */
export interface PreparedImages {
  /** Two sets of the same code with different digests: a release of one after the other really changes every Deployment. */
  sets: [Record<string, string>, Record<string, string>];
  /** A storefront that crashes in region `nl`. */
  broken: string;
  /** What each image was made from. */
  origins: Map<string, Origin>;
}

export async function prepareImages(
  registry: string,
  commits: { second: string; broken: string },
  progress: (line: string) => void,
): Promise<PreparedImages> {
  const layer = await ensureBusyboxRoot(progress);
  const origins = new Map<string, Origin>();
  const push = async (component: ShopComponent, commit: string, tag: string): Promise<string> => {
    const repository = `shop/${component}`;
    const digest = await pushImage({
      registry,
      repository,
      tag,
      layer,
      config: { Cmd: ['/bin/sh'], Env: [`SET=${tag}`] },
    });
    const pinned = `${registry}/${repository}@${digest}`;
    origins.set(pinned, { component, commit });
    return pinned;
  };
  const set = async (tag: string): Promise<Record<string, string>> => {
    const pinned = await Promise.all(shopComponents.map((component) => push(component, commits.second, tag)));
    return Object.fromEntries(shopComponents.map((component, i) => [component, pinned[i] ?? '']));
  };
  const sets: PreparedImages['sets'] = [await set('one'), await set('two')];
  return { sets, broken: await push('storefront', commits.broken, 'broken'), origins };
}
