/** How the one element begins and ends that a JUnit report is. */
const beginning = /<testsuites?[\s/>]/;
const ends = ['</testsuites>', '</testsuite>'];

/** The report among all else that a program prints, as a pod keeps one log of all; undefined where there is none. */
export function reportIn(log: string): string | undefined {
  const from = log.search(beginning);
  if (from < 0) return undefined;
  const end = ends.find((one) => log.lastIndexOf(one) > from);
  // One without an end has nothing in it.
  const to = end === undefined ? log.indexOf('>', from) + 1 : log.lastIndexOf(end) + end.length;
  return log.slice(from, to);
}
