import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LaneAnswer, LaneClosure, LaneMember } from '../../domain/contract/lane.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import { closedTo, inWordsOnRecord, nextChange, stepLane } from '../../domain/lane.ts';
import { laneAttributes, laneMemory, laneStatus, newLane } from '../../domain/lane-state.ts';
import type { LaneEvent, LaneState } from '../../domain/lane-state.ts';
import { compareTickets } from '../../domain/ticket.ts';
import { aMember } from './builders.ts';

const lane = { service: 'shop', environment: 'production' };

function aLane(loaded: Partial<LaneState> = {}, incarnation = 1): LaneState {
  return { ...newLane(lane, { incarnation, sequence: 0, closures: [], waiting: [] }), ...loaded };
}

function aClosure(changes: Partial<LaneClosure> = {}): LaneClosure {
  const about = { id: 'c1', scope: lane, from: 1, by: 'kim', reason: 'bad night' };
  return { ...about, kind: 'hold', passes: [{ kind: 'rollback' }], ...changes };
}

/** Takes messages one after the other; answers as `who: answer`. */
function play(events: LaneEvent[], start = aLane(), now = 5_000): { state: LaneState; heard: string[] } {
  const heard: string[] = [];
  let state = start;
  for (const event of events) {
    const step = stepLane(state, event, now);
    state = step.state;
    heard.push(...step.answers.map(({ releaseId, answer }) => `${releaseId}: ${inWords(answer)}`));
  }
  return { state, heard };
}

function inWords(answer: LaneAnswer): string {
  if (answer.kind === 'granted') return `granted ${answer.ticket.incarnation}.${answer.ticket.n}`;
  if (answer.kind === 'superseded') return `superseded by ${answer.by}`;
  return answer.kind === 'waiting' ? `waits, ${answer.reason}` : answer.kind;
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
const lie = { kind: 'hold', reason: 'newer ended halted: nothing was changed' } as const;
const aHoldOf = (by: string) => ({ by, reason: `${by} ended halted` });
const about = { id: 'o1', lane, by: 'kim', at: 1, reason: 'Black Friday' };
const freeze: LaneEvent = { kind: 'order', order: { ...about, kind: 'freeze' } };
const freezeUntil = (until: number, id = 'o1'): LaneEvent => ({
  kind: 'order',
  order: { ...about, id, kind: 'freeze', until },
});
const lift = (kind: 'unfreeze' | 'clear-hold', lifts: string): LaneEvent => ({
  kind: 'order',
  order: { ...about, id: 'lifting', kind, lifts },
});
/** A lane that was put on hold. */
const onHold = aLane({ closures: [aClosure()] });

describe('a lane that many join', () => {
  const crowd = Array.from({ length: 600 }, (_, n) => aMember(`r${n}`, { joinedAt: n, queue: 'fifo' }));
  const names = ({ queue }: LaneState) => queue.map((w) => w.member.releaseId);

  it('carries five hundred: who finds no place may claim all the same, and takes that of the last who only joined', () => {
    const { state } = play([claim(newer), ...crowd.map(join)]);
    expect([state.queue.length, names(state).at(-1)]).toEqual([500, 'r499']);
    const after = play([claim(undo)], state).state;
    expect([after.queue.length, names(after).includes('r499'), names(after).at(-1)]).toEqual([500, false, 'undo']);
    expect(play([leave('newer')], after).heard).toContain('undo: granted 1.2');
  });

  it('lets no other release in while five hundred claim it: who claims again finds a place when one has left', () => {
    const { state } = play([claim(newer), ...crowd.map(claim)]);
    const late = aMember('late', { joinedAt: 900, queue: 'fifo' });
    expect(names(play([claim(late)], state).state)).not.toContain('late');
    expect(names(play([leave('r7'), claim(late)], state).state)).toContain('late');
    const newest = aMember('newest', { joinedAt: 901, queue: 'supersede' });
    expect(play([claim(newest)], state).heard).toEqual([]);
  });

  it('has a place for each rollback, also while five hundred releases claim it', () => {
    const { state } = play([claim(newer), ...crowd.map(claim)]);
    expect(play([claim(undo), leave('newer')], state).heard).toContain('undo: granted 1.2');
  });

  it.each([
    ['who only joined', crowd.map(join)],
    ['who claim it', crowd.map(claim)],
  ])('that its holder steps back into, behind five hundred %s, has a place for a rollback at once', (_what, said) => {
    const frozen = play([claim(newer), ...said, freeze]).state;
    const { state } = play([{ kind: 'step-back', releaseId: 'newer' }], frozen);
    expect(state.queue.length).toBe(501);
    const after = play([claim(undo)], state);
    expect(after.heard).toContain('undo: granted 1.2');
    expect([after.state.holder?.member.releaseId, after.state.queue.length]).toEqual(['undo', 499]);
  });

  it('puts nobody out for a release that finds no place all the same', () => {
    const { state } = play([claim(newer), ...crowd.map(claim), freeze, { kind: 'step-back', releaseId: 'newer' }]);
    const late = aMember('late', { joinedAt: 900, queue: 'fifo' });
    expect(names(play([claim(late)], state).state)).toEqual(names(state));
  });
});

describe('a lane', () => {
  it('clears a hold that it has under a name of its own by the run that has left it, and no other', () => {
    const { state } = play([claim(older), leave('older', 'bad night'), leave('newer', 'bad as well')]);
    const order = { ...about, kind: 'clear-hold' as const, lifts: 'hold-as-on-record', of: 'older' };
    expect(play([{ kind: 'order', order }], state).state.closures).toMatchObject([{ by: 'newer' }]);
  });

  it('tells of a hold what is on record of it, whatever its run has said', () => {
    const before = play([claim(newer), claim(older), claim(undo)]).state;
    const said = stepLane(before, { kind: 'leave', releaseId: 'newer', disposition: lie }, 5_000);
    const onRecord = 'newer ended halted, after it had begun to change core in de: clear this hold';
    const { state, answers } = inWordsOnRecord(said, [{ by: 'newer', reason: onRecord }, aHoldOf('another')]);
    expect(state.closures).toEqual([{ ...said.state.closures[0], reason: onRecord }]);
    expect(answers.map(({ releaseId, answer }) => `${releaseId}: ${inWords(answer)}`)).toEqual([
      'undo: granted 1.2',
      'older: waits, undo holds the lane',
    ]);
    // Whom it has told is not told again.
    const left = inWordsOnRecord(stepLane(said.state, leave('undo'), 5_000), [{ by: 'newer', reason: onRecord }]);
    expect(left.answers).toEqual([{ releaseId: 'older', answer: { kind: 'waiting', reason: `on hold: ${onRecord}` } }]);
    expect(stepLane(left.state, { kind: 'time' }, 5_000).answers).toEqual([]);
  });

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
        'older: waits, on hold: bad night',
      ],
      onHold,
    ],
    [
      'opens when a person clears the hold',
      [claim(older), lift('clear-hold', 'c1')],
      ['older: waits, on hold: bad night', 'older: granted 1.1'],
      onHold,
    ],
    [
      'stays on hold when the order was about an earlier one',
      [claim(older), lift('clear-hold', 'c0')],
      ['older: waits, on hold: bad night'],
      onHold,
    ],
    [
      'stays frozen when the order was about an earlier freeze',
      [freeze, claim(older), lift('unfreeze', 'o0')],
      ['older: waits, frozen by kim: Black Friday'],
    ],
    [
      'stays frozen until each freeze is lifted by its own id',
      [
        { kind: 'order', order: { ...about, kind: 'freeze', id: 'o2', by: 'lee', reason: 'sale' } },
        freeze,
        claim(older),
        lift('unfreeze', 'o2'),
        lift('unfreeze', 'o1'),
      ],
      ['older: waits, frozen by lee: sale', 'older: waits, frozen by kim: Black Friday', 'older: granted 1.1'],
    ],
    [
      'lifts no hold by an order to unfreeze, and no freeze by one to clear a hold',
      [freeze, claim(older), lift('unfreeze', 'c1'), lift('clear-hold', 'o1')],
      ['older: waits, on hold: bad night'],
      onHold,
    ],
    [
      'is not frozen by an order that comes when its freeze is over',
      [freezeUntil(4_000), claim(older)],
      ['older: granted 1.1'],
    ],
    [
      'lifts a hold and leaves the freeze, and the other way round',
      [freeze, claim(older), lift('clear-hold', 'c1'), lift('unfreeze', 'o1')],
      ['older: waits, on hold: bad night', 'older: waits, frozen by kim: Black Friday', 'older: granted 1.1'],
      onHold,
    ],
    [
      'parks releases while it is frozen',
      [freeze, claim(older), lift('unfreeze', 'o1')],
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
    ...(['verified', 'failed', 'superseded'] as const).map((outcome): [string, LaneEvent[], string[]] => [
      `is free after a holder that is gone and had ended ${outcome}`,
      [claim(newer), claim(older), { kind: 'holder-gone', releaseId: 'newer', outcome }],
      ['newer: granted 1.1', 'older: waits, newer holds the lane', 'older: granted 1.2'],
    ]),
    ...['halted', 'rolled-back', 'nobody knows this one'].map((outcome): [string, LaneEvent[], string[]] => [
      `is on hold after a holder that is gone and had ended ${outcome}`,
      [claim(newer), { kind: 'holder-gone', releaseId: 'newer', outcome }, claim(older)],
      [
        'newer: granted 1.1',
        'older: waits, on hold: newer closed without leaving the lane: look at what it left behind',
      ],
    ]),
    [
      'is free after a holder that is gone and whose hold was lifted before the lane heard of it',
      [claim(newer), claim(older), { kind: 'holder-gone', releaseId: 'newer', outcome: 'halted', lifted: true }],
      ['newer: granted 1.1', 'older: waits, newer holds the lane', 'older: granted 1.2'],
    ],
    [
      'believes a holder that left before it was found gone',
      [claim(newer), leave('newer'), { kind: 'holder-gone', releaseId: 'newer' }, claim(older)],
      ['newer: granted 1.1', 'older: granted 1.2'],
    ],
    [
      'keeps the hold of a run that does not hold it any more',
      [claim(newer), { kind: 'step-back', releaseId: 'newer' }, leave('newer', 'it had changed de'), claim(older)],
      ['newer: granted 1.1', 'older: waits, on hold: it had changed de'],
    ],
    [
      'leaves the holder alone when another run leaves it on hold',
      [claim(older), leave('newer', 'it had changed de'), leave('older'), claim(older)],
      ['older: granted 1.1', 'older: waits, on hold: it had changed de'],
    ],
    [
      'does not mind who was never there',
      [
        leave('ghost'),
        { kind: 'step-back', releaseId: 'ghost' },
        { kind: 'holder-gone', releaseId: 'ghost' },
        claim(older),
      ],
      ['older: granted 1.1'],
    ],
  ])('%s', (_what, events, heard, start = aLane()) => {
    expect(play(events, start).heard).toEqual(heard);
  });

  it('knows after a new start who may still be writing, and outranks its tickets', () => {
    const before = play([claim(older)]).state;
    const again = aLane({ ...(before.holder && { holder: before.holder }) }, 2);
    expect(play([claim(newer), leave('older')], again).heard).toEqual([
      'newer: waits, older holds the lane',
      'newer: granted 2.1',
    ]);
  });

  it('takes a claim with the ticket it has on record for having given it back, which it never heard of', () => {
    const before = play([claim(older)]).state;
    const again = aLane({ ...(before.holder && { holder: before.holder }) }, 2);
    const claimed: LaneEvent = { kind: 'claim', member: older, had: { incarnation: 1, n: 1 } };
    expect(play([claimed], again).heard).toEqual(['older: granted 2.1']);
    // The next ticket may have been lost on its way: then it is said again.
    expect(play([claimed, claimed], again).heard).toEqual(['older: granted 2.1', 'older: granted 2.1']);
  });

  it('gives out no number again that an earlier write of the same incarnation may have used', () => {
    const again = newLane(lane, { incarnation: 2, sequence: 7, closures: [], waiting: [] });
    const { state, heard } = play([claim(older), leave('older', 'bad')], again);
    expect(heard).toEqual(['older: granted 2.8']);
    expect(state.closures.map(({ id }) => id)).toEqual(['hold-2.8']);
  });

  it('gives each hold an id of its own, so that an order to clear one never clears the next', () => {
    const first = play([claim(older), leave('older', 'bad')]).state;
    const cleared = play(
      [lift('clear-hold', first.closures[0]!.id), claim(older), leave('older', 'bad again')],
      first,
    ).state;
    expect([...first.closures, ...cleared.closures].map(({ id }) => id)).toEqual(['hold-1.1', 'hold-1.2']);
    expect(play([lift('clear-hold', 'hold-1.1')], cleared).state.closures).toHaveLength(1);
  });

  it('bounds the reason that everybody who waits is told', () => {
    const { state } = play([claim(older), leave('older', 'x'.repeat(5_000))]);
    expect(state.closures[0]?.reason).toHaveLength(1_000);
    const astral = play([claim(older), leave('older', `x${'😀'.repeat(5_000)}`)]).state;
    expect(astral.closures[0]?.reason).toBe(`x${'😀'.repeat(499)}`);
  });

  const busy = () => {
    const holder = { member: newer, ticket: { incarnation: 1, n: 1 }, since: 5_000 };
    return play([join(older), claim(undo), freeze], aLane({ holder, lastN: 1, closures: [aClosure()] })).state;
  };

  it('shows holder, queue, and all that closes it', () => {
    expect(laneStatus(busy())).toEqual({
      holder: { releaseId: 'newer', ticket: { incarnation: 1, n: 1 }, since: 5_000 },
      queue: [
        { ...older, claiming: false },
        { ...undo, claiming: true },
      ],
      closures: [
        aClosure(),
        { ...aClosure(), id: 'o1', kind: 'freeze', reason: 'Black Friday', passes: [{ kind: 'rollback' }] },
      ],
      lastTicket: { incarnation: 1, n: 1 },
    });
  });

  it('must remember who holds it, what closes it, and who has claimed it; who only joined claims by itself', () => {
    const { holder, closures } = busy();
    expect(laneMemory(busy())).toEqual({ holder, closures, waiting: ['undo'] });
  });

  it.each<[string, LaneState, string, string | null]>([
    ['its holder', busy(), 'held', 'newer'],
    ['what closes it', onHold, 'closed', 'c1'],
    ['being open, also before something closes it', aLane({ closures: [aClosure({ from: 9_000 })] }), 'open', null],
  ])('is found by %s', (_what, state, stage, waitingFor) => {
    expect(laneAttributes(state, 5_000)).toEqual({
      SlipwayService: 'shop',
      SlipwayEnvironment: 'production',
      SlipwayStage: stage,
      SlipwayWaitingFor: waitingFor,
    });
  });
});

describe('what closes a lane', () => {
  const night = aClosure({ id: 'w1', kind: 'window', from: 100, until: 200, reason: 'no deploys at night' });
  const until = new Date(200).toISOString().slice(0, 16);

  it.each<[string, LaneClosure[], LaneMember, number, string | undefined]>([
    ['a hold keeps releases out', [aClosure()], older, 5, 'on hold: bad night'],
    ['a hold lets rollbacks pass', [aClosure()], undo, 5, undefined],
    ['a closure that lets nobody pass keeps rollbacks out', [aClosure({ passes: [] })], undo, 5, 'on hold: bad night'],
    ['a named release passes', [aClosure({ passes: [{ kind: 'run', releaseId: 'older' }] })], older, 5, undefined],
    [
      'another one does not',
      [aClosure({ passes: [{ kind: 'run', releaseId: 'older' }] })],
      newer,
      5,
      'on hold: bad night',
    ],
    ['a window is open before it begins', [night], older, 99, undefined],
    ['closed from its first moment', [night], older, 100, `closed by a window until ${until}Z: no deploys at night`],
    ['and to its last', [night], older, 199, `closed by a window until ${until}Z: no deploys at night`],
    ['and open from then on', [night], older, 200, undefined],
    ['the first that keeps somebody out is told', [night, aClosure()], older, 5, 'on hold: bad night'],
  ])('%s', (_what, closures, member, now, told) => {
    expect(closedTo(aLane({ closures }), member, now)).toBe(told);
  });

  it.each<[string, LaneClosure[], number, number | undefined]>([
    ['never by itself when nothing has an end', [aClosure()], 5, undefined],
    ['when a window begins', [aClosure(), night], 5, 100],
    ['when it ends', [aClosure(), night], 100, 200],
    ['not when it is over', [night], 200, undefined],
    ['at the next of all', [night, aClosure({ until: 150 })], 100, 150],
  ])('changes next %s', (_what, closures, now, change) => {
    expect(nextChange(aLane({ closures }), now)).toBe(change);
  });

  it('is gone when its time is over, and who waits goes in', () => {
    const frozen = play([freezeUntil(9_000), claim(older)]);
    expect(frozen.heard).toEqual(['older: waits, frozen by kim until 1970-01-01T00:00Z: Black Friday']);
    expect(nextChange(frozen.state, 5_000)).toBe(9_000);
    const early = play([{ kind: 'time' }], frozen.state, 8_999);
    expect(early.heard).toEqual([]);
    const { state, heard } = play([{ kind: 'time' }], early.state, 9_000);
    expect(heard).toEqual(['older: granted 1.1']);
    expect(state.closures).toEqual([]);
  });

  it('is told to who waits when it begins', () => {
    const state = aLane({ holder: { member: newer, ticket: { incarnation: 1, n: 1 }, since: 1 }, closures: [night] });
    const left = play([claim(older), leave('newer')], state, 150).heard;
    expect(left).toEqual([
      'older: waits, newer holds the lane',
      `older: waits, closed by a window until ${until}Z: no deploys at night`,
    ]);
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
  {
    weight: 1,
    arbitrary: fc.constantFrom<LaneEvent>(
      freeze,
      freezeUntil(9_000, 'o2'),
      lift('unfreeze', 'o1'),
      lift('clear-hold', 'hold-1.1'),
      lift('clear-hold', 'hold-1.2'),
      { kind: 'time' },
    ),
  },
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
        let state = aLane();
        let last: Ticket | undefined;
        for (const event of story) {
          const { state: after, answers } = stepLane(state, event, 5_000);
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
            if (after.holder?.member.kind === 'release') expect(after.closures).toEqual([]);
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
        const once = stepLane(play(story).state, event, 5_000).state;
        expect(bare(stepLane(once, event, 5_000).state)).toEqual(bare(once));
      }),
      { numRuns: 5_000 },
    );
  });

  it('never grants a superseded release, unless it has joined anew', () => {
    fc.assert(
      fc.property(stories, (story) => {
        let state = aLane();
        const superseded = new Set<string>();
        for (const event of story) {
          if (event.kind === 'join') superseded.delete(event.member.releaseId);
          // A run's last word: whoever speaks under that id afterwards is a new member.
          if (event.kind === 'leave' || event.kind === 'holder-gone') superseded.delete(event.releaseId);
          const step = stepLane(state, event, 5_000);
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
        const claimed = stepLane(start, claim(member), 5_000);
        const holder = claimed.state.holder?.member.releaseId;
        const wayOut: LaneEvent[] = [...(holder !== undefined && holder !== 'r9' ? [leave(holder)] : [])];
        let state = play(wayOut, claimed.state).state;
        state = play(
          state.closures.map(({ id, kind }) => lift(kind === 'hold' ? 'clear-hold' : 'unfreeze', id)),
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
