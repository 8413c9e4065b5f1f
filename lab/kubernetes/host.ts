import { access, mkdir, readFile, readdir, readlink, rm, rmdir, writeFile } from 'node:fs/promises';
import { withLock } from './cache.ts';

/**
 * What a kubelet changes outside any folder it can be given: kernel settings, and two folders with a fixed name. The
 * first region on a machine writes down how things were; the last one to go puts them back.
 */
interface HostBefore {
  sysctls: Record<string, string>;
  absent: string[];
}

const RUN = '/run/slipway';
const DATA = '/var/lib/slipway';
const RECORD = `${RUN}/host-before.json`;
const SYSCTLS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];
const FOLDERS = ['/var/log/containers', '/var/lib/kubelet'];
const LOCK = '/run/slipway.lock'; // one for all regions of a machine, wherever their directories and caches are
const DEVICE_SOCKET = '/var/lib/kubelet/device-plugins/kubelet.sock'; // no kubelet takes another path for it

/** Notes the machine's state unless a region runs already, and makes the region's run folder: its presence is the note that the region lives. */
export async function enterHost(runDirectory: string): Promise<void> {
  await withLock(
    LOCK,
    () => {},
    async () => {
      const first = !(await exists(RECORD));
      if (first && (await readFile('/proc/net/unix', 'utf8')).includes(` ${DEVICE_SOCKET}\n`)) {
        throw new Error(
          'this machine is a Kubernetes node itself: another kubelet here would take over its device plugins',
        );
      }
      await mkdir(runDirectory, { recursive: true });
      if (!first) return;
      const before: HostBefore = { sysctls: {}, absent: [] };
      for (const name of SYSCTLS) before.sysctls[name] = await readFile(`/proc/sys/${name}`, 'utf8');
      for (const folder of FOLDERS) if (!(await exists(folder))) before.absent.push(folder);
      await writeFile(RECORD, JSON.stringify(before));
    },
  );
}

/** Removes the region's own folders and, after the last region, what the kubelets left on the machine. */
export async function leaveHost(runDirectory: string, dataDirectory: string, podLogs: string): Promise<void> {
  await removeLinksInto(podLogs);
  await rm(dataDirectory, { recursive: true, force: true });
  await withLock(
    LOCK,
    () => {},
    async () => {
      await rm(runDirectory, { recursive: true, force: true });
      const left = await readdir(RUN).catch(() => []);
      if (left.length === 0 || left.some((name) => `${RUN}/${name}` !== RECORD)) return;
      const before = JSON.parse(await readFile(RECORD, 'utf8')) as HostBefore;
      for (const [name, value] of Object.entries(before.sysctls)) {
        if ((await readFile(`/proc/sys/${name}`, 'utf8')) !== value) await writeFile(`/proc/sys/${name}`, value);
      }
      for (const folder of before.absent) await rm(folder, { recursive: true, force: true });
      await rm(RECORD);
    },
  );
  for (const empty of [RUN, DATA, '/run/containerd/s', '/run/containerd']) await rmdir(empty).catch(() => {});
}

/** The kubelet links every container's log from /var/log/containers; other kubelets' links there stay. */
async function removeLinksInto(podLogs: string): Promise<void> {
  const folder = '/var/log/containers';
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    if (target.startsWith(`${podLogs}/`)) await rm(`${folder}/${name}`, { force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
