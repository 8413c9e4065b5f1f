import { failure } from '../../domain/errors/catalogue.ts';

const most = 4 * 1024 * 1024;

/** As it is stored. Throws SLIP-REC-4 (terminal) for what is larger than 4 MB, or has no JSON form. */
export function asDocument(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw failure('SLIP-REC-4', 'it has no JSON form');
  const size = Buffer.byteLength(text);
  if (size > most) throw failure('SLIP-REC-4', `it has ${size} bytes`);
  return text;
}
