import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { createOsvScanner } from '../../activities/scan/osv-scanner.ts';
import { ensureOsvScanner } from '../../lab/tools/osv-scanner.ts';
import { describeImageScanner } from '../contract/scan.suite.ts';
import { writeOsvDatabase } from '../../lab/tools/osv-database.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('skopeo', 'buildah', 'docker-registry');

const box = createNamespacesBox();

const knownProblem = {
  id: 'DSA-5532-1',
  modified: '2023-10-24T00:00:00Z',
  upstream: ['CVE-2023-5363'],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'openssl' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.11-1~deb12u2' }] }],
    },
  ],
};

describeImageScanner('OSV-Scanner, offline', async () => {
  const program = await ensureOsvScanner((line) => console.log(line));
  const registry = await startRegistry();
  const databaseDirectory = await mkdtemp(join(tmpdir(), 'slipway-osv-'));
  await writeOsvDatabase(databaseDirectory, 'Debian', [knownProblem]);
  return {
    scanner: createOsvScanner({ box, program, databaseDirectory }),
    withoutDatabase: createOsvScanner({ box, program, databaseDirectory: join(databaseDirectory, 'none') }),
    withoutProgram: createOsvScanner({ box, program: '/none/osv-scanner', databaseDirectory }),
    bad: await pushTree(registry, debianWith('3.0.9-1')),
    good: await pushTree(registry, debianWith('3.0.11-1~deb12u2')),
    empty: await pushTree(registry, { hello: 'hello' }),
    missing: `${registry.host}/scan/image@sha256:${'0'.repeat(64)}`,
    async tearDown() {
      await registry.stop();
      await rm(databaseDirectory, { recursive: true });
    },
  };
});

const debianWith = (openssl: string) => ({
  'etc/os-release':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  'var/lib/dpkg/status': `Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${openssl}\nMaintainer: test\nDescription: test\n\n`,
});

async function pushTree(registry: TestRegistry, files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-context-'));
  for (const [path, content] of Object.entries({ ...files })) {
    await mkdir(dirname(join(directory, 'root', path)), { recursive: true });
    await writeFile(join(directory, 'root', path), content);
  }
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
  const request = {
    directory,
    context: '.',
    dockerfile: 'Dockerfile',
    args: {},
    ownImages: [],
    cachesOf: aCacheOwner(),
    labels: {},
    repository: `${registry.host}/scan/image`,
  };
  return createBuildahBuilder({ box })
    .build(request, aProgress())
    .finally(() => rm(directory, { recursive: true }));
}
