/** Headers that say something of the next entry (a long name, finer times): all of it is nothing to us. */
const aboutTheNext = ['x', 'g', 'L', 'K'];
const block = 512;

/**
 * The bytes of the one plain file in an archive; undefined when its first entry is anything else (a link, a directory, a device). The archive
 * comes from a container of strangers: no name, owner or mode in it is looked at, and a size that is not there is no file.
 */
export function onlyFileOf(archive: Buffer): Buffer | undefined {
  for (let at = 0; at + block <= archive.length;) {
    const type = String.fromCharCode(archive[at + 156]!);
    const size = sizeAt(archive, at);
    if (size === undefined) return undefined;
    const begin = at + block;
    if (type === '0' || type === '\0')
      return begin + size <= archive.length ? archive.subarray(begin, begin + size) : undefined;
    if (!aboutTheNext.includes(type)) return undefined;
    at = begin + Math.ceil(size / block) * block;
  }
  return undefined;
}

/** Octal digits, as for every file of less than 8 GB. */
function sizeAt(archive: Buffer, at: number): number | undefined {
  const digits = archive.toString('latin1', at + 124, at + 135);
  return /^[0-7]{11}$/.test(digits) ? parseInt(digits, 8) : undefined;
}
