/** What stands before each NUL, without a text of the whole. */
export function partsOf(bytes: Buffer): string[] {
  const parts: string[] = [];
  for (let at = 0, end = bytes.indexOf(0); end >= 0; at = end + 1, end = bytes.indexOf(0, at))
    parts.push(bytes.toString('utf8', at, end));
  return parts;
}
