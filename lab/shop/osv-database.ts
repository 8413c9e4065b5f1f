import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * A small offline database for OSV-Scanner, so that the lab's scans need no network: what was once wrong with busybox in Debian and
 * Ubuntu, and with Django (https://osv.dev). The lab's base images are newer, so an honest scan finds nothing.
 */
export async function writeLabDatabase(directory: string): Promise<void> {
  const record = (ecosystem: string) => ({
    id: 'CVE-2018-20679',
    modified: '2024-01-01T00:00:00Z',
    published: '2019-01-09T16:29:00Z',
    summary: 'busybox: out of bounds read in udhcp components',
    affected: [
      {
        package: { name: 'busybox', ecosystem },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1:1.30.1-1' }] }],
      },
    ],
  });
  const releases = { Debian: ['11', '12', '13', '14'], Ubuntu: ['22.04:LTS', '24.04:LTS', '26.04:LTS'] };
  for (const [ecosystem, versions] of Object.entries(releases)) {
    const records = versions.map((version) => ({
      ...record(`${ecosystem}:${version}`),
      id: `LAB-${version}-CVE-2018-20679`,
    }));
    await writeEcosystem(directory, ecosystem, records);
  }
  await writeEcosystem(directory, 'PyPI', [djangoRecord]);
}

/** Where containers are real, the shop's core is a Django project. */
const djangoRecord = {
  id: 'CVE-2019-19844',
  modified: '2024-01-01T00:00:00Z',
  published: '2019-12-18T19:15:00Z',
  summary: 'Django: account takeover by a crafted e-mail address',
  affected: [
    {
      package: { name: 'django', ecosystem: 'PyPI' },
      ranges: [
        { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.11.27' }] },
        { type: 'ECOSYSTEM', events: [{ introduced: '2.0' }, { fixed: '2.2.9' }] },
        { type: 'ECOSYSTEM', events: [{ introduced: '3.0' }, { fixed: '3.0.1' }] },
      ],
    },
  ],
};

async function writeEcosystem(directory: string, ecosystem: string, records: readonly { id: string }[]): Promise<void> {
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
