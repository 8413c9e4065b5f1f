import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import type { Insights } from '../../../domain/contract/insights.ts';
import { rollbackId } from '../../../domain/contract/names.ts';
import { weekMs, weekOf } from '../../../domain/insights/weeks.ts';
import { aHash, aResult, aVerified } from '../../domain/builders.ts';
import { aStart, signer, useGateway } from './gateway.ts';

const gateway = useGateway();
const thisYear = Date.UTC(2026, 10, 30, 8);

/** A lane, in the year in which Slipway was made. */
function aShop() {
  const parts = gateway();
  const { get, post, records, service, later } = parts;
  later(thisYear);
  const verified = async () => {
    const { releaseId } = (await post('/v1/releases', aStart(service))).body;
    const { startedAt } = (await records.attempts.find(releaseId))!;
    const endedAt = startedAt + 60_000;
    await records.inventory.record([aVerified({ service, releaseId, verifiedAt: startedAt })]);
    const told = { result: aResult('verified', { timings: [{ stage: 'done', startedAt: endedAt }] }) };
    await records.attempts.conclude(releaseId, { outcome: 'verified', summary: 'well', endedAt, told });
    later(600_000);
    return { releaseId, endedAt };
  };
  const insights = async (query = '') => get(`/v1/insights?service=${service}${query}`);
  const told = async () => (await insights()).body as unknown as Insights;
  /** It is on record that the order was carried out, whoever has signed it. */
  const ordered = async ({ releaseId, endedAt }: { releaseId: string; endedAt: number }, by = signer) => {
    const id = randomUUID();
    const run = rollbackId({ service, environment: 'production' }, id);
    const decision = {
      ...{ id, kind: 'roll-back' as const, releaseId, run, planHash: aHash(), channel: 'cli', reason: 'too slow' },
      ...{ by: { id: 'kim', via: 'token', groups: ['approvers'] }, decidedAt: endedAt },
    };
    const { signature } = by.sign(decision);
    await records.decisions.store({ decision, keyId: signer.sign(decision).keyId, signature });
    const timings = [{ stage: 'done' as const, startedAt: endedAt + 60_000 }];
    await records.plans.keep(run, 'result', aResult('rolled-back', { timings }));
  };
  return { ...parts, verified, insights, told, ordered };
}

describe('what the gateway counts', () => {
  it('is no order to roll back that no gateway has signed', async () => {
    const { verified, told, ordered } = aShop();
    const release = await verified();
    await ordered(release, createSigner(createKeyPair().privateKeyPem));
    expect(await told()).toMatchObject({ lookedAt: 1, troubles: [], dora: { failed: { count: 0, putBackLater: 0 } } });
    await ordered(release);
    expect(await told()).toMatchObject({
      troubles: [{ releaseId: release.releaseId, ended: 'put-back' }],
      dora: { failed: { count: 1, putBackLater: 1 } },
    });
  });

  it('is of 54 weeks at most, this one too', async () => {
    const { insights } = aShop();
    const back = (weeks: number) => `&since=${weekOf(thisYear) - weeks * weekMs}`;
    expect(await insights(back(53))).toMatchObject({ status: 200, body: { weeks: { length: 54 } } });
    for (const weeks of [54, 60, 2_900])
      expect(await insights(back(weeks))).toMatchObject({
        status: 400,
        body: { error: { message: 'that is more than 54 weeks: ask for fewer' } },
      });
    expect((await insights('&since=0')).status).toBe(400);
  });

  it('is of no more weeks where it ends long ago', async () => {
    const { insights } = aShop();
    const until = weekOf(thisYear) - 100 * weekMs;
    expect((await insights(`&since=${until - 54 * weekMs}&until=${until}`)).status).toBe(200);
    expect((await insights(`&since=${until - 55 * weekMs}&until=${until}`)).status).toBe(400);
  });
});
