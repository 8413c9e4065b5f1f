import type { Commit, Millis } from '../../domain/contract/release.ts';

export interface SourceCommit {
  repository: string;
  commit: Commit;
}

/** One commit, in the words of whoever has pushed it. */
export interface CommitLine {
  commit: Commit;
  author: string;
  /** When it was written, by its author's clock. */
  at: Millis;
  /** The first line of its message, cut to 200 characters. */
  subject: string;
}

/**
 * Where the code comes from: always exactly one commit, never a moving branch. Every method only reads and may be repeated.
 * Throws SLIP-SRC-…: terminal when the commit, branch or file is not what was asked for, retryable when the repository cannot be reached.
 */
export interface Source {
  /** Checks that `commit` exists and is reachable from `branch`. */
  confirm(at: SourceCommit & { branch: string }): Promise<void>;
  /** The file's text at the commit; undefined when there is none. Refuses files over `maxBytes`. */
  read(at: SourceCommit & { path: string; maxBytes: number }): Promise<string | undefined>;
  /** Paths (relative, `/`) that differ between two commits. Undefined when `from` is unknown here. */
  changedPaths(change: { repository: string; from: Commit; to: Commit }): Promise<string[] | undefined>;
  /** Whether `ancestor` is `commit` itself or in its history. False when `ancestor` is unknown here. */
  descends(at: SourceCommit & { ancestor: Commit }): Promise<boolean>;
  /**
   * Addresses, in lower case, of those who have written `commit` or anything before it that is in none of the other commits, co-authors as well.
   * Without other commits that are known here: of `commit` alone. What a commit says of its authors is what whoever pushed it has written. Undefined
   * for more than are read: 20,000 commits, or half a megabyte of addresses.
   */
  authors(at: SourceCommit & { notIn: readonly Commit[] }): Promise<string[] | undefined>;
  /**
   * `commit` and what is before it, as far as it is in none of the other commits: so many at most, the newest first, and whether there are more.
   * Without other commits that are known here: `commit` alone.
   */
  commits(
    at: SourceCommit & { notIn: readonly Commit[]; most: number },
  ): Promise<{ commits: CommitLine[]; more: boolean }>;
  /**
   * When each of these was committed, ms, by the clock of whoever did it: what they have written. Looks for the first at the repository where it is not
   * here; others that are not here are left out.
   */
  times(at: { repository: string; commits: readonly Commit[] }): Promise<Map<Commit, Millis>>;
  /** Puts the commit's files into an empty directory: no history, no hooks, no links that lead outside. */
  checkOut(at: SourceCommit & { directory: string }): Promise<void>;
}
