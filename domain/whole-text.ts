/**
 * Where a value holds what is no text: half of a character (a surrogate without its other half), which no UTF-8 can say, or NUL, which no
 * database keeps. JSON carries both as escapes, past whoever reads only bytes. Answers the keys that lead there, joined by dots (empty for the
 * value itself); undefined where all of it is text. Level by level: what strangers send may be nested deeper than a stack.
 */
export function noTextAt(value: unknown): string | undefined {
  const left = [{ at: '', each: value }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { at, each } = next;
    if (typeof each === 'string' && !isText(each)) return at;
    if (typeof each !== 'object' || each === null) continue;
    for (const [key, inside] of Object.entries(each)) {
      // A key that is none cannot be named either.
      if (!isText(key)) return at;
      left.push({ at: at === '' ? key : `${at}.${key}`, each: inside });
    }
  }
  return undefined;
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * The beginning of a text: at most so many characters as `length` counts them, of which what lies outside of Unicode's first plane takes two.
 * What is cut between the two is no text any more, and whoever reads it later reads something else: such a one is left out.
 */
export function head(text: string, most: number): string {
  const end = Math.max(0, most);
  return text.slice(0, isWithinCharacter(text, end) ? end - 1 : end);
}

/** The end of a text, as `head` cuts its beginning. */
export function tail(text: string, most: number): string {
  const from = Math.max(0, text.length - Math.max(0, most));
  return text.slice(isWithinCharacter(text, from) ? from + 1 : from);
}

const gap = ' … ';

/** Beginning and end of a text that is too long. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most < gap.length) return head(text, most);
  const half = Math.floor((most - gap.length) / 2);
  return `${head(text, half)}${gap}${tail(text, half)}`;
}

function isWithinCharacter(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xff_ff;
}

const longestNote = 300;

/** What stands beside a region, or a component of it: the first line, which has the cause. */
export function noteIn(why: string): string {
  return head(why.split('\n', 1)[0] ?? '', longestNote);
}

const longestSentence = 400;

/** What is told of a text of several sentences where there is room for one: the first of its lines. */
export function firstSentence(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return line.length > longestSentence ? `${head(line, longestSentence)}…` : line.replace(/\.$/, '');
}

/** Each on a line of its own, so that the first can be told alone, and none runs into the next where they are told on one line. */
export function inSentences(sentences: readonly string[]): string {
  return sentences.map((one) => (/[.!?…]$/.test(one) ? one : `${one}.`)).join('\n');
}
