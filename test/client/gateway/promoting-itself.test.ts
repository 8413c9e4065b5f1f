import { describe, expect, it } from '@jest/globals';
import { promoteAll } from '../../../client/gateway/promoting.ts';
import { aCommit, aVerified } from '../../domain/builders.ts';
import { anOrder, aStart, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** A service whose staging goes to production by itself, after a second. */
function aShop() {
  const { parts, post, records, service, policy, engine, later } = gateway();
  policy.environments = ['staging', 'production'];
  policy.from = 'staging';
  policy.promotions = [{ service, from: 'staging', to: 'production', afterMs: 1_000 }];
  const said: string[] = [];
  const refused = new Map<string, number>();
  return {
    ...{ records, policy, engine, later, said },
    /** By dana, as a release to staging. */
    async verified(letter: string, changes: Parameters<typeof aVerified>[0] = {}) {
      const commit = aCommit(letter);
      const { body } = await post('/v1/releases', aStart(service, { commit, environment: 'staging' }), tokens.dana);
      const { releaseId } = body;
      const verifiedAt = await records.clock.now();
      const row = { service, environment: 'staging', commit, releaseId, verifiedAt, ...changes };
      await records.inventory.record([aVerified(row)]);
      await records.attempts.conclude(releaseId, { outcome: 'verified', summary: '', endedAt: verifiedAt });
      return { releaseId, commit };
    },
    putBack: async (releaseId: string) => {
      const { kind: _kind, ...order } = anOrder('roll-back', { releaseId });
      expect((await post('/v1/rollbacks', order, tokens.kim)).status).toBe(201);
    },
    /** Asked for by somebody. */
    toProduction: (commit: string) =>
      post('/v1/releases', aStart(service, { commit, environment: 'production' }), tokens.dana),
    look: () => promoteAll({ ...parts, now: parts.now }, refused, (line) => void said.push(line)),
    promoted: () => records.attempts.list({ service, environment: 'production', limit: 10 }),
  };
}

describe('what the policy has promoted by itself', () => {
  it('is asked for once it was verified for long enough, in the name of whoever asked for it there, and once', async () => {
    const { verified, look, promoted, said } = aShop();
    const { commit } = await verified('b', { verifiedAt: 5 });
    await look();
    await look();
    const [one, ...others] = await promoted();
    expect(others).toEqual([]);
    expect(one?.request).toMatchObject({
      commit,
      environment: 'production',
      requestedBy: { id: 'dana', via: 'promotion', groups: [] },
      images: {},
      downgrade: false,
    });
    expect(said).toEqual([
      expect.stringMatching(/, verified in staging, is promoted to production by itself: release\//),
    ]);
  });

  it('is not asked for before, nor where somebody has asked for it since', async () => {
    const { verified, look, promoted, toProduction } = aShop();
    await verified('b');
    await look();
    expect(await promoted()).toEqual([]);
    const { commit } = await verified('c', { verifiedAt: 5 });
    await toProduction(commit);
    await look();
    expect(await promoted()).toHaveLength(1);
  });

  it('is not asked for where slipway.yaml takes its images from elsewhere, and it is said once why', async () => {
    const { verified, look, promoted, said, policy } = aShop();
    policy.promotions = [{ ...policy.promotions![0]!, from: 'integration' }];
    const { commit } = await verified('b', { environment: 'integration', verifiedAt: 5 });
    await look();
    await look();
    expect(await promoted()).toEqual([]);
    expect(said).toEqual([
      expect.stringContaining(
        `${commit.slice(0, 12)}, verified in integration, is not promoted to production by itself: production takes no images from integration`,
      ),
    ]);
  });

  it('is not asked for while it is being put back there', async () => {
    const { verified, look, promoted, said, putBack } = aShop();
    const { releaseId } = await verified('b', { verifiedAt: 5 });
    await putBack(releaseId);
    await look();
    expect(await promoted()).toEqual([]);
    expect(said).toEqual([expect.stringContaining(`${releaseId} was ordered back`)]);
  });

  it('is begun by a later look where its start was interrupted', async () => {
    const { verified, look, promoted, engine, later } = aShop();
    await verified('b', { verifiedAt: 5 });
    const begun = new Set<string>();
    engine.look = async (id) => (begun.has(id) ? { firstRunId: 'run', open: true, pending: [] } : undefined);
    engine.startRelease = () => Promise.reject(new Error('cut off'));
    await look();
    const { releaseId } = (await promoted())[0]!;
    let starts = 0;
    engine.startRelease = async () => {
      starts += 1;
      begun.add(releaseId);
      return { releaseId, created: true };
    };
    await look();
    expect(starts).toBe(0);
    later(11 * 60_000);
    await look();
    await look();
    expect([starts, begun.has(releaseId), (await promoted()).length]).toEqual([1, true, 1]);
  });
});
