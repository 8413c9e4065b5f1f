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
