import { access, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from './command.ts';
import type { Progress } from './command.ts';
import { leaveHost } from './host.ts';
import { bridgeOwner, bridgeOwners, forgetCniResults, networkOf, removeBridge } from './network.ts';
import { pathsOf } from './paths.ts';
import type { RegionPaths } from './paths.ts';
import { birthOf, endProcesses } from './processes.ts';
import type { Remembered } from './processes.ts';
import { readState } from './state.ts';

/**
 * Removes everything a region made on this machine, and nothing else; its logs stay in the directory. May be repeated,
 * and works as well after a `kill -9` of the region's owner: processes are found by the state file and by the region's
 * own socket, mounts and containers by the region's own folders.
 */
export async function cleanUpRegion(directory: string): Promise<void> {
  const paths = pathsOf(directory);
  const state = await readState(directory);
  const processes = [...(state?.processes ?? []), ...(await strayProcesses(paths))];
  await endProcesses(processes.filter(({ name }) => name === 'kubelet')); // first, for it starts again what others end
  await endProcesses(processes);
  await removeContainers(paths);
  await unmountBelow([paths.run, paths.data, paths.home]);
  if (state) {
    const { bridge } = networkOf(state.index);
    const owner = await bridgeOwner(bridge);
    if (owner === paths.home) await removeBridge(bridge);
    await forgetCniResults(paths.containerdState);
  }
  await leaveHost(paths.run, paths.data, paths.podLogs);
  for (const path of [paths.certificates, paths.configuration, paths.etcd, paths.kubeconfig])
    await rm(path, { recursive: true, force: true });
  await rm(paths.state, { force: true }); // last: until here a repeat finds what is left
}

const SERVICES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'containerd', 'kubelet'];

/** Started but, when the owner was killed in that very moment, not yet in the state file: every service names one of the region's folders in its arguments. */
async function strayProcesses(paths: RegionPaths): Promise<Remembered[]> {
  const mine = [`--data-dir=${paths.etcd}`, `--cert-dir=${paths.certificates}`, `${paths.configuration}/`];
  const isService = (args: string[]) => SERVICES.includes(args[0]?.split('/').at(-1) ?? '');
  return processesWhere(
    (args) => isService(args) && args.slice(1).some((argument) => mine.some((place) => argument.includes(place))),
  );
}

async function processesWhere(matches: (args: string[]) => boolean): Promise<Remembered[]> {
  const found: Remembered[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const args = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (!matches(args)) continue;
    const birth = await birthOf(Number(entry));
    if (birth) found.push({ name: args[0]?.split('/').at(-1) ?? entry, pid: Number(entry), birth });
  }
  return found;
}

/** Ends containers with runc, which also removes their cgroups, then their shims, which reap them until then. */
async function removeContainers(paths: RegionPaths): Promise<void> {
  const runcRoot = join(paths.runc, 'k8s.io');
  const tasks = join(paths.containerdState, 'io.containerd.runtime.v2.task', 'k8s.io');
  const ids = await readdir(runcRoot).catch(() => []);
  const failures: string[] = [];
  await Promise.all(
    ids.map((id) =>
      run('runc', ['--root', runcRoot, 'delete', '--force', id], { timeout: 20_000 }).catch((error: Error) =>
        failures.push(error.message),
      ),
    ),
  );
  const sockets: string[] = [];
  for (const id of await readdir(tasks).catch(() => [])) {
    const address = await readFile(join(tasks, id, 'address'), 'utf8').catch(() => '');
    if (address.startsWith('unix:///run/containerd/s/')) sockets.push(address.slice('unix://'.length).trim());
  }
  await endProcesses(
    await processesWhere((args) => args[0]?.includes('containerd-shim') === true && args.includes(paths.socket)),
  );
  for (const socket of sockets) await rm(socket, { force: true });
  for (const id of ids) await removeCgroups(id);
  const left = await readdir(runcRoot).catch(() => []);
  if (left.length > 0) throw new Error(`containers that do not end: ${left.join(', ')}\n${failures.join('\n')}`);
}

async function removeCgroups(id: string): Promise<void> {
  const root = '/sys/fs/cgroup';
  for (const controller of ['', ...(await readdir(root).catch(() => []))]) {
    await rmdir(join(root, controller, 'k8s.io', id)).catch(() => {});
    await rmdir(join(root, controller, 'k8s.io')).catch(() => {}); // shared by all who run pods: goes with the last
  }
}

/** Unmounts deepest first; a mount that is still busy is detached and goes with its last user. */
async function unmountBelow(folders: readonly string[]): Promise<void> {
  const points = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4]?.replaceAll('\\040', ' ') ?? '')
    .filter((point) => folders.some((folder) => point === folder || point.startsWith(`${folder}/`)))
    .sort((left, right) => right.length - left.length);
  for (const point of points) if (!(await attempt('umount', [point]))) await attempt('umount', ['--lazy', point]);
}

/** Removes every region on this machine whose owner is gone, wherever its directory is or was: each bridge says whose it is. */
export async function cleanUpAbandonedRegions(progress: Progress): Promise<void> {
  for (const owner of await bridgeOwners()) {
    if (!(await isAbandoned(owner))) continue;
    progress(`cleaning up a region that was left in ${owner}`);
    await cleanUpRegion(owner);
  }
}

/** Whether a region was left in the directory by an owner that is gone. */
export async function isAbandoned(directory: string): Promise<boolean> {
  const state = await readState(directory);
  if (state) return (await birthOf(state.owner.pid)) !== state.owner.birth;
  return access(pathsOf(directory).run).then(
    () => true,
    () => false,
  );
}
