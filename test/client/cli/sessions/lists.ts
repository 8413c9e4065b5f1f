import type { LaneView, ReleaseRow, ReleaseView } from '../../../../domain/contract/gateway.ts';
import { aLane } from '../builders.ts';
import { id, seconds } from './story-parts.ts';
import { rolledBack } from './story-badly.ts';
import { building, verified, waiting } from './story-well.ts';

/** What `releases` lists: one of each kind. */
export function rows(): ReleaseRow[] {
  const row = (
    { status: _s, why: _w, recorded: _r, troubles: _t, open: _o, number: _n, ...kept }: ReleaseView,
    change: Partial<ReleaseRow>,
  ): ReleaseRow => ({ ...kept, ...change });
  const other = (n: number) => `release/shop/production/${String(n).repeat(40)}/1`;
  return [
    row(building, {
      releaseId: other(5),
      number: 145,
      commit: '5'.repeat(40),
      startedAt: seconds(-60),
      state: { stage: 'building', since: seconds(-58), doing: 'building core' },
    }),
    row(waiting, {
      releaseId: other(4),
      number: 144,
      commit: '4'.repeat(40),
      requestedBy: 'grace.hopper@example.com',
      startedAt: seconds(-3_000),
      state: {
        stage: 'awaiting-approval',
        since: seconds(-2_800),
        doing: '',
        waitingFor: { what: 'approval', who: 'one of group release-managers' },
      },
    }),
    row(rolledBack, {
      releaseId: 'rollback/shop/production/7c1f',
      undoes: { releaseId: id, number: 142, nth: 1, reason: 'checkout is down' },
      startedAt: seconds(-7_200),
      endedAt: seconds(-7_000),
    }),
    row(verified, { number: 142, startedAt: seconds(-86_400), endedAt: seconds(-85_000) }),
    row(verified, {
      releaseId: other(1),
      number: 141,
      commit: '1'.repeat(40),
      outcome: 'superseded',
      startedAt: seconds(-200_000),
      endedAt: seconds(-199_000),
    }),
  ];
}

export function closedLane(): LaneView {
  const scope = { service: 'shop', environment: 'production' };
  return aLane({
    status: {
      queue: [
        {
          releaseId: `release/shop/production/${'5'.repeat(40)}/1`,
          kind: 'release',
          commit: '5'.repeat(40),
          queue: 'supersede',
          joinedAt: seconds(-60),
          claiming: true,
        },
      ],
      closures: [
        {
          id: 'hold-1.4',
          kind: 'hold',
          scope,
          from: seconds(-600),
          passes: [{ kind: 'rollback' }],
          by: 'the engine',
          reason: `the rollout failed: core (old pods still ready to serve: 2 of 2): shop-core-7d9f6c5b4-x2x9q/core: CrashLoopBackOff (exit code 1); it had begun to change core in nl, core in de, core in us-east and 6 more.\n${id} ended halted.\nde, nl are not back: cannot be rolled back: the schema may no longer carry the earlier release.`,
        },
        {
          id: 'f-29',
          kind: 'freeze',
          scope,
          from: seconds(-300),
          until: seconds(7_200),
          passes: [{ kind: 'rollback' }],
          by: 'grace',
          reason: 'quarter end',
        },
      ],
      lastTicket: { incarnation: 1, n: 4 },
    },
  });
}
