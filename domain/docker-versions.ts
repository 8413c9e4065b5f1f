/** From these on the classic builder takes no image that was fetched for a layer that it has made (CVE-2024-24557). */
const mended = [
  [24, 0, 9],
  [25, 0, 2],
] as const;

/** What is to be said of a daemon of this version; undefined where there is nothing, or where that is no version. */
export function sayOldDocker(version: string): string | undefined {
  const [, major, minor, patch] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  const line = mended.findLast(([first]) => first <= major) ?? mended[0];
  const isOlder = [major - line[0], minor - line[1], patch - line[2]].find((difference) => difference !== 0);
  if (isOlder === undefined || isOlder > 0) return undefined;
  return `older than ${mended.map((one) => one.join('.')).join(' or ')}: its classic builder believes what images say of themselves; have a newer one`;
}
