import { lineKeepingEnd } from './rollout-cause.ts';

/** Where structured logs of the usual libraries put what they have to say, in the order in which people read it. */
const telling = [
  ['level', 'severity', 'lvl'],
  ['message', 'msg', 'event'],
  ['error', 'err', 'exception'],
];

/** The last lines of a log, one line each. A line of JSON is told by its message and error: the rest of it is for machines. */
export function tellingLines(log: string, most: number): string[] {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-most).map((line) => lineKeepingEnd(fromJson(line) ?? line));
}

function fromJson(line: string): string | undefined {
  const entry = parse(line.trim());
  if (!entry) return undefined;
  const words = telling.map((keys) => keys.map((key) => textOf(entry[key])).find((text) => text !== undefined));
  // A level alone says nothing: then the line is not of the usual kind.
  return (words[1] ?? words[2]) ? words.filter((text) => text !== undefined).join(' ') : undefined;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { message } = value as { message?: unknown };
  return typeof message === 'string' ? message : undefined;
}
