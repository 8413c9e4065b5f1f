import { describe, expect, it } from '@jest/globals';
import { automaticPromotions } from '../../../client/gateway/automatic-promotions.ts';
import { refuseDecider } from '../../../domain/approval.ts';
import type { Identity } from '../../../domain/contract/release.ts';
import { aCommit, aHash, aPolicy, aVerified } from '../../domain/builders.ts';
import { anOrder, aStart, signer, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();
const dana: Identity = { id: 'dana', via: 'token', groups: [] };
const aYes = (by: Identity) => ({ kind: 'approve' as const, planHash: aHash(), by });

/** A service whose staging goes to production by itself, after a second. */
function aShop() {
  const { parts, post, records, service, policy, engine, later } = gateway();
  policy.environments = ['staging', 'production'];
  policy.from = 'staging';
  policy.promotions = [{ service, from: 'staging', to: 'production', afterMs: 1_000 }];
  const said: string[] = [];
  const promotions = automaticPromotions(parts, (line) => void said.push(line));
  const asked = async (letter: string, environment: string, requestedBy = dana) => {
    const request = {
      ...{ service, environment, repository: 'https://git.test/shop', branch: 'main', commit: aCommit(letter) },
      ...{ requestedBy, requestedAt: parts.now(), images: {}, downgrade: false },
    };
    const { attempt } = await records.attempts.open(request, {
      requestKey: `${letter} ${environment} ${parts.now()}`,
      fresh: true,
      sign: (taken) => signer.signRequest(taken),
      believes: () => true,
      refuseNew: undefined,
    });
    return attempt.releaseId;
  };
  const ends = (releaseId: string, outcome: string) =>
    records.attempts.conclude(releaseId, { outcome, summary: '', endedAt: parts.now() });
  return {
    ...{ parts, records, policy, engine, later, said, promotions, asked, ends, service },
    look: () => promotions.look(),
    /** Long ago, unless told otherwise. */
    async verified(letter: string, { by = dana, verifiedAt = 5, environment = 'staging' } = {}) {
      const commit = aCommit(letter);
      const releaseId = await asked(letter, environment, by);
      await records.inventory.record([aVerified({ service, environment, commit, releaseId, verifiedAt })]);
      await ends(releaseId, 'verified');
      return { releaseId, commit };
    },
    putBack: async (releaseId: string) => {
      const { kind: _kind, ...order } = anOrder('roll-back', { releaseId });
      expect((await post('/v1/rollbacks', order, tokens.kim)).status).toBe(201);
    },
    promoted: () => records.attempts.list({ service, environment: 'production', limit: 10 }),
  };
}

describe('what the policy has promoted by itself', () => {
  it('is asked for once, with that nobody has started it, once it was verified for long enough', async () => {
    const { verified, look, promoted, said } = aShop();
    const { commit } = await verified('b');
    await look();
    await look();
    const [one, ...others] = await promoted();
    expect(others).toEqual([]);
    expect(one?.request).toMatchObject({ commit, requestedBy: dana, byItself: true, images: {}, downgrade: false });
    expect(said).toEqual([
      expect.stringMatching(/^the promotion of \S+ from staging to production: release\/\S+ is started by itself$/),
    ]);
  });

  it.each<[string, Identity, string]>([
    ['who has asked for it there', { ...dana, id: 'kim' }, 'kim asked for this release'],
    ['who has made the token that asked there', { ...dana, behind: 'kim' }, 'kim made the token'],
  ])('is approved by nobody %s', async (_who, by, why) => {
    const { verified, look, promoted } = aShop();
    await verified('b', { by });
    await look();
    const { requestedBy } = (await promoted())[0]!.request;
    const decision = aYes({ id: 'kim', via: 'oidc', groups: ['approvers'] });
    const policies = [aPolicy({ groups: ['approvers'], excludeRequester: true })];
    expect(refuseDecider({ decision, requestedBy, policies })).toContain(why);
  });

  it('is approved by nobody who is called otherwise by now, either', async () => {
    const { verified, look, promoted } = aShop();
    await verified('b', { by: { ...dana, id: 'kim-of-before' } });
    await look();
    const { requestedBy } = (await promoted())[0]!.request;
    const decision = aYes({ id: 'kim', via: 'token', groups: [] });
    const people = { people: { kim: { token: 'kim-of-before' } }, groups: { approvers: { members: ['kim'] } } };
    const policies = [aPolicy({ groups: ['approvers'], excludeRequester: true })];
    expect(refuseDecider({ decision, requestedBy, policies, people })).toContain('asked for this release');
  });

  it('is left to people where that commit was ever asked for, whatever has become of it', async () => {
    const { verified, look, promoted, asked, ends } = aShop();
    await ends(await asked('b', 'production'), 'rejected');
    await verified('b');
    await look();
    expect(await promoted()).toHaveLength(1);
  });

  it('waits while what is verified is too new, and where something was asked for there since', async () => {
    const { verified, look, promoted, asked, records } = aShop();
    await verified('b', { verifiedAt: await records.clock.now() });
    await look();
    expect(await promoted()).toEqual([]);
    await verified('c');
    await asked('d', 'staging');
    await look();
    expect(await promoted()).toEqual([]);
  });

  it('is not what was before, where what came after it was put back: the time there has not begun anew', async () => {
    const { verified, look, promoted, records } = aShop();
    await verified('b', { verifiedAt: 5 });
    const { releaseId } = await verified('c', { verifiedAt: 50 });
    await records.inventory.revoke(releaseId, 'error rate');
    await look();
    expect(await promoted()).toEqual([]);
  });

  it('is not a commit that was put back there before, though it is verified once more', async () => {
    const { verified, look, promoted, records } = aShop();
    const { releaseId } = await verified('b', { verifiedAt: 5 });
    await records.inventory.revoke(releaseId, 'error rate');
    await verified('b', { verifiedAt: 50 });
    await look();
    expect(await promoted()).toEqual([]);
  });

  it('is not asked for while it is being put back there', async () => {
    const { verified, look, promoted, said, putBack } = aShop();
    const { releaseId } = await verified('b');
    await putBack(releaseId);
    await look();
    expect(await promoted()).toEqual([]);
    expect(said).toEqual([expect.stringContaining(`${releaseId} was ordered back`)]);
  });

  it('is not asked for where slipway.yaml takes its images from elsewhere, and it is said once for each try why', async () => {
    const { verified, look, promoted, said, policy, later } = aShop();
    policy.from = 'integration';
    await verified('b');
    await look();
    await look();
    expect(await promoted()).toEqual([]);
    const why = /is not started by itself: production takes no images from staging: .* says `from: integration`$/;
    expect(said).toEqual([expect.stringMatching(why)]);
    later(11 * 60_000);
    await look();
    expect(said).toHaveLength(2);
  });

  it('is not asked for in the name of somebody whom the policy knows no more', async () => {
    const { verified, look, promoted, said, policy } = aShop();
    policy.people = { people: { kim: {} }, groups: {} };
    await verified('b');
    await look();
    expect(await promoted()).toEqual([]);
    expect(said).toEqual([expect.stringContaining('the policy knows dana, who asked for it in staging, no more')]);
  });

  it('is of the commit that was asked for, whatever a row says', async () => {
    const { records, look, promoted, said, asked, service } = aShop();
    const releaseId = await asked('b', 'staging');
    await records.inventory.record([
      aVerified({ service, environment: 'staging', commit: aCommit('d'), releaseId, verifiedAt: 5 }),
    ]);
    await look();
    expect(await promoted()).toEqual([]);
    expect(said).toEqual([expect.stringContaining('was not asked for the commit that it has verified in staging')]);
  });

  it('is begun by a later look where its start was interrupted, and the log has what went wrong', async () => {
    const { verified, look, promoted, engine, later, said } = aShop();
    await verified('b');
    const begun = new Set<string>();
    engine.look = async (id) => (begun.has(id) ? { firstRunId: 'run', open: true, pending: [] } : undefined);
    engine.startRelease = () => Promise.reject(new Error('cut off'));
    await look();
    const { releaseId } = (await promoted())[0]!;
    expect(said).toEqual([expect.stringContaining(`whether ${releaseId} has begun is not known`)]);
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
    expect([starts, (await promoted()).length]).toEqual([1, 1]);
  });

  it('is asked for though another one cannot be looked at, whose trouble is told in its own words', async () => {
    const { verified, promotions, promoted, policy, parts, said } = aShop();
    policy.promotions!.unshift({ service: 'broken', from: 'staging', to: 'production', afterMs: 0 });
    const { current } = parts.records.inventory;
    parts.records.inventory.current = (lane) =>
      lane.service === 'broken' ? Promise.reject(new Error('no such table')) : current(lane);
    await verified('b');
    await promotions.look();
    expect(await promoted()).toHaveLength(1);
    expect(said[0]).toBe('the promotion of broken from staging to production is not started by itself: no such table');
  });

  it('is asked for by nobody who ends', async () => {
    const { verified, promotions, promoted } = aShop();
    await verified('b');
    promotions.end();
    await promotions.look();
    expect(await promoted()).toEqual([]);
  });
});

it('no caller may take the key by which the gateway asks', async () => {
  const { post, service } = gateway();
  const answer = await post('/v1/releases', aStart(service, { requestKey: 'promotion/production/release/shop' }));
  expect(answer.status).toBe(400);
});
