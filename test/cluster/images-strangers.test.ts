import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Box } from '../../activities/box/port.ts';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { ensureBusyboxRoot } from '../../lab/kubernetes/root-file-systems.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { tell, usePrograms } from '../support/cluster-programs.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

usePrograms('buildah', 'skopeo', 'docker-registry');

/** What a Dockerfile may try: it is a program of whoever may push to a repository. */
describe('a Dockerfile of a stranger', () => {
  jest.setTimeout(600_000);
  const login = { username: 'pusher', password: 'hunter22-of-the-registry' };
  let registry: TestRegistry;
  let directory: string;
  let rootFileSystem: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    rootFileSystem = await ensureBusyboxRoot(tell);
    registry = await startRegistry();
  });
  afterAll(() => registry?.stop());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-context-'));
    await copyFile(rootFileSystem, join(directory, 'base.tar.gz'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await rm(directory, { recursive: true, force: true });
  });

  const base = 'FROM scratch\nADD base.tar.gz /\n';
  const build = async (
    dockerfile: string,
    changes: { name?: string; repository?: string; args?: Record<string, string>; box?: Box } = {},
  ) => {
    const { name = 'Dockerfile', repository = 'shop/core', args = {}, box = createNamespacesBox() } = changes;
    await writeFile(join(directory, name), dockerfile);
    const progress = aProgress();
    const builder = createBuildahBuilder({ box, credentials: async () => login });
    const request = {
      directory,
      context: '.',
      dockerfile: name,
      args,
      ownImages: [],
      cachesOf: aCacheOwner(),
      labels: {},
      repository: `${registry.host}/${repository}`,
    };
    const image = await builder.build(request, progress).catch((error: Error) => error);
    return { image, said: progress.lines.join('\n') };
  };
  const shows = (script: string) => `${base}RUN ${script.replaceAll('\n', ' ')}; echo the end\n`;

  it('is not run through the preprocessor of this machine when its name ends in `.in`', async () => {
    await writeFile(join(directory, 'secret'), 'outside');
    const { image, said } = await build('#include "/etc/passwd"\nFROM scratch\nCOPY base.tar.gz /\n', {
      name: 'Dockerfile.in',
    });
    expect(image).toMatch(/@sha256:/);
    expect(said).not.toMatch(/root:.*:0:0|preprocess/);
  });

  it('sees no process of this machine and ends none', async () => {
    const neighbour = spawn('sleep', ['9317']);
    await once(neighbour, 'spawn');
    try {
      const { image, said } = await build(
        shows(`cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '; kill -9 ${neighbour.pid}; kill -9 -1 & sleep 1`),
      );
      expect(String(image)).toMatch(/@sha256:|SLIP-IMG-1/);
      expect(said).not.toContain('sleep 9317');
      expect(neighbour.signalCode).toBeNull();
    } finally {
      neighbour.kill('SIGKILL');
    }
  });

  it('reaches no server of this machine, directly or by the door', async () => {
    let visits = 0;
    const server = createServer((socket) => ((visits += 1), socket.end()));
    servers.push(server.listen(0, '0.0.0.0'));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const own = Object.values(networkInterfaces()).flatMap((all) =>
      all!.filter((one) => one.family === 'IPv4').map(({ address }) => address),
    );
    const tries = [...own, '169.254.169.254'].map(
      (host) =>
        `nc -w 2 ${host} ${port} </dev/null && echo "in by ${host}"; printf 'CONNECT ${host}:${port} HTTP/1.1\\r\\n\\r\\n' | nc -w 2 127.0.0.1 3128`,
    );
    const { said } = await build(shows(tries.join('; ')));
    expect(said).toContain('the end');
    expect(said).not.toMatch(/^in by/m);
    expect(said).toMatch(/door: 127\.0\.0\.1:\d+ refused/);
    expect(visits).toBe(0);
  });

  it('reads neither a login nor the environment of the worker, nor its files', async () => {
    process.env['SLIPWAY_TEST_SECRET'] = 'hunter22-of-the-worker';
    try {
      const { said } = await build(
        shows(
          `env; cat /proc/[0-9]*/environ; ls /root /home /bases /in /work /out; find / -xdev -name auth.json; cat /etc/shadow; grep -r hunter22 / --exclude-dir=proc --exclude-dir=dev -s`,
        ),
      );
      expect(said).toContain('the end');
      expect(said.replace(/^STEP.*$/gm, '')).not.toMatch(/hunter22-of|auth\.json$|root:[*!$]/m);
    } finally {
      delete process.env['SLIPWAY_TEST_SECRET'];
    }
  });

  it('is given no directory in which a login is, also when its base image was fetched with one', async () => {
    const first = (await build(base, { repository: 'base/own' })).image as string;
    const given: string[] = [];
    const real = createNamespacesBox();
    const box: Box = {
      ...real,
      async run(command, progress) {
        // Of the box that builds, as it is a moment before.
        for (const { from } of command.asRoot ? command.directories : []) given.push(...(await textsIn(from)));
        return real.run(command, progress);
      },
    };
    await build(`FROM ${first}\nRUN true\n`, { box });
    expect(given.length).toBeGreaterThan(3);
    expect(given.filter((text) => /"auths?"|hunter22/.test(text))).toEqual([]);
  });

  it('mounts nothing of this machine, and no device', async () => {
    const { said } = await build(
      shows(
        `mount -t proc x /mnt && echo mounted; mount /dev/vda /mnt && echo mounted; mknod /disk b 254 0 && echo made; mount -o remount,rw /sys && echo mounted; ls /dev`,
      ),
    );
    expect(said).toContain('the end');
    expect(said).not.toMatch(/^(mounted|made)$/m);
  });

  it('carries no file of this machine into an image by a link', async () => {
    const { image } = await build('FROM scratch\nADD base.tar.gz /\nRUN ln -s /etc/shadow /stolen && ln -s / /way\n');
    expect(image).toMatch(/@sha256:/);
    const copied = await build(
      `FROM ${String(image)} AS first\nFROM scratch\nCOPY --from=first /way/etc/shadow /shadow\n`,
      { repository: 'shop/copy' },
    );
    expect(copied.image).toBeInstanceOf(Error);
  });

  it('cannot take its image from an address inside that the policy does not name', async () => {
    for (const host of ['10.1.2.3:5000', '169.254.169.254', 'localhost:1', '127.0.0.1:2']) {
      expect(String((await build(`FROM ${host}/secret/image:1\n`)).image)).toMatch(/SLIP-IMG-6.*address inside/);
    }
  });

  it('is built on images of its registry: by tag, by digest, by the digest of an index, and in COPY', async () => {
    const first = (await build(base, { repository: 'base/first' })).image as string;
    await createRegistry().tag(first, '1');
    const index = await putIndex(registry.host, 'base/first', first.split('@')[1]!);
    const dockerfile = [
      `ARG TAG=none`,
      `FROM ${registry.host}/base/first:$TAG AS one`,
      `RUN echo one > /one`,
      `FROM ${registry.host}/base/first@${index}`,
      `COPY --from=one /one /one`,
      `COPY --from=${first} /bin/busybox /two`,
      `RUN cat /one && ls -l /two`,
    ].join('\n');
    const { image, said } = await build(dockerfile, { args: { TAG: '1' } });
    expect(image).toMatch(/@sha256:/);
    expect(said).toMatch(/^one$/m);
  });

  it('says which image could not be fetched', async () => {
    expect(String((await build(`FROM ${registry.host}/not/there:1\n`)).image)).toMatch(/SLIP-IMG-1.*not\/there:1/s);
  });

  it('says that a name which only the builder knows was not fetched', async () => {
    expect(String((await build('ARG TARGETARCH\nFROM base-${TARGETARCH}\n')).image)).toMatch(
      /SLIP-IMG-1.*cannot be told what/s,
    );
  });
});

async function textsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
}

/** An index of one image, as registries have them for several platforms. */
async function putIndex(host: string, repository: string, digest: string): Promise<string> {
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = await fetch(`http://${host}/v2/${repository}/manifests/${digest}`, { headers: { accept: type } });
  const size = Buffer.byteLength(await manifest.text());
  const platform = { architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux' };
  const mediaType = 'application/vnd.docker.distribution.manifest.list.v2+json';
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    manifests: [{ mediaType: type, size, digest, platform }],
  });
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/many`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body,
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}`);
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
