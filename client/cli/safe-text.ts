// C0 without tab and newline, DEL and C1; then what reorders, hides or breaks text: bidirectional controls, zero-width, separators, tags.
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * What terminals obey, whole: `CSI … letter`, `OSC … BEL` and their like, and `ESC` with a letter. Each ends before the next begins, so
 * that the time grows with the text alone; util.stripVTControlCharacters takes half a minute for 200 kB of `ESC ] ;`.
 */
const sequences =
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-Z\\`-~]/g;

/** Text from outside, without anything a terminal would obey or a reader could not see. Tabs and newlines stay. */
export function safeText(text: string): string {
  return text.replace(sequences, '').replace(unsafe, '');
}

/** The same on one line: a name from outside cannot begin a line of its own. */
export function oneLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim();
}

/** Parsed JSON with every string and every key made safe. What is null is left out: the contract says "absent". */
export function safeJson(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map(safeJson);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [safeText(key), safeJson(inner)]));
}

/** As JSON that says exactly the same to programs, without what a terminal would obey: that is written as `\u202e`. */
export function safeDocument(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(unsafe, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
