import { describe, expect, it } from '@jest/globals';
import { eventsIn, nothingUnread } from '../../../client/cli/server-sent-events.ts';
import type { ServerSentEvent } from '../../../client/cli/server-sent-events.ts';

function read(...chunks: string[]): ServerSentEvent[] {
  const all: ServerSentEvent[] = [];
  let left = nothingUnread;
  for (const chunk of chunks) {
    const { events, unread } = eventsIn(chunk, left, 1_000);
    left = unread;
    all.push(...events);
  }
  return all;
}

const text = ': alive\n\nid: 1\nevent: release\ndata: {"a":\ndata: "b: c"}\n\nevent: end\ndata: {}\n\n';
const events = [
  { event: 'release', data: '{"a":\n"b: c"}', id: '1' },
  { event: 'end', data: '{}' },
];

describe('server-sent events', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('are read with lines that end in %s, wherever what comes is cut', (_name, ending) => {
    const sent = text.replaceAll('\n', ending);
    // A lone CR may be the half of a line break until more has come.
    const more = ending === '\r' ? [': more'] : [];
    expect(read(...sent, ...more)).toEqual(events);
    for (let cut = 0; cut <= sent.length; cut += 1)
      expect(read(sent.slice(0, cut), sent.slice(cut), ...more)).toEqual(events);
  });

  it.each<[string, string, ServerSentEvent[]]>([
    ['comments', ': one\n\n:\n\n', []],
    ['an event without data', 'event: release\nid: 4\n\n', []],
    ['an event that is not whole', 'data: {}\n', []],
    ['empty lines', '\n\n\n\ndata: x\n\n\n\n', [{ event: 'message', data: 'x' }]],
    ['a field that is not known', 'retry: 5\nnew: 1\ndata: x\n\n', [{ event: 'message', data: 'x' }]],
    ['a field without a value', 'data\nid\n\n', [{ event: 'message', data: '', id: '' }]],
    ['one space behind the colon, and not the second', 'data:  x\n\n', [{ event: 'message', data: ' x' }]],
  ])('are read as they are said to be: %s', (_what, sent, expected) => {
    expect(read(sent)).toEqual(expected);
  });

  it.each([
    ['that is not whole', `data: ${'x'.repeat(1_001)}`],
    ['of many lines', 'data: x\n'.repeat(200)],
    ['that is', `data: ${'x'.repeat(1_001)}\n\n`],
  ])('are not kept beyond a bound, of one event %s', (_what, sent) => {
    expect(() => eventsIn(sent, nothingUnread, 1_000)).toThrow('an event is larger than 1000 characters');
  });
});
