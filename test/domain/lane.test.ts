import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LaneAnswer, LaneMember } from '../../domain/contract/lane.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import { laneStatus, newLane, stepLane } from '../../domain/lane.ts';
import type { LaneEvent, LaneState } from '../../domain/lane.ts';
import { compareTickets } from '../../domain/ticket.ts';
import { aMember } from './builders.ts';

/** Takes messages one after the other; answers as `who: answer`. */
function play(events: LaneEvent[], start: LaneState = newLane(1)): { state: LaneState; heard: string[] } {
  const heard: string[] = [];
  let state = start;
  for (const event of events) {
    const step = stepLane(state, event, 5_000);
    state = step.state;
    heard.push(...step.answers.map(({ releaseId, answer }) => `${releaseId}: ${inWords(answer)}`));
  }
  return { state, heard };
}

function inWords(answer: LaneAnswer): string {
  if (answer.kind === 'granted') return `granted ${answer.ticket.incarnation}.${answer.ticket.n}`;
  return answer.kind === 'superseded' ? `superseded by ${answer.by}` : `waits, ${answer.reason}`;
}

const older = aMember('older', { joinedAt: 1 });
const newer = aMember('newer', { joinedAt: 2 });
const undo = aMember('undo', { kind: 'rollback', joinedAt: 3 });
const join = (member: LaneMember): LaneEvent => ({ kind: 'join', member });
const claim = (member: LaneMember): LaneEvent => ({ kind: 'claim', member });
const leave = (releaseId: string, reason?: string): LaneEvent => ({
  kind: 'leave',
  releaseId,
  disposition: reason === undefined ? { kind: 'free' } : { kind: 'hold', reason },
});
const about = {
  id: 'o1',
  lane: { service: 'shop', environment: 'production' },
  by: 'kim',
  at: 1,
  reason: 'Black Friday',
};
const freeze: LaneEvent = { kind: 'order', order: { ...about, kind: 'freeze' } };
const lift = (kind: 'unfreeze' | 'clear-hold', lifts: number): LaneEvent => ({
  kind: 'order',
  order: { ...about, kind, lifts },
});
/** A lane that was put on hold at 1. */
const onHold = newLane(1, { hold: { reason: 'bad night', by: 'kim', at: 1 } });

describe('a lane', () => {
  it.each<[string, LaneEvent[], string[], LaneState?]>([
    ['grants the first who claims', [join(older), claim(older)], ['older: granted 1.1']],
    [
      'lets others wait for the holder, then go',
      [claim(newer), claim(older), leave('newer')],
      ['newer: granted 1.1', 'older: waits, newer holds the lane', 'older: granted 1.2'],
    ],
    ['says a grant again that was lost', [claim(older), claim(older)], ['older: granted 1.1', 'older: granted 1.1']],
    [
      'says once why somebody waits',
      [claim(newer), claim(older), join(aMember('third'))],
      ['newer: granted 1.1', 'older: waits, newer holds the lane'],
    ],
    [
      'makes older releases pointless when a newer one is ready',
      [join(older), join(newer), claim(newer)],
      ['older: superseded by newer', 'newer: granted 1.1'],
    ],
    [
      'goes by the time of asking when they join in another order',
      [join(newer), join(older), claim(newer)],
      ['older: superseded by newer', 'newer: granted 1.1'],
    ],
    [
      'does not let an older release overtake a newer one',
      [claim(newer), claim(older)],
      ['newer: waits, on hold: bad night', 'older: waits, on hold: bad night'],
      onHold,
    ],
    [
      'says it again to a superseded release whose claim was under way',
      [join(older), claim(newer), claim(older)],
      ['older: superseded by newer', 'newer: granted 1.1', 'older: superseded by newer'],
    ],
    [
      'lets a release that was superseded join anew',
      [join(older), claim(newer), leave('older'), leave('newer'), join(older), claim(older)],
      ['older: superseded by newer', 'newer: granted 1.1', 'older: granted 1.2'],
    ],
    [
      'keeps the order under fifo',
      [join({ ...older, queue: 'fifo' }), join({ ...newer, queue: 'fifo' }), claim({ ...newer, queue: 'fifo' })],
      ['newer: granted 1.1'],
    ],
    [
      'lets a rollback go before releases that wait',
      [claim(newer), claim(older), claim(undo), leave('newer')],
      [
        'newer: granted 1.1',
        'older: waits, newer holds the lane',
        'undo: waits, newer holds the lane',
        'undo: granted 1.2',
        'older: waits, undo holds the lane',
      ],
    ],
    [
      'never supersedes a rollback',
      [claim(aMember('x')), join(undo), claim(aMember('y', { joinedAt: 9_000 })), claim(undo)],
      [
        'x: waits, on hold: bad night',
        'x: superseded by y',
        'y: waits, on hold: bad night',
        'undo: granted 1.1',
        'y: waits, undo holds the lane',
      ],
      onHold,
    ],
    [
      'lets nobody but rollbacks in while it is on hold',
      [claim(older), claim(undo), leave('undo', 'rolled back')],
      [
        'older: waits, on hold: bad night',
        'undo: granted 1.1',
        'older: waits, undo holds the lane',
        'older: waits, on hold: rolled back',
      ],
      onHold,
    ],
    [
      'opens when a person clears the hold',
      [claim(older), lift('clear-hold', 1)],
      ['older: waits, on hold: bad night', 'older: granted 1.1'],
      onHold,
    ],
    [
      'stays on hold when the order was about an earlier one',
      [claim(older), lift('clear-hold', 0)],
      ['older: waits, on hold: bad night'],
      onHold,
    ],
    [
      'stays frozen when the order was about an earlier freeze',
      [freeze, claim(older), lift('unfreeze', 0)],
      ['older: waits, frozen by kim: Black Friday'],
    ],
    [
      'keeps a freeze when an earlier one is ordered late, so that lifting that one lifts nothing',
      [{ kind: 'order', order: { ...about, kind: 'freeze', at: 5 } }, freeze, claim(older), lift('unfreeze', 1)],
      ['older: waits, frozen by kim: Black Friday'],
    ],
    [
      'lifts a hold and leaves the freeze, and the other way round',
      [freeze, claim(older), lift('clear-hold', 1), lift('unfreeze', 1)],
      ['older: waits, frozen by kim: Black Friday', 'older: granted 1.1'],
      onHold,
    ],
    [
      'parks releases while it is frozen',
      [freeze, claim(older), lift('unfreeze', 1)],
      ['older: waits, frozen by kim: Black Friday', 'older: granted 1.1'],
    ],
    ['lets rollbacks pass a freeze', [freeze, claim(undo)], ['undo: granted 1.1']],
    ['leaves the holder alone when it is frozen', [claim(older), freeze], ['older: granted 1.1']],
    [
      'keeps the place of who steps back',
      [claim(newer), join(older), { kind: 'step-back', releaseId: 'newer' }, claim(newer)],
      ['newer: granted 1.1', 'older: superseded by newer', 'newer: granted 1.2'],
    ],
    [
      'is on hold after a holder that vanished',
      [claim(newer), claim(older), { kind: 'holder-gone', releaseId: 'newer' }],
      [
        'newer: granted 1.1',
        'older: waits, newer holds the lane',
        'older: waits, on hold: newer closed without leaving the lane: look at what it left behind',
      ],
    ],
    [
      'is on hold after a holder that failed',
      [claim(newer), leave('newer', 'rolled back'), claim(older)],
      ['newer: granted 1.1', 'older: waits, on hold: rolled back'],
    ],
    [
      'does not mind who was never there',
      [
        leave('ghost', 'x'),
        { kind: 'step-back', releaseId: 'ghost' },
        { kind: 'holder-gone', releaseId: 'ghost' },
        claim(older),
      ],
      ['older: granted 1.1'],
    ],
  ])('%s', (_what, events, heard, start = newLane(1)) => {
    expect(play(events, start).heard).toEqual(heard);
  });

  it('knows after a new start who may still be writing, and outranks its tickets', () => {
    const before = play([claim(older)]).state;
    const again = newLane(2, { ...(before.holder && { holder: before.holder }) });
    expect(play([claim(newer), leave('older')], again).heard).toEqual([
      'newer: waits, older holds the lane',
      'newer: granted 2.1',
    ]);
  });

  it('takes a claim with the ticket it has on record for having given it back, which it never heard of', () => {
    const before = play([claim(older)]).state;
    const again = newLane(2, { ...(before.holder && { holder: before.holder }) });
    const claimed: LaneEvent = { kind: 'claim', member: older, had: { incarnation: 1, n: 1 } };
    expect(play([claimed], again).heard).toEqual(['older: granted 2.1']);
    // The next ticket may have been lost on its way: then it is said again.
    expect(play([claimed, claimed], again).heard).toEqual(['older: granted 2.1', 'older: granted 2.1']);
  });

  it('shows holder, queue, hold and freeze', () => {
    const holding = newLane(1, { holder: { member: newer, ticket: { incarnation: 1, n: 1 }, since: 5_000 } });
    const { state } = play([join(older), freeze], { ...holding, lastN: 1, ...(onHold.hold && { hold: onHold.hold }) });
    expect(laneStatus(state)).toEqual({
      holder: { releaseId: 'newer', ticket: { incarnation: 1, n: 1 }, since: 5_000 },
      queue: [{ ...older, claiming: false }],
      hold: { reason: 'bad night', by: 'kim', at: 1 },
      freeze: { reason: 'Black Friday', by: 'kim', at: 1 },
      lastTicket: { incarnation: 1, n: 1 },
    });
  });
});

const ids = ['r1', 'r2', 'r3', 'r4'];
const members = fc
  .record({
    releaseId: fc.constantFrom(...ids, 'b1', 'b2'),
    queue: fc.constantFrom<LaneMember['queue']>('supersede', 'supersede', 'fifo'),
  })
  // What a member is does not change from one message to the next.
  .map(({ releaseId, queue }) =>
    aMember(releaseId, {
      kind: releaseId.startsWith('b') ? 'rollback' : 'release',
      queue,
      joinedAt: Number(releaseId[1]) % 3,
    }),
  );
const someone = fc.constantFrom(...ids, 'b1', 'b2');
const events: fc.Arbitrary<LaneEvent> = fc.oneof(
  { weight: 3, arbitrary: members.map(join) },
  { weight: 5, arbitrary: members.map(claim) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(someone, fc.option(fc.constant('failed'), { nil: undefined }))
      .map(([id, why]) => leave(id, why)),
  },
  { weight: 1, arbitrary: someone.map((releaseId): LaneEvent => ({ kind: 'step-back', releaseId })) },
  { weight: 1, arbitrary: someone.map((releaseId): LaneEvent => ({ kind: 'holder-gone', releaseId })) },
  { weight: 1, arbitrary: fc.constantFrom<LaneEvent>(lift('clear-hold', 1), freeze, lift('unfreeze', 1)) },
);
const stories = fc.array(events, { maxLength: 40 });

/** Without what was only said, which a repetition says again. */
function bare({ queue, ...state }: LaneState): unknown {
  return { ...state, queue: queue.map(({ told: _told, ...w }) => w) };
}

describe('a lane, whatever it hears', () => {
  it('has one holder at most, gives rising tickets, and lets releases in only when it is open', () => {
    let grants = 0;
    fc.assert(
      fc.property(stories, (story) => {
        let state = newLane(1);
        let last: Ticket | undefined;
        for (const event of story) {
          const { state: after, answers } = stepLane(state, event, 1);
          const told = answers.filter(({ answer }) => answer.kind === 'granted');
          expect(told.length).toBeLessThanOrEqual(1);
          for (const { releaseId, answer } of told) {
            expect(after.holder?.member.releaseId).toBe(releaseId);
            if (answer.kind !== 'granted') continue;
            expect(after.holder?.ticket).toEqual(answer.ticket);
            const isRepeat = state.holder?.member.releaseId === releaseId && state.holder.ticket === answer.ticket;
            if (isRepeat) continue;
            grants += 1;
            if (last) expect(compareTickets(answer.ticket, last)).toBeGreaterThan(0);
            last = answer.ticket;
            if (after.holder?.member.kind === 'release')
              expect([after.hold, after.freeze]).toEqual([undefined, undefined]);
          }
          // Nobody loses the lane but by leaving it.
          const before = state.holder?.member.releaseId;
          if (before !== undefined && after.holder?.ticket !== state.holder?.ticket) {
            expect('releaseId' in event && event.releaseId).toBe(before);
          }
          expect(new Set(after.queue.map((w) => w.member.releaseId)).size).toBe(after.queue.length);
          expect(after.queue.some((w) => w.member.releaseId === after.holder?.member.releaseId)).toBe(false);
          state = after;
        }
      }),
      { numRuns: 5_000 },
    );
    expect(grants).toBeGreaterThan(1_000);
  });

  it('changes nothing when it hears the same twice in a row', () => {
    fc.assert(
      fc.property(stories, events, (story, event) => {
        const once = stepLane(play(story).state, event, 1).state;
        expect(bare(stepLane(once, event, 1).state)).toEqual(bare(once));
      }),
      { numRuns: 5_000 },
    );
  });

  it('never grants a superseded release, unless it has joined anew', () => {
    fc.assert(
      fc.property(stories, (story) => {
        let state = newLane(1);
        const superseded = new Set<string>();
        for (const event of story) {
          if (event.kind === 'join') superseded.delete(event.member.releaseId);
          // A run's last word: whoever speaks under that id afterwards is a new member.
          if (event.kind === 'leave' || event.kind === 'holder-gone') superseded.delete(event.releaseId);
          const step = stepLane(state, event, 1);
          state = step.state;
          for (const { releaseId, answer } of step.answers) {
            if (answer.kind === 'superseded') superseded.add(releaseId);
            if (answer.kind === 'granted') expect([...superseded]).not.toContain(releaseId);
          }
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('has a way out of every state: whoever claims gets the lane once the holder is gone, hold and freeze are lifted, and others have left', () => {
    fc.assert(
      fc.property(stories, aMemberOf('r9'), (story, member) => {
        const start = play(story).state;
        const claimed = stepLane(start, claim(member), 1);
        const holder = claimed.state.holder?.member.releaseId;
        const wayOut: LaneEvent[] = [...(holder !== undefined && holder !== 'r9' ? [leave(holder)] : [])];
        let state = play(wayOut, claimed.state).state;
        const { hold, freeze: frozen } = state;
        state = play(
          [...(hold ? [lift('clear-hold', hold.at)] : []), ...(frozen ? [lift('unfreeze', frozen.at)] : [])],
          state,
        ).state;
        for (let turn = 0; turn < 10 && state.holder?.member.releaseId !== 'r9'; turn += 1) {
          // Somebody holds an open lane that is claimed: never nobody.
          expect(state.holder).toBeDefined();
          state = play([leave(state.holder!.member.releaseId)], state).state;
        }
        expect(state.holder?.member.releaseId).toBe('r9');
      }),
      { numRuns: 3_000 },
    );
  });

  it('tells everybody who claims why they wait', () => {
    fc.assert(
      fc.property(stories, (story) => {
        for (const waiting of play(story).state.queue.filter((w) => w.claiming)) expect(waiting.told).toMatch(/./);
      }),
      { numRuns: 3_000 },
    );
  });
});

function aMemberOf(releaseId: string): fc.Arbitrary<LaneMember> {
  return fc
    .constantFrom<[LaneMember['kind'], LaneMember['queue']]>(
      ['release', 'supersede'],
      ['release', 'fifo'],
      ['rollback', 'fifo'],
    )
    .map(([kind, queue]) => aMember(releaseId, { kind, queue, joinedAt: 100 }));
}
