import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Makes an offline database of OSV-Scanner with these records (https://ossf.github.io/osv-schema/) of one ecosystem. */
export async function writeOsvDatabase(
  directory: string,
  ecosystem: string,
  records: readonly { id: string }[],
): Promise<void> {
  const place = join(directory, 'osv-scanner', ecosystem);
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, 'all.zip'),
    zipOf(records.map((one) => ({ name: `${one.id}.json`, bytes: Buffer.from(JSON.stringify(one)) }))),
  );
}

/** A zip file without compression (PKWARE APPNOTE 4.3). */
function zipOf(files: { name: string; bytes: Buffer }[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const entry = Buffer.concat([
      Buffer.from('PK\x03\x04', 'latin1'),
      fileHeader(name, bytes),
      Buffer.from(name),
      bytes,
    ]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fileHeader(name, bytes), place, Buffer.from(name)]),
    );
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** What the local and the central header of a file have in common. */
function fileHeader(name: string, bytes: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0); // version needed
  header.writeUInt16LE(0x21, 8); // date: 1980-01-01
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}
