const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no directory',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'its disk takes no changes',
  ENOSPC: 'its disk is full',
  EMFILE: 'too many files are open',
  EIO: 'its disk fails',
};

/** Why a file can be read or written by nobody here, for people: what the system says is in its own shorthand. */
export function whyUnreadable(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return 'the system does not say why';
  return words[code] ?? `the system says ${code}`;
}
