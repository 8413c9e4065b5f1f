import { readFile } from 'node:fs/promises';

/** When and in which boot a process began: with its pid, an identity that a re-used pid does not share. Undefined when it is gone. */
export async function birthOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces and brackets
  if (fields[0] === 'Z') return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return `${boot}/${fields[19]}`;
}
