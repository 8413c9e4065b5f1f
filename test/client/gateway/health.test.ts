import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GatewayParts } from '../../../client/gateway/calls.ts';
import { healthOf } from '../../../client/gateway/health.ts';
import { identifyByTokens } from '../../../client/gateway/tokens.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'slipway-health-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a gateway whose file of tokens breaks while it runs', () => {
  it.each<[string, string | undefined, string | RegExp]>([
    ['is whole', '[]', 'ok'],
    ['is gone', undefined, /cannot be read \(ENOENT\)$/],
    ['is half written', '[{ "sha256": "a-token-itself', /is no JSON$/],
    ['has entries that are wrong', '[{ "sha256": "a-token-itself" }]', /\nentry 1 sha256 must be 64/],
  ])('says how it is where the file %s', async (_how, content, tokens) => {
    const file = join(directory, 'tokens.json');
    if (content !== undefined) await writeFile(file, content);
    const parts = {
      engine: { look: async () => undefined },
      records: { attempts: { list: async () => [] } },
      pipeline: { policyProblem: async () => undefined },
      identify: identifyByTokens(file),
    } as unknown as GatewayParts;
    const health = await healthOf(parts);
    expect(health).toMatchObject({
      ok: tokens === 'ok',
      tokens: expect.stringMatching(tokens),
      temporal: 'ok',
      records: 'ok',
    });
    expect(health.tokens).not.toContain('a-token-itself');
  });
});
