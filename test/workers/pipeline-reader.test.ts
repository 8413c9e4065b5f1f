import { describe, expect, it } from '@jest/globals';
import type { Source } from '../../activities/source/port.ts';
import { createPipelineReader } from '../../workers/pipeline-reader.ts';
import type { PolicyOnDisk } from '../../workers/policy-on-disk.ts';
import { aPipeline, aPolicy, changed, pipelineText } from '../pipeline/texts.ts';

const onDisk = { read: async () => aPolicy() } as PolicyOnDisk;
const commit = 'a'.repeat(40);

/** A reader of a repository in which slipway.yaml says this, on every branch. */
function readerOf(text: string) {
  aPipeline(text); // so that nothing is refused for its form
  const source = { confirm: async () => {}, read: async () => Buffer.from(text) } as unknown as Source;
  return createPipelineReader({ source, policy: onDisk, now: () => Date.UTC(2026, 0, 1) });
}

describe('the reader of pipeline files', () => {
  it('refuses a branch that only its own slipway.yaml lets into production', async () => {
    const reader = readerOf(changed(pipelineText, 'branches: [main]', 'branches: [main, my-branch]'));
    await expect(reader.read({ service: 'shop', branch: 'main', commit })).resolves.toMatchObject({
      spec: { environment: 'production', imagesFrom: ['registry.example.com:5000/shop'] },
    });
    await expect(reader.read({ service: 'shop', branch: 'my-branch', commit })).rejects.toThrow(
      /SLIP-CFG-3.*slipway\.yaml:29:22 {2}the branch `my-branch` may not be released to `production`/s,
    );
  });

  it("refuses another team's namespace, with those that are allowed", async () => {
    const reader = readerOf(changed(pipelineText, 'namespace: staging', 'namespace: payments-production'));
    await expect(reader.read({ service: 'shop', branch: 'develop', commit })).rejects.toThrow(
      /SLIP-CFG-3.*`payments-production` \(policy\.yaml:11\)\n +the policy allows `staging`/s,
    );
  });

  it('knows which services the policy lets into which environments', async () => {
    expect(await readerOf(pipelineText).lanes()).toEqual([
      { service: 'shop', environment: 'staging', access: {} },
      { service: 'shop', environment: 'production', access: {} },
    ]);
  });
});
