import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isAlias, isMap, isNode, isSeq, visit, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import { failure } from '../../domain/errors/catalogue.ts';

/** A directory of the checkout of which containers get a copy, in a volume of the project. */
export interface CopiedDirectory {
  volume: string;
  /** The real path. Where nothing is, the volume begins empty. */
  source: string;
  there: boolean;
  mounts: { service: string; target: string }[];
}

const mostDirectories = 20;

/**
 * Changes what Compose has resolved so that containers share nothing of the checkout which they could write to: of directories they get
 * volumes with a copy, and files are mounted to be read only. So the checkout stays as it was judged, and no link can be made in it between
 * the look at a path and the start of a container, or its next start. Throws SLIP-TEST-3.
 */
export async function replaceBinds(document: Document, root: string): Promise<CopiedDirectory[]> {
  const directories = new Map<string, CopiedDirectory>();
  for (const { service, volumes } of mountsIn(document)) {
    for (const [n, item] of volumes.items.entries()) {
      const bind = bindOf(isNode(item) ? item.toJS(document) : item);
      if (bind === undefined) continue;
      volumes.items[n] = document.createNode(await mountOf(bind, { service, root, directories }));
    }
  }
  if (directories.size > mostDirectories)
    throw failure('SLIP-TEST-3', `more than ${mostDirectories} directories of the checkout are mounted`);
  declare(
    document,
    [...directories.values()].map(({ volume }) => volume),
  );
  return [...directories.values()];
}

/** All that services mount. Compose writes it out for each: what stands for something elsewhere could not be changed, so it is not taken. */
function mountsIn(document: Document): { service: string; volumes: YAMLSeq }[] {
  return servicesIn(document).flatMap(({ name, service }) => {
    if (!service.has('volumes')) return [];
    const volumes = service.get('volumes');
    if (!isSeq(volumes) || sharesNodes(volumes)) throw unchangeable(`services.${name}.volumes`);
    return [{ service: name, volumes }];
  });
}

/** Throws SLIP-TEST-3 for services that cannot be changed one by one. */
export function servicesIn(document: Document): { name: string; service: YAMLMap }[] {
  const services = document.get('services');
  if (!isMap(services)) throw unchangeable('services');
  return services.items.map(({ key, value: service }) => {
    if (!isMap(service) || service.anchor !== undefined) throw unchangeable(`services.${String(key)}`);
    return { name: String(key), service };
  });
}

/** Whether something in it stands for, or is named by, something elsewhere. */
export function sharesNodes(node: unknown): boolean {
  let shared = false;
  if (isNode(node)) visit(node, { Node: (_key, one) => void (shared ||= isAlias(one) || one.anchor !== undefined) });
  return shared;
}

export const unchangeable = (where: string) => failure('SLIP-TEST-3', `${where} is not written as Compose writes it`);

interface Bind {
  source: string;
  target: string;
  readOnly: boolean;
}

/** Version 1 writes `/source:/target:mode` as well; a name before the colon is a volume, and a path without one an anonymous volume. */
function bindOf(item: unknown): Bind | undefined {
  if (typeof item === 'string') {
    const [source = '', target, mode = ''] = item.split(':');
    if (target === undefined || !/^[./~\\]/.test(source)) return undefined;
    return { source, target, readOnly: mode.split(',').includes('ro') };
  }
  const { type, source, target, read_only: readOnly } = item as Record<string, unknown>;
  if (type !== 'bind') return undefined;
  return { source: String(source), target: String(target), readOnly: readOnly === 'true' };
}

/** Of texts alone: how Compose reads them is Compose's own. */
async function mountOf(
  { source, target, readOnly }: Bind,
  { service, root, directories }: { service: string; root: string; directories: Map<string, CopiedDirectory> },
): Promise<Record<string, unknown>> {
  const path = await realPlace(source);
  if (path !== root && !path.startsWith(`${root}/`))
    throw failure('SLIP-TEST-3', `services.${service}.volumes: ${relative(root, source)} leaves the checkout`);
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile()) return { type: 'bind', source: path, target, read_only: 'true' };
  if (found !== undefined && !found.isDirectory())
    throw failure(
      'SLIP-TEST-3',
      `services.${service}.volumes: ${relative(root, path)} is neither a directory nor a file`,
    );
  const directory = directories.get(path) ?? {
    ...{ volume: `of-the-checkout-${directories.size + 1}`, source: path, there: found !== undefined, mounts: [] },
  };
  directories.set(path, directory);
  directory.mounts.push({ service, target });
  const mode = readOnly ? { read_only: 'true' } : {};
  return { type: 'volume', source: directory.volume, target, ...mode, volume: { nocopy: 'true' } };
}

/** Volumes of the project. A `version` would bring the rules of a year in which mounts were written otherwise. */
function declare(document: Document, volumes: readonly string[]): void {
  document.delete('version');
  if (volumes.length === 0) return;
  if (!isMap(document.get('volumes'))) document.set('volumes', document.createNode({}));
  const declared = document.get('volumes') as YAMLMap;
  volumes.forEach((volume) => declared.set(volume, document.createNode({})));
}

/** The real path, also of what is not there yet. */
export async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realPlace(dirname(path)), basename(path));
}
