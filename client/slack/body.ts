import { noTextAt } from '../../domain/whole-text.ts';

/** What Slack has sent; undefined for anything else. A form holds a slash command, or JSON under `payload`; the check of an address is JSON. */
export function readBody(text: string, type: string): Record<string, unknown> | undefined {
  const read = /^application\/json\b/.test(type) ? objectIn(text) : formIn(text);
  return read === undefined || noTextAt(read) !== undefined ? undefined : read;
}

function formIn(text: string): Record<string, unknown> | undefined {
  const fields = Object.fromEntries(new URLSearchParams(text));
  return fields['payload'] === undefined ? fields : objectIn(fields['payload']);
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
