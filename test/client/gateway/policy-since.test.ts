import { describe, expect, it, jest } from '@jest/globals';
import type { PolicyFloor } from '../../../domain/contract/policy.ts';
import type { ReleaseStatus, Stage } from '../../../domain/contract/status.ts';
import { runStates } from '../../../client/gateway/run-states.ts';
import { policySince } from '../../../client/gateway/policy-since.ts';
import { aPlan, aPolicy, aReleaseId } from '../../domain/builders.ts';

type Parts = Parameters<typeof runStates>[0];

const plan = aPlan({ approval: aPolicy({ groups: ['approvers'], quorum: 1 }) });
const then = { 'approval.groups': ['approvers'], 'approval.quorum': 1 };
const releaseId = aReleaseId(1);

const waits = (stage: Stage) =>
  ({
    stage,
    doing: '',
    planHash: 'h',
    waitingFor: { what: 'approval', who: 'approvers' },
    timings: [{ stage, startedAt: 5 }],
  }) as unknown as ReleaseStatus;

interface Now {
  hash: string;
  floor?: PolicyFloor;
  groups?: string[];
  onCall?: string[];
}

function aGateway({ hash, floor = {}, groups = ['approvers'], onCall }: Now, read: unknown) {
  const plans = { find: () => Promise.resolve(plan), kept: () => Promise.resolve(read) };
  const approval = aPolicy({ groups, quorum: Number(floor['approval.quorum'] ?? 1) });
  const pipeline = {
    policyOf: () => Promise.resolve({ hash, floor }),
    floorOf: () => Promise.resolve({ approval, ...(onCall && { onCall: { [plan.service]: onCall } }) }),
  };
  return { records: { plans }, pipeline } as unknown as Parameters<typeof policySince>[0];
}

/** What the gateway says of a run whose plan was made under `then`. */
function since(now: Now, stage: Stage = 'awaiting-approval', read: unknown = { spec: { policyFloor: then } }) {
  return policySince(aGateway(now, read), { releaseId, lane: plan, status: waits(stage) });
}

const moved: Now = {
  hash: 'another',
  floor: { 'approval.groups': ['release-managers'], 'approval.quorum': 2 },
  groups: ['release-managers'],
};
const both = "those who are both in release-managers (by this gateway's policy) and in approvers (by the plan)";
const madeAnew = 'A plan that is approved all the same is made anew before anything is changed, and asked about again.';

describe('a plan that waits for approval', () => {
  it('has nothing said beside it under the policy that it was made by', async () => {
    expect(await since({ hash: plan.policyHash })).toBeUndefined();
  });

  it('is said to be of another policy, with what has changed and who may approve now', async () => {
    expect(await since(moved)).toEqual({
      waitingFor: { what: 'approval', who: both },
      words: [
        `This plan was made by another policy than this gateway has: approval.groups (approvers, now release-managers), approval.quorum (1, now 2). Both are asked who may approve: 1 of ${both}. Where there is nobody: slipway abort ${releaseId}, then a new attempt. ${madeAnew}`,
      ],
    });
  });

  it.each([
    [null],
    [{}],
    [{ spec: { policyFloor: 'x'.repeat(1_000_000) } }],
    [{ spec: { policyFloor: Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`key-${n}`, 1])) } }],
    [{ spec: { policyFloor: { ['k'.repeat(201)]: 1 } } }],
  ])('is said to be so also where nobody knows what has changed', async (read) => {
    const floor = { 'approval.quorum': 1 };
    expect((await since({ hash: 'another', floor }, 'awaiting-approval', read))?.words).toEqual([
      `This plan was made by another policy than this gateway has. Both are asked who may approve: 1 of approvers. ${madeAnew}`,
    ]);
  });

  it('is said to be refused where the policy does not let its service in', async () => {
    expect((await since({ hash: 'another', floor: {} }))?.words).toEqual([
      'The policy that this gateway has does not let shop into production: a plan that is approved all the same is refused before anything is changed.',
    ]);
  });

  /** How a list has it. */
  async function listed(plans: object) {
    const engine = { status: () => Promise.resolve(waits('awaiting-approval')) };
    const parts = { ...aGateway(moved, {}), records: { plans }, engine, now: () => 9 } as unknown as Parts;
    const row = { releaseId, service: plan.service, environment: plan.environment };
    return (await runStates(parts).of([row as never]))[0]?.state;
  }

  it('waits for who may approve by now in a list, too, which reads the plan alone for it', async () => {
    const kept = jest.fn();
    const state = await listed({ find: () => Promise.resolve(plan), kept });
    expect(state?.waitingFor).toEqual({ what: 'approval', who: both });
    expect(kept).not.toHaveBeenCalled();
  });

  it('waits in a list for whom its plan names where the records do not answer in time', async () => {
    jest.useFakeTimers();
    try {
      const state = listed({ find: () => new Promise(() => {}) });
      await jest.advanceTimersByTimeAsync(10_000);
      expect((await state)?.waitingFor).toEqual({ what: 'approval', who: 'approvers' });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a run that is held', () => {
  it('waits for who is on call by now, or may approve by now', async () => {
    const rota = { hash: 'another', onCall: ['rota'] };
    expect(await since(rota, 'held')).toEqual({ waitingFor: { what: 'approval', who: 'rota' }, words: [] });
    expect((await since(moved, 'held'))?.waitingFor.who).toBe(both);
  });
});
