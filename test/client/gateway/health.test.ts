import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GatewayParts } from '../../../client/gateway/calls.ts';
import { healthOf } from '../../../client/gateway/health.ts';
import { identifyBy } from '../../../client/gateway/doors.ts';
import { peopleOfTokens, tokenDoor } from '../../../client/gateway/tokens.ts';
import { aPolicy } from '../../domain/builders.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'slipway-health-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a gateway that knows people', () => {
  const lane = { service: 'shop', environment: 'production' };
  const healthWith = (groups: string[], floorOf: () => Promise<unknown>) =>
    healthOf({
      engine: { look: async () => undefined },
      records: { attempts: { list: async () => [] } },
      pipeline: { policyProblem: async () => undefined, lanes: async () => [lane], floorOf },
      identify: async () => undefined,
      people: async () => ({ people: [{ id: 'kim', groups }] }),
    } as unknown as GatewayParts);
  const floor = async () => ({ approval: aPolicy({ groups: ['managers'] }), onCall: { shop: ['rota'] } });

  it('says which groups of the policy nobody is in, and is well all the same', async () => {
    expect(await healthWith(['managers', 'rota'], floor)).toMatchObject({ ok: true, people: 'ok' });
    expect(await healthWith(['managers'], floor)).toMatchObject({
      ok: true,
      people: { ok: false, says: 'nobody is in rota, which is on call for shop in production' },
    });
  });

  it('says nothing of that where the policy cannot be read', async () => {
    expect(await healthWith([], () => Promise.reject(new Error('no')))).not.toHaveProperty('people');
  });
});

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
      identify: identifyBy([tokenDoor(file)], { people: async () => undefined }),
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

it('knows everybody whom the file of tokens names', async () => {
  const file = join(directory, 'tokens.json');
  const entry = { sha256: 'a'.repeat(64), id: 'kim', groups: ['managers'] };
  await writeFile(file, JSON.stringify([entry]));
  expect(await peopleOfTokens(file)).toEqual([{ id: 'kim', groups: ['managers'] }]);
});
