/** Begins and goes on with nothing that means something in YAML, also between brackets. */
const plain = /^[A-Za-z0-9_./$~+=(-][\w./$~+=()*@%^;<>\\-]*( [\w./$~+=()*@%^;<>\\-]+)*$/;
const likeOther = /^(true|false|null|~|[-+.]?[0-9][0-9_.eExXoO+-]*|0x[0-9a-fA-F]+|[-+]?\.(inf|nan)|---|-)$/i;

/** A text as one writes it in the file: in quotes where it would be read as something else. */
export function writtenText(text: string): string {
  return plain.test(text) && !likeOther.test(text) ? text : quoted(text);
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function writtenList(texts: readonly string[]): string {
  return `[${texts.map(writtenText).join(', ')}]`;
}

/** Any value of a file, on one line. */
export function writtenValue(value: unknown): string {
  if (typeof value === 'string') return writtenText(value);
  if (Array.isArray(value)) return `[${value.map(writtenValue).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${writtenText(key)}: ${writtenValue(inner)}`);
  return `{ ${entries.join(', ')} }`;
}
