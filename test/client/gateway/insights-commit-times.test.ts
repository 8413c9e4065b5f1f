import { describe, expect, it } from '@jest/globals';
import { commitTimes } from '../../../client/gateway/insights/commit-times.ts';
import { aRun, minute } from '../../domain/insights/builders.ts';

/** A repository that answers each ask when it is told to; `clock`: the gateway's. */
function aSource() {
  const asks: { repository: string; answer: () => void; fail: () => void }[] = [];
  const clock = { now: 0 };
  const logged: unknown[] = [];
  const times = commitTimes({
    source: {
      times: ({ repository, commits }: { repository: string; commits: readonly string[] }) =>
        new Promise((resolve, reject) =>
          asks.push({
            repository,
            answer: () => resolve(new Map(commits.map((commit) => [commit, 5]))),
            fail: () => reject(new Error('no host')),
          }),
        ),
    },
    pipeline: { policyOf: async ({ service }: { service: string }) => ({ hash: '', floor: { repository: service } }) },
    log: (error: unknown) => void logged.push(error),
    now: () => clock.now,
  } as unknown as Parameters<typeof commitTimes>[0]);
  return { asks, clock, logged, times };
}

const ofShop = () => aRun({ committed: undefined });
const ofCheckout = () => aRun({ committed: undefined, more: { service: 'checkout' } });
const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('times of commits', () => {
  it('are asked once at a time of a lane, however many ask while a host hangs; and of others meanwhile', async () => {
    const { asks, times } = aSource();
    const [run, other] = [ofShop(), ofCheckout()];
    const waiting = Array.from({ length: 5 }, () => times.of([run]));
    await soon();
    expect(asks.map(({ repository }) => repository)).toEqual(['shop']);
    const both = times.of([run, other]);
    await soon();
    expect(asks.map(({ repository }) => repository)).toEqual(['shop', 'checkout']);
    for (const { answer } of asks) answer();
    for (const told of await Promise.all([...waiting, both])) expect(told[0]).toMatchObject({ committedAt: 5 });
    expect((await both)[1]).toMatchObject({ committedAt: 5 });
    expect(asks).toHaveLength(2);
  });

  it('are not asked again of a lane that has failed, for ten minutes', async () => {
    const { asks, times, clock, logged } = aSource();
    const run = ofShop();
    const ask = async () => {
      const asked = times.of([run]);
      await soon();
      return asked;
    };
    const first = times.of([run]);
    await soon();
    asks[0]!.fail();
    expect((await first)[0]).not.toHaveProperty('committedAt');
    expect(logged).toHaveLength(1);
    clock.now = 9 * minute;
    await ask();
    expect(asks).toHaveLength(1);
    clock.now = 11 * minute;
    const again = times.of([run]);
    await soon();
    asks[1]!.answer();
    expect((await again)[0]).toMatchObject({ committedAt: 5 });
  });
});
