import { writeOsvDatabase } from '../tools/osv-database.ts';

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
    await writeOsvDatabase(directory, ecosystem, records);
  }
  await writeOsvDatabase(directory, 'PyPI', [djangoRecord]);
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
