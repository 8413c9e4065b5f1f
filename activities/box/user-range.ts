import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';

/** Ids of this machine that belong to nobody, for one box after the other, and by what they are mapped. */
export interface UserRange {
  base: number;
  count: number;
  mapper: 'newuidmap' | 'itself';
}

/** Users and groups that images may have: up to `nobody`. */
const count = 65_536;
/** Far from what people, systemd (up to 1,878,982,656) and other container tools take; root needs no permission for it. */
const rootsOwn = 1_900_000_000;

/** The range that this process may use; a text says why there is none. */
export async function findUserRange(
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
  who: { uid: number; name: string } = thisUser(),
): Promise<UserRange | string> {
  const texts = await Promise.all(['/etc/subuid', '/etc/subgid'].map((path) => read(path).catch(() => '')));
  const [users, groups] = texts.map((text) => rangeOf(text, who));
  if (users !== undefined && users === groups)
    return { base: users, count, mapper: who.uid === 0 ? 'itself' : 'newuidmap' };
  if (who.uid === 0 && ownsEverything(await read('/proc/self/uid_map').catch(() => ''))) {
    return { base: rootsOwn, count, mapper: 'itself' };
  }
  return `user ${who.name} has no range of ${count} subordinate ids, the same in /etc/subuid and /etc/subgid`;
}

function thisUser(): { uid: number; name: string } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, name: userInfo().username };
  } catch {
    return { uid, name: String(uid) }; // containers run as users that no file names
  }
}

function rangeOf(text: string, who: { uid: number; name: string }): number | undefined {
  for (const line of text.split('\n')) {
    const [name, base, size] = line.split(':');
    if ((name === who.name || name === String(who.uid)) && Number(size) >= count) return Number(base);
  }
  return undefined;
}

/** Not where this process is itself in a container with few ids. */
function ownsEverything(map: string): boolean {
  const [inside, outside, size] = map.trim().split(/\s+/).map(Number);
  return inside === 0 && outside === 0 && (size ?? 0) > rootsOwn + count;
}
