import { describe, expect, it } from '@jest/globals';
import { createRegistry } from '../../activities/images/registry.ts';
import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { describeRegistry } from '../contract/images-registry.suite.ts';
import { aProgress } from '../support/progress.ts';
import { putImage, startRegistry } from '../support/registry.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('docker-registry', 'buildah', 'skopeo');

describeRegistry('distribution', async () => {
  const real = await startRegistry();
  return {
    registry: createRegistry(),
    host: real.host,
    putImage: (repository, content) => putImage(real.host, repository, content),
    tearDown: real.stop,
  };
});

describe('a registry that wants a login', () => {
  /** bot / hunter22 */
  const htpasswd = 'bot:$2b$04$p.DbJtOeucI2iIIsIlH3eeA6tqoZvlKyFuSFEzqdlEhMYZteOKmRW\n';
  const login = (password: string) => async () => ({ username: 'bot', password });

  it('takes builds and tags with the login, and refuses them without it', async () => {
    const real = await startRegistry({ htpasswd });
    const directory = await mkdtemp(join(tmpdir(), 'slipway-context-'));
    await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    const request = {
      directory,
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
      labels: {},
      repository: `${real.host}/shop/core`,
    };
    try {
      const image = await createBuildahBuilder({ credentials: login('hunter22') }).build(request, aProgress());
      const registry = createRegistry({ credentials: login('hunter22') });
      await registry.tag(image, 'v1');
      expect(await registry.resolve(`${real.host}/shop/core:v1`)).toBe(image.split('@')[1]);
      for (const credentials of [login('wrong'), async () => undefined]) {
        await expect(createBuildahBuilder({ credentials }).build(request, aProgress())).rejects.toThrow(/SLIP-IMG-5/);
        await expect(createRegistry({ credentials }).resolve(image)).rejects.toThrow(/SLIP-IMG-5/);
        await expect(createRegistry({ credentials }).tag(image, 'v2')).rejects.toThrow(/SLIP-IMG-5/);
      }
    } finally {
      await real.stop();
      await rm(directory, { recursive: true });
    }
  }, 120_000);
});
