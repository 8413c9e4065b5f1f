import { isMap, isPair, isSeq, type Document, type YAMLMap } from 'yaml';
import { failure } from '../../domain/errors/catalogue.ts';
import { sha256 } from '../shared/sha256.ts';

const cacheNamespace = 'BUILDKIT_CACHE_MOUNT_NS';

/**
 * Gives what a compose file builds caches of its own: the daemon may build releases too, and a cache is shared by whoever says its name. What
 * speaks to the builder itself is ours alone to say. Looked at in what Compose has resolved: before, a variable may hold a name. Throws SLIP-TEST-3.
 */
export function keepBuildsApart(document: Document, root: string): void {
  const services = document.get('services');
  if (!isMap(services)) return;
  for (const { key, value: service } of services.items) {
    const build: unknown = isMap(service) ? service.get('build') : undefined;
    if (isMap(build)) keepApart(document, build, { name: String(key), root });
    else if (typeof build === 'string') (service as YAMLMap).set('build', document.createNode(ownBuild(build, root)));
  }
}

const ownBuild = (context: string, root: string) => ({ context, args: { [cacheNamespace]: namespaceOf(root) } });

/** One for each checkout: nobody else's is known, and nobody knows this. */
function namespaceOf(root: string): string {
  return `tests-${sha256(root).slice(0, 16)}`;
}

/** What else is said stays as Compose wrote it: another hand might make another number of it. */
function keepApart(document: Document, build: YAMLMap, { name, root }: { name: string; root: string }): void {
  const args: unknown = build.get('args');
  const items = isMap(args) || isSeq(args) ? args.items : [];
  const names = items.map((item) =>
    String(isPair(item) ? item.key : item)
      .trim()
      .toUpperCase(),
  );
  if (names.some((one) => one.startsWith('BUILDKIT_')))
    throw failure('SLIP-TEST-3', `services.${name}.build.args speaks to the builder itself`);
  const own = namespaceOf(root);
  if (isSeq(args)) args.add(`${cacheNamespace}=${own}`);
  else if (isMap(args)) args.set(cacheNamespace, own);
  else build.set('args', document.createNode({ [cacheNamespace]: own }));
}
