import { describe, expect, it } from '@jest/globals';
import { onlyFileOf } from '../../activities/tests/tar-file.ts';

/** An entry as it is in an archive. */
function entry(type: string, content: string, size = content.length.toString(8).padStart(11, '0')): Buffer {
  const header = Buffer.alloc(512);
  header.write('name', 0);
  header.write(size, 124);
  header.write(type, 156);
  header.write('ustar', 257);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
const end = Buffer.alloc(1_024);
const read = (...entries: Buffer[]) => onlyFileOf(Buffer.concat(entries))?.toString('utf8');

describe('the archive of a report', () => {
  it.each<[string, Buffer[]]>([
    ['alone', [entry('0', 'text')]],
    ['in the oldest form', [entry('\0', 'text')]],
    ['behind what is said of it', [entry('g', 'a'.repeat(600)), entry('x', '20 mtime=1.5\n'), entry('0', 'text')]],
    ['behind a long name', [entry('L', 'n'.repeat(512)), entry('0', 'text')]],
    ['before others', [entry('0', 'text'), entry('0', 'more')]],
  ])('is its file: %s', (_how, entries) => expect(read(...entries, end)).toBe('text'));

  it('may hold a file of nothing', () => expect(read(entry('0', ''), end)).toBe(''));

  it.each<[string, Buffer[]]>([
    ['nothing', []],
    ['an end', [end]],
    ['half a header', [entry('0', 'text').subarray(0, 300)]],
    ['a link', [entry('2', '')]],
    ['a link to another file, before a file', [entry('1', ''), entry('0', 'text')]],
    ['a directory', [entry('5', ''), entry('0', 'text')]],
    ['a device', [entry('3', '')]],
    ['a sparse file', [entry('S', 'text')]],
    ['a file that is longer than the archive', [entry('0', 'text', '00000100000')]],
    ['a size that is no number', [entry('0', 'text', '-0000000001')]],
    ['a size in bytes', [entry('0', 'text', '\x80\0\0\0\0\0\0\0\0\0\x04')]],
    ['words without end', [entry('x', '', '77777777777'), entry('0', 'text')]],
    ['words of another size', [entry('x', '', 'x'), entry('0', 'text')]],
  ])('is none when there is %s', (_what, entries) => expect(read(...entries)).toBeUndefined());
});
