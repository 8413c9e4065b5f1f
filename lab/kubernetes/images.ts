import type { Progress } from './command.ts';
import { digestInRegistry, pushImage } from './registry.ts';
import type { ImageConfig } from './registry.ts';
import { ensureBusyboxRoot, ensureDjangoRoot } from './root-file-systems.ts';

/** An image in the lab's registry, by tag for a Dockerfile and by digest for a cluster. */
export interface LabImage {
  /** host:port/repository:tag */
  reference: string;
  /** host:port/repository@sha256:… */
  pinned: string;
}

// as the first process of its namespace it is sent no signal it has not asked for
const WAITS_FOR_TERM = ['/bin/busybox', 'sh', '-c', "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"];
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The image that holds a pod's namespaces open; a region needs it before its first pod. */
export function ensurePause(registry: string, progress: Progress): Promise<LabImage> {
  return ensureImage(registry, 'lab/pause', '1', ensureBusyboxRoot, { Entrypoint: WAITS_FOR_TERM }, progress);
}

/** A base of static busybox alone: a shell and an HTTP server in 1 MB. */
export function ensureBusyboxBase(registry: string, progress: Progress): Promise<LabImage> {
  return ensureImage(registry, 'lab/busybox', '2', ensureBusyboxRoot, { Cmd: ['/bin/sh'], Env: [PATH] }, progress);
}

/** What Deployments run before their first release: answers every health check with a page that says so, on port 8080. */
export function ensureWelcome(registry: string, progress: Progress): Promise<LabImage> {
  const page = 'mkdir -p /tmp/www/health && echo "nothing is released yet" >/tmp/www/health/index.html';
  const Cmd = ['/bin/sh', '-c', `${page} && exec /bin/httpd -f -p 8080 -h /tmp/www`];
  return ensureImage(registry, 'lab/welcome', '1', ensureBusyboxRoot, { Cmd, Env: [PATH] }, progress);
}

/** A base with Debian's Python, Django 3.2 and psycopg2. */
export function ensureDjangoBase(registry: string, progress: Progress): Promise<LabImage> {
  return ensureImage(
    registry,
    'lab/python-django',
    'bookworm-2',
    ensureDjangoRoot,
    { Cmd: ['python3'], Env: [PATH, 'PYTHONUNBUFFERED=1'] },
    progress,
  );
}

async function ensureImage(
  registry: string,
  repository: string,
  tag: string,
  ensureLayer: (progress: Progress) => Promise<string>,
  config: ImageConfig,
  progress: Progress,
): Promise<LabImage> {
  const layer = await ensureLayer(progress);
  let digest = await digestInRegistry(registry, repository, tag);
  if (!digest) {
    digest = await pushImage({ registry, repository, tag, layer, config });
    progress(`${repository}:${tag} pushed to ${registry}`);
  }
  return { reference: `${registry}/${repository}:${tag}`, pinned: `${registry}/${repository}@${digest}` };
}
