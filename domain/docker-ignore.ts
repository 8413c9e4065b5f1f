/** A larger file is not read, and keeps nothing out: it comes from a repository, and each pattern is tried on every path. */
const most = { patterns: 200, characters: 20_000, steps: 2_000_000 };

/**
 * Whether a `.dockerignore` keeps a path (inside the context, with `/`) out of the build, by the rules of Docker: the last pattern that
 * matches the path or a directory above it decides, `!` lets it in again. A form that is not read here (`[…]`, `\`) keeps nothing out. The
 * work for all paths together is bounded: those that are asked about when it is done count as not kept out.
 */
export function ignoring(dockerignore: string): (path: string) => boolean {
  const lines = dockerignore.slice(0, most.characters + 1).split(/\r?\n/);
  const patterns = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns.length > most.patterns || dockerignore.length > most.characters) return () => false;
  const work: Work = { left: most.steps };
  return (path) => isIgnored(patterns, path.split('/'), work);
}

/** Steps that may still be made. */
interface Work {
  left: number;
}

function isIgnored(patterns: readonly string[], segments: readonly string[], work: Work): boolean {
  let ignored = false;
  for (const written of patterns) {
    const letsIn = written.startsWith('!');
    const pattern = letsIn ? written.slice(1).trim() : written;
    if (/[[\]\\]/.test(pattern)) ignored &&= !letsIn;
    else if (matchesPath(pattern, segments, work)) ignored = !letsIn;
    if (work.left <= 0) return false;
  }
  return ignored;
}

/** What stands for a directory stands for everything in it. */
function matchesPath(pattern: string, segments: readonly string[], work: Work): boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const fits = (part: string, segment: string) => matchesSegment(part, segment, work);
  return segments.some((_, index) =>
    matches({ pattern: parts, text: segments.slice(0, index + 1), isAny: (part) => part === '**', fits, work }),
  );
}

function matchesSegment(part: string, segment: string, work: Work): boolean {
  const fits = (wanted: string, character: string) => wanted === '?' || wanted === character;
  return matches({ pattern: [...part], text: [...segment], isAny: (character) => character === '*', fits, work });
}

interface Matching {
  pattern: readonly string[];
  text: readonly string[];
  isAny: (element: string) => boolean;
  fits: (element: string, piece: string) => boolean;
  work: Work;
}

/** A pattern in which some elements stand for any number of others. Going back to the last of these only moves forward. */
function matches({ pattern, text, isAny, fits, work }: Matching): boolean {
  let p = 0;
  let t = 0;
  let any = -1;
  let taken = 0;
  work.left -= pattern.length + text.length;
  while (t < text.length && work.left-- > 0) {
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
  return p === pattern.length && t === text.length;
}
