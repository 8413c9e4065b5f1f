import { describe, expect, it } from '@jest/globals';
import { answeredInWords, isShown } from '../../../client/dashboard/words/answered.ts';
import { isAllSo, laneWays } from '../../../client/dashboard/words/lane-ways.ts';
import { laneNow } from '../../../client/dashboard/words/lane-now.ts';
import { standsOtherwise } from '../../../client/dashboard/words/stands-otherwise.ts';
import type { DecisionTaken, LaneView, ReleaseView } from '../../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';

const run = (stage: ReleaseStatus['stage'], more: Partial<ReleaseView> = {}): ReleaseView => ({
  ...{ releaseId: 'r', service: 'shop', environment: 'production', commit: 'c', branch: 'main', attempt: 1 },
  ...{ requestedBy: 'ann', startedAt: 0, open: true, why: [] },
  status: {
    ...{ releaseId: 'r', stage, doing: '', artifacts: [], migrations: [], regions: [] },
    ...{ checks: [], timings: [], approvals: [], log: [] },
  },
  ...more,
});
const answer = (is: DecisionTaken['answer'], message: string): DecisionTaken => ({
  ...{ decisionId: 'd', accepted: true, answer: is, message },
});
const taken = answer('taken', 'the run has taken it');

describe('what is read once a decision was sent', () => {
  it('is that it was taken, and what closes the question', () => {
    expect(answeredInWords(taken)).toBe('The run has taken it. This closes as soon as the page shows it.');
  });

  it('is what comes next, where no worker has answered', () => {
    expect(answeredInWords(answer('queued', 'stored; it takes effect when a worker is back'))).toBe(
      'Stored; it takes effect when a worker is back. Nothing is to be sent again: the page shows it then. Which workers are missing: slipway doctor.',
    );
  });

  it.each(['unheard', 'counts', undefined])('is what the gateway says, where that is all: %s', (is) => {
    expect(answeredInWords(answer(is as DecisionTaken['answer'], 'stored; see how it is'))).toBe(
      'Stored; see how it is.',
    );
  });
});

describe('a question that was answered', () => {
  const then = run('awaiting-approval');
  const now = run('awaiting-lane', {
    recorded: {
      ...{ planHash: 'h', approvals: [], changed: [] },
      decisions: [{ kind: 'approve', by: 'kim', at: 1, channel: 'dashboard', reason: '' }],
    },
  });

  it('is over when the run has taken it and the page shows that', () => {
    expect(isShown(taken, { now, then, kind: 'approve', me: 'kim' })).toBe(true);
  });

  it('stays as long as the page shows what was before, and where it was not taken', () => {
    expect(isShown(taken, { now: then, then, kind: 'approve', me: 'kim' })).toBe(false);
    expect(isShown(taken, { now, then, kind: 'reject', me: 'kim' })).toBe(false);
    for (const is of ['queued', 'unheard', 'counts'] as const)
      expect(isShown(answer(is, 'stored'), { now, then, kind: 'approve', me: 'kim' })).toBe(false);
    expect(isShown(undefined, { now, then, kind: 'approve', me: 'kim' })).toBe(false);
  });

  it('stays where somebody else has decided the same meanwhile, or nobody knows who has', () => {
    expect(isShown(taken, { now, then, kind: 'approve', me: 'lea' })).toBe(false);
    expect(isShown(taken, { now, then, kind: 'approve', me: undefined })).toBe(false);
  });

  it('stays where what the page shows of it is that it was refused', () => {
    const [decision] = now.recorded!.decisions!;
    const refused = { ...now.recorded!, decisions: [{ ...decision!, refused: 'another plan is in force' }] };
    expect(isShown(taken, { now: { ...now, recorded: refused }, then, kind: 'approve', me: 'kim' })).toBe(false);
  });

  it('of a lane is over when the lane has heard of it, and stays where something is to be read', () => {
    const view: LaneView = { service: 'shop', environment: 'production', inventory: [] };
    const ways = laneWays({ ...view, unheard: 'no worker answers' }, laneNow(view, 0));
    const [freeze, tell, clear] = (['freeze', 'tell', 'clear-ticket'] as const).map((kind) =>
      ways.find((way) => way.kind === kind)!,
    );
    expect(isAllSo(freeze!, view)).toBe(true);
    expect(isAllSo(freeze!, { ...view, unheard: 'no worker answers' })).toBe(false);
    expect(isAllSo(freeze!, { ...view, untold: 'the records are away' })).toBe(false);
    for (const way of [tell, clear]) expect(isAllSo(way!, view)).toBe(false);
  });
});

describe('what else is asked of a run that is followed', () => {
  it('is asked when it goes on, waits for others, or ends, and not for each word of it', () => {
    const before = run('deploying');
    expect(standsOtherwise(before, run('held'))).toBe(true);
    expect(standsOtherwise(before, { ...before, open: false, outcome: 'rolled-back' })).toBe(true);
    const waits = { ...before.status!, waitingFor: { who: 'ops', what: 'a decision', decisions: [] } };
    expect(standsOtherwise(before, { ...before, status: waits })).toBe(true);
    expect(standsOtherwise(before, { ...before, status: { ...before.status!, doing: 'nl' } })).toBe(false);
    expect(standsOtherwise(undefined, before)).toBe(false);
  });

  it('is not asked where nobody says for a while how it stands', () => {
    const before = run('deploying');
    const { status: _status, ...unheard } = before;
    expect(standsOtherwise(before, unheard)).toBe(false);
    expect(standsOtherwise(unheard, before)).toBe(false);
    expect(standsOtherwise(before, { ...unheard, open: false })).toBe(true);
  });
});
