/*
 * What cannot be seen, obeys no reading direction, or is obeyed by a terminal: everything but letters, digits, marks of punctuation and
 * symbols that stand where they are written. Scripts that run from right to left reorder their neighbours, combining marks pile up.
 */
const unseen =
  /[^\p{L}\p{N}\p{P}\p{S} ]|[\p{DI}\u2800\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/gu;

/** The text on one line of signs that can be seen; what cannot is written as `\n`, `\t` or `\u{202e}`. No two texts are written the same. */
export function visible(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(unseen, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Whether the text is made of plain signs (ASCII) alone: letters of other alphabets may look like them. */
export function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Reads as itself: no value that is shown without quotes can be taken for another, or for the words around it. */
const bare = /^[\w.,/:@+={}*?&%#$!~^|;<>()[\]'-]+(?: [\w.,/:@+={}*?&%#$!~^|;<>()[\]'-]+)*$/;
/** Words and numbers that mean something else where they stand alone. */
const taken =
  /^(?:none|null|yes|no|true|false|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?: (?:ms|s|min|h|days?))?|[{[].*|[+-] .*)$/i;

/** A text as a value among others: bare where it reads as itself, else in quotes. */
export function quoted(text: string): string {
  return bare.test(text) && !taken.test(text) ? text : inQuotes(text);
}

/** The same for one of several: nothing in it ends it. */
export function quotedItem(text: string): string {
  return /[ ,]/.test(text) ? inQuotes(text) : quoted(text);
}

export function inQuotes(text: string): string {
  return `"${visible(text).replaceAll('"', '\\"')}"`;
}
