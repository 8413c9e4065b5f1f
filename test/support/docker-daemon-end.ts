import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a daemon is started by. It has processes and mounts of its own: the kernel takes them away when it ends, by whatever, and it ends with
 * the process of the tests. Docker itself leaves a mount where a build had the machine's network, by which its directory cannot be removed.
 */
export const endedWithUs = [
  ...['setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child=KILL', '--'],
];

/** SIGTERM, on which it stops its containers, however long they take; half a minute later SIGKILL, with all of them. */
export async function endDaemon(child: ChildProcess, data: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const gone = once(child, 'exit', { signal: AbortSignal.timeout(30_000) }).catch(() => {});
    const daemon = await onlyChildOf(child.pid!);
    try {
      process.kill(daemon ?? child.pid!, signal);
    } catch {
      // gone between the look and the signal
    }
    await gone;
  }
  if (child.exitCode === null && child.signalCode === null)
    throw new Error(`waited a minute for dockerd to end, which process ${child.pid} runs`);
  await removeCgroups(data);
}

/** `unshare` hands no signal on; it ends when what it runs has ended. */
async function onlyChildOf(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children === '' ? undefined : Number(children);
}

/** Those of containers that were killed with the daemon, whose work it is. */
async function removeCgroups(data: string): Promise<void> {
  const root = '/sys/fs/cgroup';
  const containers = await readdir(join(data, 'containers')).catch(() => []);
  for (const controller of ['', ...(await readdir(root).catch(() => []))])
    for (const container of containers) await rmdir(join(root, controller, 'docker', container)).catch(() => {});
}
