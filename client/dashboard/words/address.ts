/** What stands behind the `?` of an address: names and texts alone. */
export type Named = Record<string, string>;

/** Of a filter more than this is nothing that anybody is called. */
const longest = 300;

/** As people write addresses, and as the gateway reads them: no quotes, and a number is a text. What is too long is left out. */
export function namedIn(search: string): Named {
  const named = [...new URLSearchParams(search)];
  return Object.fromEntries(named.filter(([, text]) => text !== '' && text.length <= longest));
}

/** With `?` where there is something. */
export function searchOf(named: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, text] of Object.entries(named)) if (typeof text === 'string' && text !== '') query.set(name, text);
  return query.size === 0 ? '' : `?${query}`;
}
