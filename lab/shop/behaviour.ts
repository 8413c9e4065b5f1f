import { execa } from 'execa';
import type { Commit } from '../../domain/contract/release.ts';
import type { AppRequest, ImageBehaviour } from '../sandbox/options.ts';
import type { ShopComponent } from './pipeline-file.ts';

export interface ShopContainer {
  /** The shop's git repository. */
  repository: string;
  /** What the image was built from. */
  commit: Commit;
  component: ShopComponent;
  region: string;
}

/**
 * What a container of the shop does in a region without real containers: read from the same files that the real one runs on, at the
 * commit its image was built from.
 */
export async function shopBehaviour(container: ShopContainer): Promise<ImageBehaviour> {
  const { component, region } = container;
  if (component === 'storefront') {
    const settings = await fileAt(container, `storefront/regions/${region}.env`);
    if (settings === undefined) return crash(`storefront: no settings for region ${region}`);
    if (!/^CHECKOUT_URL=./m.test(settings)) return crash(`storefront: region ${region} has no CHECKOUT_URL`);
  }
  const pages = { '/': 'index.html', '/health/': 'health/index.html' };
  const bodies = new Map<string, string | undefined>();
  for (const [path, file] of Object.entries(pages))
    bodies.set(path, await fileAt(container, `${component}/www/${file}`));
  return { kind: 'runs', answer: ({ path }: AppRequest) => page(bodies.get(path.replace(/\?.*/, ''))) };
}

function page(body: string | undefined) {
  return body === undefined ? { status: 404, body: 'not found\n' } : { status: 200, body, contentType: 'text/html' };
}

function crash(line: string): ImageBehaviour {
  return { kind: 'crashes', exitCode: 1, log: `${line}\n` };
}

/** Undefined when the commit does not have the file; throws when there is no such commit. */
async function fileAt({ repository, commit }: ShopContainer, path: string): Promise<string | undefined> {
  const listed = await execa('git', ['-C', repository, 'ls-tree', commit, path]);
  if (listed.stdout === '') return undefined;
  return (await execa('git', ['-C', repository, 'show', `${commit}:${path}`], { stripFinalNewline: false })).stdout;
}
