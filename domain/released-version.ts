/** How the version of the other side stands to one's own. */
export type VersionsApart =
  | 'alike'
  /** Newer, and near enough. */
  | 'newer'
  /** Older, and near enough. */
  | 'older'
  /** More than one minor version apart, or of another major one: what they say to each other is not promised to be understood. */
  | 'too-far';

/** Compares two versions as Semantic Versioning writes them; undefined where one of them is none. A pre-release counts as its version. */
export function versionsApart(own: string, other: string): VersionsApart | undefined {
  const [mine, theirs] = [numbersOf(own), numbersOf(other)];
  if (!mine || !theirs) return undefined;
  if (mine[0] !== theirs[0] || Math.abs(mine[1] - theirs[1]) > 1) return 'too-far';
  const difference = theirs[1] - mine[1] || theirs[2] - mine[2];
  if (difference === 0) return 'alike';
  return difference > 0 ? 'newer' : 'older';
}

function numbersOf(version: string): [number, number, number] | undefined {
  const [, major, minor, patch] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+][\w.+-]{1,100})?$/.exec(version) ?? [];
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}
