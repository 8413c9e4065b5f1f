import { describe, expect, it } from '@jest/globals';
import type { AuditLanes, AuditPage } from '../../../domain/contract/gateway.ts';
import { anOrder, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

describe('the audit, over the gateway', () => {
  it('is given as it is stored, in order and in pages, or the newest rows', async () => {
    const { get, post, release, decisionPath, service } = gateway();
    const id = await release();
    for (const kind of ['abort', 'retry', 'abort']) await post(decisionPath(id), anOrder(kind), tokens.kim);
    const lane = `${service}/production`;
    // Each kind of login has a chain of its own in the lane.
    const chain = `${lane}@gateway`;
    const rows = async (query: string, of = chain) =>
      ((await get(`/v1/audit/rows?lane=${encodeURIComponent(of)}&${query}`)).body as unknown as AuditPage).rows;
    expect((await rows('after=1&limit=1')).map(({ n, who, writer }) => [n, who, writer])).toEqual([
      [2, 'kim', 'test_gateway'],
    ]);
    expect((await rows('newest=true&limit=2', lane)).map(({ n }) => n)).toEqual([2, 3]);
    const { lanes } = (await get('/v1/audit')).body as unknown as AuditLanes;
    expect(lanes).toContainEqual({ lane: chain, n: 3, hash: (await rows('after=2'))[0]!.hash });
  });
});
