/** What the database has taken as JSON. Of many rows one is parsed at a time: parsed it may take twenty times the memory. */
export function parseStored(json: string): unknown {
  return JSON.parse(json);
}
