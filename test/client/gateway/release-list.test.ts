import { describe, expect, it } from '@jest/globals';
import type { ReleaseList, ReleaseRow } from '../../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aCommit, aResult, aVerified } from '../../domain/builders.ts';
import { aStart, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** A lane in which releases are asked for, one after the other, and rolled back. */
function aShop() {
  const parts = gateway();
  const { get, post, records, service } = parts;
  const asked = async (letter: string, token = tokens.dana) =>
    (await post('/v1/releases', aStart(service, { commit: aCommit(letter) }), token)).body.releaseId;
  const ended = (id: string, outcome: string) =>
    records.attempts.conclude(id, { outcome, summary: `it was ${outcome}`, endedAt: 2_000_000 });
  const verified = async (letter: string) => {
    const id = await asked(letter);
    const { startedAt } = (await records.attempts.find(id))!;
    const row = aVerified({ service, releaseId: id, commit: aCommit(letter), verifiedAt: startedAt });
    await records.inventory.record([{ ...row, verifiedAt: startedAt - 1, releaseId: `${id}0` }, row]);
    await ended(id, 'verified');
    return id;
  };
  const rolledBack = async (releaseId: string, more = {}) => {
    const order = { releaseId, decisionId: `order-${service}`, reason: 'too slow', channel: 'cli', ...more };
    return (await post('/v1/rollbacks', order, tokens.kim)).body.releaseId;
  };
  const page = async (query = '') =>
    (await get(`/v1/releases?service=${service}${query}`)).body as unknown as ReleaseList;
  const ids = async (query = '') => (await page(query)).releases.map(({ releaseId }: ReleaseRow) => releaseId);
  return { ...parts, asked, ended, verified, rolledBack, page, ids };
}

describe('a list of releases', () => {
  it('has the rollbacks that were ordered among them, with what they put back, and why', async () => {
    const { asked, verified, rolledBack, page, records } = aShop();
    const first = await verified('a');
    const back = await rolledBack(first, { regions: ['de'] });
    const later = await asked('b');
    const { releases } = await page();
    expect(releases.map(({ releaseId }) => releaseId)).toEqual([later, back, first]);
    const { number } = (await records.attempts.find(first))!;
    expect(releases[1]).toMatchObject({
      requestedBy: 'kim',
      commit: aCommit('a'),
      undoes: { releaseId: first, number, nth: 1, regions: ['de'], reason: 'too slow' },
    });
    expect(releases[1]).not.toHaveProperty('number');
    await records.plans.keep(back, 'result', aResult('rolled-back', { timings: [{ stage: 'done', startedAt: 77 }] }));
    expect((await page()).releases[1]).toMatchObject({ outcome: 'rolled-back', endedAt: 77 });
  });

  it('goes on where the page before has ended, until there are no more, with nothing twice and nothing left out', async () => {
    const { asked, verified, rolledBack, page } = aShop();
    const first = await verified('a');
    const back = await rolledBack(first);
    const others = [await asked('b'), await asked('c'), await asked('d')];
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const one: ReleaseList = await page(`&limit=2${next === undefined ? '' : `&before=${next}`}`);
      seen.push(...one.releases.map(({ releaseId }) => releaseId));
      ({ next } = one);
    } while (next !== undefined);
    expect(seen).toEqual([...others.reverse(), back, first]);
  });

  it('has those alone that are asked for', async () => {
    const { asked, ended, verified, rolledBack, ids, records } = aShop();
    const first = await verified('a');
    const back = await rolledBack(first);
    const no = await asked('b', tokens.kim);
    await ended(no, 'rejected');
    const open = await asked('c');
    const { number, startedAt } = (await records.attempts.find(no))!;
    expect(await ids('&open=true')).toEqual([open, back]);
    expect(await ids('&open=false')).toEqual([no, first]);
    expect(await ids('&outcome=rejected')).toEqual([no]);
    expect(await ids('&by=kim')).toEqual([no, back]);
    expect(await ids(`&commit=${aCommit('a').slice(0, 7)}`)).toEqual([back, first]);
    expect(await ids(`&since=${startedAt}`)).toEqual([open, no]);
    expect(await ids(`&number=${number}`)).toEqual([no]);
    expect(await ids('&environment=staging')).toEqual([]);
  });

  it('says how what is open stands, since when, and whom it waits for', async () => {
    const { asked, page, engine } = aShop();
    const open = await asked('a');
    const waitingFor = { what: 'approval', who: 'approvers' };
    const timings = [{ stage: 'awaiting-approval', startedAt: 5 }];
    engine.status = async (id) =>
      ({
        releaseId: id,
        stage: 'awaiting-approval',
        doing: 'waiting',
        waitingFor,
        timings,
      }) as unknown as ReleaseStatus;
    const state = { stage: 'awaiting-approval', since: 5, doing: 'waiting', waitingFor };
    expect((await page()).releases).toMatchObject([{ releaseId: open, state }]);
  });

  it('is there without that where nobody says it', async () => {
    const { asked, page, engine } = aShop();
    const open = await asked('a');
    engine.status = () => Promise.reject(new Error('away'));
    const { releases } = await page();
    expect(releases.map(({ releaseId }) => releaseId)).toEqual([open]);
    expect(releases[0]).not.toHaveProperty('state');
  });

  it('goes on behind rollbacks that nobody asks for, however many', async () => {
    const { verified, rolledBack, page, records } = aShop();
    const first = await verified('a');
    const wanted = await rolledBack(first);
    const [signed] = await records.decisions.list(first);
    for (let n = 0; n < 25; n += 1) {
      const id = `forged-${n}-${first}`.replaceAll('/', '.');
      await records.decisions.store({ ...signed!, decision: { ...signed!.decision, id, run: `rollback/x/y/${n}` } });
    }
    const seen: string[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const one: ReleaseList = await page(`&limit=1${next === '' ? '' : `&before=${next}`}`);
      seen.push(...one.releases.map(({ releaseId }) => releaseId));
      ({ next } = one);
    }
    expect(seen.toSorted()).toEqual([wanted, first].toSorted());
  });

  it('leaves out orders that no gateway has signed', async () => {
    const { verified, rolledBack, ids, records } = aShop();
    const first = await verified('a');
    const back = await rolledBack(first);
    const [signed] = await records.decisions.list(first);
    const forged = { ...signed!.decision, id: 'forged', run: back.replace(/[^/]+$/, 'forged') };
    await records.decisions.store({ ...signed!, decision: forged });
    expect(await ids()).toEqual([back, first]);
  });

  it.each([
    ['before=1', 'before'],
    ['commit=zz', 'commit'],
    ['open=maybe', 'open'],
    ['limit=0', 'limit'],
  ])('is refused for %s', async (query, field) => {
    const { status, body } = await gateway().get(`/v1/releases?${query}`);
    expect(status).toBe(400);
    expect(body.error.message).toContain(field);
  });
});
