/** More patterns than this are not read, and nothing is kept out: they come from a repository, and each is tried on every path. */
const mostPatterns = 200;

/**
 * Whether a `.dockerignore` keeps a path (inside the context, with `/`) out of the build, by the rules of Docker: the last pattern that
 * matches the path or a directory above it decides, `!` lets it in again. A form that is not read here (`[…]`, `\`) keeps nothing out.
 */
export function isIgnored(dockerignore: string, path: string): boolean {
  const lines = dockerignore.split(/\r?\n/).map((line) => line.trim());
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns.length > mostPatterns) return false;
  const segments = path.split('/');
  let ignored = false;
  for (const written of patterns) {
    const letsIn = written.startsWith('!');
    const pattern = letsIn ? written.slice(1).trim() : written;
    if (/[[\]\\]/.test(pattern)) ignored &&= !letsIn;
    else if (matchesPath(pattern, segments)) ignored = !letsIn;
  }
  return ignored;
}

/** What stands for a directory stands for everything in it. */
function matchesPath(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  return segments.some((_, index) =>
    matches(parts, segments.slice(0, index + 1), (part) => part === '**', matchesSegment),
  );
}

function matchesSegment(part: string, segment: string): boolean {
  const one = (wanted: string, character: string) => wanted === '?' || wanted === character;
  return matches([...part], [...segment], (character) => character === '*', one);
}

/** A pattern in which some elements stand for any number of others. Going back to the last of these only moves forward: never slow. */
function matches(
  pattern: readonly string[],
  text: readonly string[],
  isAny: (element: string) => boolean,
  fits: (element: string, piece: string) => boolean,
): boolean {
  let p = 0;
  let t = 0;
  let any = -1;
  let taken = 0;
  while (t < text.length) {
    if (p < pattern.length && isAny(pattern[p]!)) {
      any = p++;
      taken = t;
    } else if (p < pattern.length && fits(pattern[p]!, text[t]!)) {
      p++;
      t++;
    } else if (any >= 0) {
      p = any + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.length && isAny(pattern[p]!)) p++;
  return p === pattern.length;
}
