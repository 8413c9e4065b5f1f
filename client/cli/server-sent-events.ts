/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as the gateway uses it. */
export interface ServerSentEvent {
  event: string;
  data: string;
  id?: string;
}

/** What has come of an event that is not whole yet: its lines, and a part of the next one. */
export interface Unread {
  lines: string[];
  part: string;
  /** The last character was a CR, with which a LF may belong together. */
  endsWithCr: boolean;
}

export const nothingUnread: Unread = { lines: [], part: '', endsWithCr: false };

/**
 * The events that are whole with this text, and what is left for the next one. Pure; nothing that has come is read twice, however large an event
 * is. Throws for one of more characters than `most`.
 */
export function eventsIn(text: string, unread: Unread, most: number): { events: ServerSentEvent[]; unread: Unread } {
  const came = (unread.endsWithCr ? '\r' : '') + text;
  const endsWithCr = came.endsWith('\r');
  const [first = '', ...others] = (endsWithCr ? came.slice(0, -1) : came).replaceAll(/\r\n?/g, '\n').split('\n');
  const lines = [unread.part + first, ...others];
  const part = lines.pop()!;
  const events: ServerSentEvent[] = [];
  let block = [...unread.lines];
  for (const line of lines) {
    if (line !== '') block.push(line);
    else {
      requireShort(block, most);
      events.push(...eventOf(block));
      block = [];
    }
  }
  requireShort([...block, part], most);
  return { events, unread: { lines: block, part, endsWithCr } };
}

function requireShort(block: string[], most: number): void {
  const characters = block.reduce((sum, line) => sum + line.length, 0);
  if (characters > most) throw new Error(`an event is larger than ${most} characters`);
}

/** Nothing of a block that holds comments alone. */
function eventOf(block: string[]): ServerSentEvent[] {
  const fields = block.map(fieldOf);
  const all = (name: string) => fields.filter((field) => field.name === name).map(({ value }) => value);
  const data = all('data');
  if (data.length === 0) return [];
  const id = all('id').at(-1);
  return [{ event: all('event').at(-1) ?? 'message', data: data.join('\n'), ...(id !== undefined && { id }) }];
}

function fieldOf(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}
