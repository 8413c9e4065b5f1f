import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../lab/services/registry.ts';
import { putImage } from '../support/registry.ts';

describe("the lab's image registry", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-lab-registry-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const start = () => startRegistry({ directory, progress: () => {} });

  it('writes one line for each push, so that pushes can be counted', async () => {
    const registry = await start();
    const digest = await putImage(registry.host, 'shop/core', 'one');
    await registry.stop();
    const lines = (await readFile(registry.logFile, 'utf8')).split('\n');
    expect(lines.filter((line) => line.includes(`"PUT /v2/shop/core/manifests/${digest} HTTP/1.1" 201`))).toHaveLength(
      1,
    );
  });

  it('has the same images after it was started again', async () => {
    const first = await start();
    const digest = await putImage(first.host, 'shop/core', 'two');
    await first.stop();
    const second = await start();
    const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
    const answer = await fetch(`http://${second.host}/v2/shop/core/manifests/${digest}`, { method: 'HEAD', headers });
    await second.stop();
    expect(answer.status).toBe(200);
  });

  it('refuses a directory that another one is working in', async () => {
    const registry = await start();
    await expect(start()).rejects.toThrow(/uses .*slipway-lab-registry/);
    await registry.stop();
  });
});
