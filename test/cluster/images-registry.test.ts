import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { firstCredentials, secretCredentials } from '../../activities/images/credentials.ts';
import { createEcrCredentials } from '../../activities/images/ecr-login.ts';
import type { BuildRequest } from '../../activities/images/port.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { fetchImage } from '../../activities/scan/image-archive.ts';
import { createOsvScanner } from '../../activities/scan/osv-scanner.ts';
import { writeAuthFile, type RegistryCredentials } from '../../activities/shared/registry-login.ts';
import { runCommand } from '../../activities/shared/run-command.ts';
import { policyOnDisk } from '../../workers/policy-on-disk.ts';
import { describeRegistry } from '../contract/images-registry.suite.ts';
import { policyText } from '../pipeline/texts.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { usePrograms } from '../support/cluster-programs.ts';
import { logArguments } from '../support/program-log.ts';
import { aProgress } from '../support/progress.ts';
import { putImage, putIndex, startRegistry, type TestRegistry } from '../support/registry.ts';

usePrograms('docker-registry', 'buildah', 'skopeo');

const box = createNamespacesBox();

describeRegistry('distribution', async () => {
  const real = await startRegistry();
  return {
    registry: createRegistry(),
    host: real.host,
    putImage: (repository, content) => putImage(real.host, repository, content),
    putIndex: (repository, images) => putIndex(real.host, repository, images),
    tearDown: real.stop,
  };
});

describe('a registry that wants a login', () => {
  /** bot / hunter22 */
  const htpasswd = 'bot:$2b$04$p.DbJtOeucI2iIIsIlH3eeA6tqoZvlKyFuSFEzqdlEhMYZteOKmRW\n';
  const pair = Buffer.from('bot:hunter22').toString('base64');
  let real: TestRegistry;
  let directory: string;
  let request: BuildRequest;
  /** As compose.ts puts them together: what the policy on disk says, then ECR. */
  let credentials: RegistryCredentials;

  beforeEach(async () => {
    real = await startRegistry({ htpasswd });
    directory = await mkdtemp(join(tmpdir(), 'slipway-private-'));
    await mkdir(join(directory, 'context'));
    await writeFile(join(directory, 'context/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    const login = `registries:\n  ${real.host}: { username: bot, password: 'file:${directory}/password' }\n`;
    await writeFile(join(directory, 'policy.yaml'), policyText + login);
    await writeFile(join(directory, 'password'), 'hunter22\n');
    const policy = policyOnDisk(join(directory, 'policy.yaml'));
    credentials = firstCredentials(secretCredentials(policy.registryLogins), createEcrCredentials());
    const paths = { directory: join(directory, 'context'), context: '.', dockerfile: 'Dockerfile' };
    request = {
      ...paths,
      args: {},
      ownImages: [],
      cachesOf: aCacheOwner(),
      labels: {},
      repository: `${real.host}/shop/core`,
    };
  });
  afterEach(async () => {
    await real?.stop();
    await rm(directory, { recursive: true });
  });

  it('takes builds and tags with the login of the policy, which is in no argument and no line of progress', async () => {
    const log = await logArguments('buildah', 'skopeo');
    try {
      const progress = aProgress();
      const image = await createBuildahBuilder({ box, credentials }).build(request, progress);
      const registry = createRegistry({ credentials });
      await registry.tag(image, 'v1');
      expect(await registry.resolve(`${real.host}/shop/core:v1`)).toBe(image.split('@')[1]);
      const given = await log.arguments();
      expect(given).toContain(`docker://${image}`); // it sees the push
      expect(`${given} ${progress.lines.join('\n')}`).not.toMatch(new RegExp(`hunter22|${pair}`));
    } finally {
      await log.remove();
    }
  }, 120_000);

  it.each([
    ['a wrong password', 'wrong-password\n', /SLIP-IMG-5/],
    ['no password', '', /SLIP-IMG-5.*the file is empty/],
  ])(
    'refuses builds and tags, and says so without the password: %s',
    async (_, password, says) => {
      await writeFile(join(directory, 'password'), password);
      const image = `${real.host}/shop/core@sha256:${'0'.repeat(64)}`;
      const attempts = [
        () => createBuildahBuilder({ box, credentials }).build(request, aProgress()),
        () => createRegistry({ credentials }).resolve(image),
        () => createRegistry({ credentials }).tag(image, 'v2'),
      ];
      for (const attempt of attempts) {
        const refused = attempt();
        await expect(refused).rejects.toThrow(says);
        await expect(refused).rejects.not.toThrow(/wrong-password/);
      }
      await writeFile(join(directory, 'password'), 'hunter22\n');
      expect(await createRegistry({ credentials }).resolve(image)).toBeUndefined(); // rotated: counts at once
    },
    120_000,
  );

  it('says that it wants a login where none is configured', async () => {
    const nobody = createRegistry({ credentials: async () => undefined });
    await expect(nobody.resolve(`${real.host}/shop/core:v1`)).rejects.toThrow(/SLIP-IMG-5.*none is configured/);
    await expect(createBuildahBuilder({ box }).build(request, aProgress())).rejects.toThrow(/SLIP-IMG-5/);
  }, 120_000);

  it('shows that login to the repositories of the service alone when base images are fetched', async () => {
    const base = await createBuildahBuilder({ box, credentials }).build(
      { ...request, repository: `${real.host}/other-team/private` },
      aProgress(),
    );
    await writeFile(join(directory, 'context/Dockerfile'), `FROM ${base}\nCOPY Dockerfile /copy\n`);
    const build = (ownImages: string[]) =>
      createBuildahBuilder({ box, credentials }).build({ ...request, ownImages }, aProgress());
    const refused = /authentication required|unauthorized/i;
    await expect(build([])).rejects.toThrow(refused);
    await expect(build([`${real.host}/shop/*`])).rejects.toThrow(refused);
    expect(await build([`${real.host}/other-team/private`])).toMatch(/\/shop\/core@sha256:/);
  }, 120_000);

  it('lets a scanner fetch an image with the login of the policy', async () => {
    const image = await createBuildahBuilder({ box, credentials }).build(request, aProgress());
    const program = join(directory, 'osv-scanner'); // what matters here comes before it: skopeo's copy of the image
    await writeFile(program, '#!/bin/sh\nls -l image.tar; exit 77\n', { mode: 0o755 });
    const scan = (login: RegistryCredentials) =>
      createOsvScanner({ program, credentials: login }).scanImage(image, aProgress());
    expect(await scan(credentials)).toMatchObject({
      kind: 'unscanned',
      reason: expect.stringMatching(/ code 77: .*image\.tar/),
    });
    expect(await scan(async () => undefined)).toMatchObject({
      reason: expect.stringMatching(/skopeo.*(unauthorized|authentication)/s),
    });
  }, 120_000);

  it.each([
    ['in a box', { box }],
    ['without a box', {}],
  ])(
    'fetches for a scan no image that is small on the way and large on the disk, %s',
    async (_how, where) => {
      // 60 MB of one letter: some kilobytes as a layer
      await writeFile(join(request.directory, 'large'), 'x'.repeat(60_000_000));
      await writeFile(join(request.directory, 'Dockerfile'), 'FROM scratch\nCOPY large /\n');
      const image = await createBuildahBuilder({ box, credentials }).build(request, aProgress());
      const fetching = async (name: string, mostBytes: number) => {
        const [work, scan] = [join(directory, name, 'login'), join(directory, name, 'scan')];
        for (const made of [work, scan]) await mkdir(made, { recursive: true });
        const archive = join(scan, 'image.tar');
        await fetchImage({ image, archive, work, timeoutMs: 60_000, credentials, mostBytes, ...where }, aProgress());
        return stat(archive);
      };
      await expect(fetching('bounded', 10_000_000)).rejects.toThrow(/more than 10000000 bytes|file too large/);
      await expect(fetching('on the way', 1_000)).rejects.toThrow('more than 1000 bytes');
      expect((await fetching('whole', 200_000_000)).size).toBeGreaterThan(60_000_000);
    },
    240_000,
  );

  it.each(['docker.io', 'ghcr.io'])('leaves a login that skopeo finds under the name %s', async (host) => {
    const file = join(directory, 'auth.json');
    await writeAuthFile(file, host, async () => ({ username: 'bot', password: 'hunter22' }));
    const found = await runCommand({ program: 'skopeo', args: ['login', '--get-login', '--authfile', file, host] });
    expect(found.stdout.toString().trim()).toBe('bot');
  });
});
