import { describe, expect, it } from '@jest/globals';
import type { LaneList } from '../../../domain/contract/gateway.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import { listLanes } from '../../../client/gateway/lane-list.ts';
import { tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** An installation with other services beside the one that tests are about. */
function anInstallation(beside: string[] = []) {
  const parts = gateway();
  parts.policy.beside = beside;
  const lanes = async (query = '', token = tokens.dana) =>
    (await parts.get(`/v1/lanes${query}`, token)).body as unknown as LaneList;
  const path = `/v1/lanes/${parts.service}/production`;
  return { ...parts, lanes, path };
}

describe('a list of lanes', () => {
  it('says of each what closes it by the records, until that is lifted', async () => {
    const { lanes, path, post, service, records } = anInstallation(['quiet']);
    const lane = { service, environment: 'production' };
    await post(`${path}/freeze`, { reason: 'stock-taking' }, tokens.kim);
    await records.closings.hold(lane, { id: 'hold-1', by: `release/${service}`, reason: 'halted', from: 5 });
    const closed = (await lanes()).lanes.find((one) => one.service === service)!;
    expect(closed.closures).toMatchObject([
      { kind: 'hold', reason: 'halted' },
      { kind: 'freeze', by: 'kim', reason: 'stock-taking' },
    ]);
    const freeze = closed.closures[1]!.id;
    await post(`${path}/unfreeze`, { reason: 'counted', id: freeze }, tokens.kim);
    await post(`${path}/clear-hold`, { reason: 'looked', id: 'hold-1' }, tokens.kim);
    expect(await lanes()).toEqual({
      lanes: [
        { service: 'quiet', environment: 'production', closures: [] },
        { ...lane, closures: [] },
      ],
    });
  });

  it('goes by no order that nobody has signed: as no step does', async () => {
    const { lanes, path, post, service, records } = anInstallation();
    const lane = { service, environment: 'production' };
    await post(`${path}/freeze`, { reason: 'stock-taking' }, tokens.kim);
    const [freeze] = (await lanes()).lanes[0]!.closures;
    const order = {
      id: 'forged',
      lane,
      by: 'kim',
      at: 1,
      reason: 'open',
      kind: 'unfreeze' as const,
      lifts: freeze!.id,
    };
    await records.closings.order({ order, keyId: 'k', signature: 'AAAA' });
    expect((await lanes()).lanes[0]!.closures).toMatchObject([{ id: freeze!.id }]);
  });

  it('says who is in, as the records have it', async () => {
    const { lanes, service, records } = anInstallation();
    const lane = { service, environment: 'production' };
    const member = { releaseId: 'release/one', kind: 'release', commit: 'a', queue: 'fifo', joinedAt: 1 } as const;
    const { incarnation } = await records.lanes.begin(lane, 'run');
    const ticket = { incarnation, n: 1 };
    const holder = { member, ticket, since: 77 };
    await records.lanes.remember(lane, { holder, waiting: [] }, { incarnation, sequence: 1, runId: 'run' });
    expect((await lanes()).lanes).toEqual([
      { ...lane, closures: [], holder: { releaseId: 'release/one', ticket, since: 77 } },
    ]);
  });

  it('names the newest of many closures, and how many there are beside them', async () => {
    const { lanes, service, records } = anInstallation();
    const lane = { service, environment: 'production' };
    for (const n of [1, 2, 3, 4, 5])
      await records.closings.hold(lane, { id: `hold-${n}`, by: `release/${n}`, reason: 'halted', from: n });
    const [row] = (await lanes()).lanes;
    expect([row!.closures.map(({ id }) => id), row!.moreClosures]).toEqual([['hold-3', 'hold-4', 'hold-5'], 2]);
  });

  it('goes on where the page before has ended, and asks the records twice for each, however long it is', async () => {
    const { lanes, askedRecords, service } = anInstallation(['a', 'b', 'c']);
    const first = await lanes('?limit=2');
    expect(first).toMatchObject({ lanes: [{ service: 'a' }, { service: 'b' }], next: 'b/production' });
    const asked = askedRecords.filter((one) => /^(lanes|closings|lanesAtOnce)\./.test(one));
    expect(asked.sort()).toEqual(['lanes.holders', 'lanesAtOnce.closings', 'lanesAtOnce.closingsCounted']);
    const rest = await lanes(`?limit=2&after=${first.next}`);
    expect(rest.lanes.map((one) => one.service)).toEqual(['c', service]);
    expect(rest).not.toHaveProperty('next');
    expect((await lanes('?service=b')).lanes).toHaveLength(1);
    expect((await lanes('?environment=staging')).lanes).toEqual([]);
  });

  it.each([
    ['is too much for a list', { unread: [], tooMuch: ['LANE'] }],
    ['is not read yet', { unread: ['LANE'], tooMuch: [] }],
  ])('says so where what closes one of them %s', async (_what, { unread, tooMuch }) => {
    const { service, records } = anInstallation();
    const lane = { service, environment: 'production' };
    const named = (names: string[]) => names.map(() => laneInPath(lane));
    const closures = async () => ({ closed: new Map(), unread: named(unread), tooMuch: named(tooMuch) });
    const list = await listLanes({ records, closures }, [lane], { limit: 1 });
    expect(list).toEqual({ lanes: [{ ...lane, closures: [], untold: true }] });
  });

  it('has no lane that whoever asks may not look at', async () => {
    const { lanes, policy, post, path } = anInstallation();
    await post(`${path}/freeze`, { reason: 'stock-taking' }, tokens.kim);
    policy.access = { look: ['approvers'] };
    expect(await lanes('', tokens.dana)).toEqual({ lanes: [] });
    expect((await lanes('', tokens.kim)).lanes).toHaveLength(1);
  });
});
