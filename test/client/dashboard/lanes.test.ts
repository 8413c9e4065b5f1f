import { describe, expect, it } from '@jest/globals';
import { byInWords, leftBy, shownClosure, shownLane } from '../../../client/dashboard/words/lane-closed.ts';
import { chainsOfPeople, deedsOf, nobodyIn } from '../../../client/dashboard/words/lane-deeds.ts';
import { listedLane } from '../../../client/dashboard/words/lane-list.ts';
import { heldInWords, lastTurnInWords, laneNow } from '../../../client/dashboard/words/lane-now.ts';
import { leftElsewhere, queueRows, verifiedRows } from '../../../client/dashboard/words/lane-rows.ts';
import { laneVerdict, troublesOf } from '../../../client/dashboard/words/lane-verdict.ts';
import {
  laneWays,
  orderBody,
  orderCommand,
  orderedInWords,
  wayNow,
} from '../../../client/dashboard/words/lane-ways.ts';
import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import type { LaneWay } from '../../../client/dashboard/words/lane-ways.ts';
import type { AuditPage, LaneView, LeftBehind, ReleaseRow } from '../../../domain/contract/gateway.ts';
import type { LaneClosure, LaneMember } from '../../../domain/contract/lane.ts';
import type { LaneStatus } from '../../../domain/contract/status.ts';
import { aVerified } from '../../domain/builders.ts';

const now = Date.UTC(2026, 10, 30, 12);
const lane = { service: 'shop', environment: 'production' };
const commit = 'abcdef0123456789abcdef0123456789abcdef01';
const run = `release/shop/production/${commit}/1`;
const other = `release/shop/production/${'1'.repeat(40)}/1`;

const closure = (more: Partial<LaneClosure> = {}): LaneClosure => ({
  ...{ id: 'f1', kind: 'freeze', scope: lane, from: now - 60_000, passes: [{ kind: 'rollback' }] },
  ...{ by: 'dana', reason: 'stock-taking' },
  ...more,
});
const hold = (more: Partial<LaneClosure> = {}) =>
  closure({ id: 'h1', kind: 'hold', by: run, reason: `nl is down.\n${run} ended halted.`, ...more });
const back = 'rollback/shop/production/0b9f6f0e-6a3c-4c1e-9c53-3d7f5b1e2a90';
const member = (releaseId: string): LaneMember & { claiming: boolean } => ({
  ...{ releaseId, kind: 'release', commit, queue: 'fifo', joinedAt: now - 5_000, claiming: true },
});
const view = (status: Partial<LaneStatus> = {}, more: Partial<LaneView> = {}): LaneView => ({
  ...lane,
  status: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 4 }, ...status },
  inventory: [],
  ...more,
});
const unseen = (closures: LaneClosure[] = []): LaneView => ({
  ...lane,
  inventory: [],
  unseen: { away: 'workers', recorded: { closures, waiting: [other] } },
});
const verdict = (of: LaneView) => laneVerdict(of, laneNow(of, now), now);
const ways = (of: LaneView) => laneWays(of, laneNow(of, now));

describe('what the page of a lane says first', () => {
  it.each<[string, LaneView, string]>([
    ['an open lane', view(), 'This lane is open: a release begins as soon as it is ready.'],
    ['one that was never used', { ...lane, inventory: [] }, 'This lane is open, and was not used yet.'],
    ['a freeze without end', view({ closures: [closure()] }), 'Nothing new begins: “stock-taking”, dana.'],
    ['a hold', view({ closures: [closure(), hold()] }), 'Nothing new begins: release abcdef0 ended halted.'],
    [
      'one that somebody is in',
      view({ holder: { releaseId: run, ticket: { incarnation: 1, n: 4 }, since: now } }),
      'Release abcdef0 is in: what comes next begins when it has left.',
    ],
    [
      'one that was begun anew',
      view({ lastTicket: { incarnation: 2, n: 0 } }),
      'This lane is open: a release begins as soon as it is ready.',
    ],
    ['nobody who answers', unseen(), 'Nothing on record closes this lane, and how it stands cannot be seen.'],
    ['a hold on record', unseen([hold()]), 'Nothing new begins: release abcdef0 ended halted.'],
    [
      'an order whose answer is not known',
      view({}, { untold: 'the records are away' }),
      'How this lane stands cannot be told.',
    ],
  ])('of %s', (_what, of, says) => {
    expect(verdict(of).says).toBe(says);
  });

  it('is that whoever is in is held, and waits for a decision, where it has said so', () => {
    const of = view({ holder: { releaseId: run, ticket: { incarnation: 1, n: 4 }, since: now } });
    const waitingFor = { who: 'ben', what: 'a decision', decisions: ['roll-back' as const] };
    const held = { stage: 'held' as const, waitingFor };
    const told = laneVerdict(of, laneNow(of, now), now, held);
    expect(told).toMatchObject({
      ...{ tone: 'stop', icon: 'held', says: 'Release abcdef0 is in, held, and waits for a decision.' },
      beside: 'ben can move it. What comes next begins when it has left.',
    });
    const closed = { ...of, status: { ...of.status!, closures: [closure()] } };
    expect(laneVerdict(closed, laneNow(closed, now), now, held).beside).toContain(
      'Release abcdef0 is in, held, and waits for a decision.',
    );
    expect(laneVerdict(of, laneNow(of, now), now, { stage: 'deploying' }).says).toContain('is in: what comes next');
  });

  it('says in the list who holds a lane, by what runs say', () => {
    const holder = { releaseId: run, ticket: { incarnation: 1, n: 4 }, since: now };
    const row = { ...lane, holder, closures: [] };
    const state = { stage: 'held' as const, since: 7, doing: '', waitingFor: { who: 'ben', what: 'x', decisions: [] } };
    const open = {
      ...{ releaseId: run, ...lane, commit, branch: 'main', attempt: 1 },
      requestedBy: 'fay',
      startedAt: 0,
    };
    expect(listedLane(row, now, [{ ...open, state }])).toMatchObject({
      shown: { word: 'held' },
      holder: { held: { says: 'held', since: 7 } },
    });
    const listed = listedLane(row, now, [open]);
    expect([listed.shown.word, listed.holder?.held]).toEqual(['in use', undefined]);
  });

  it('is not that a decision is waited for, where the run goes on to look by itself', () => {
    const inside = (decisions: DecisionKind[]) =>
      heldInWords({ stage: 'held', waitingFor: { who: 'ben', what: 'x', decisions } });
    expect(inside(['retry', 'roll-back'])).toBe('held, and looked at again from time to time until somebody decides');
    expect(inside(['roll-back', 'accept-failure'])).toBe('held, and waits for a decision');
    expect(inside([])).toBe('held');
  });

  it('says what a ticket is only to whoever asks, and above which none is given out', () => {
    expect(lastTurnInWords({ incarnation: 3, n: 17 })).toBe('no ticket above 3.17 is given out yet');
    expect(lastTurnInWords({ incarnation: 2, n: 0 })).toBe('no ticket is given out yet');
  });

  it('names the cause of a hold, and what closes the lane besides', () => {
    expect(verdict(view({ closures: [closure(), hold()] })).beside).toBe('Nl is down. 1 other thing closes it, too.');
    expect(verdict(view({ closures: [hold()] }, { moreClosures: 3 })).beside).toContain('3 other things close it');
  });

  it('passes over what is over, and what has not begun', () => {
    const closures = [closure({ until: now - 1 }), closure({ id: 'f2', from: now + 60_000 })];
    expect(verdict(view({ closures })).says).toContain('is open');
    expect(laneNow(view({ closures }), now).later.map(({ id }) => id)).toEqual(['f2']);
  });

  it('is never shown as good, and as unknown where nobody says how it stands', () => {
    expect([view(), unseen(), view({ closures: [hold()] })].map((of) => verdict(of).tone)).toEqual([
      'mute',
      'mute',
      'stop',
    ]);
    expect(shownLane({ closures: [], isUnseen: true }).word).toBe('unknown');
    expect(shownLane({ closures: [{ kind: 'of a newer gateway' as 'freeze' }] }).word).toBe('closed');
  });

  it('has what is wrong with it, and what ends that', () => {
    expect(troublesOf(view())).toEqual([]);
    expect(troublesOf(unseen())[0]).toContain('no engine worker asks Temporal for work');
    const told = troublesOf(
      view({}, { unheard: 'it is slow', differs: ['it says otherwise'], waysOut: ['slipway lane tell'] }),
    );
    expect(told.join(' ')).toMatch(
      /has not heard of it yet: it is slow.*It says otherwise\..*What ends that: slipway lane tell\./,
    );
    expect(troublesOf(view({}, { holderEnded: { outcome: 'halted' } })).join()).toContain('ended halted');
  });
});

describe('what closes a lane', () => {
  it('says until when, why, and who has closed it: a run by the name that people know it by', () => {
    expect(shownClosure(hold(), now)).toMatchObject({
      until: 'until somebody clears it',
      reason: ['Nl is down.', 'Release abcdef0 ended halted.'],
      by: 'release abcdef0',
      run,
    });
    expect(shownClosure(closure({ from: now + 3_600_000 }), now).until).toMatch(/^from .* until somebody lifts it$/);
  });

  it('shows nothing of what it says that could not be seen', () => {
    const said = closure({ by: 'da\u202ena', reason: 'stock\u200b' });
    expect([byInWords(said), shownClosure(said, now).reason]).toEqual(['da\\u{202e}na', ['Stock\\u{200b}']]);
  });

  it('is told by its cause where its words say no more', () => {
    expect(leftBy(hold({ reason: 'the database is away.' }))).toBe('the database is away');
  });
});

describe('what may be ordered of a lane', () => {
  it('opens it first, each by its id, then closes it, and mends it where something is wrong', () => {
    const of = view({ closures: [closure(), hold()] });
    expect(ways(of).map(({ kind, id }) => [kind, id])).toEqual([
      ['clear-hold', 'h1'],
      ['unfreeze', 'f1'],
      ['freeze', undefined],
      ['clear-ticket', undefined],
    ]);
    expect(ways(view({}, { unheard: 'slow' })).map(({ kind }) => kind)).toContain('tell');
  });

  it('says what follows: what stays closed, who is in, or who begins', () => {
    const line = (status: Partial<LaneStatus>) => ways(view(status))[0]?.lines.at(-1);
    const holder = { releaseId: other, ticket: { incarnation: 1, n: 1 }, since: now };
    expect(line({ closures: [closure(), hold()] })).toBe('The freeze of dana stays: nothing new begins.');
    expect(line({ closures: [hold()], holder })).toBe('What comes next begins when release 1111111 has left.');
    expect(line({ closures: [hold()], queue: [member(run)] })).toBe('Then release abcdef0 begins.');
    expect(line({ closures: [hold()], queue: [member(run), member(back)] })).toBe('Then a rollback begins.');
    expect(line({ closures: [hold()] })).toBe('Then the next release begins as soon as it is ready.');
  });

  it('is told as it is now to whoever was asked before, and is nothing to order once it was lifted', () => {
    const asked = ways(view({ closures: [hold()] }))[0]!;
    const later = (of: LaneView, way = asked) => wayNow(of, laneNow(of, now), way);
    const many = Array.from({ length: 6 }, (_, at) => hold({ id: `h${at + 2}`, from: 0 }));
    const one = later(view({ closures: [...many, hold()] }));
    expect([one.why, one.way.mark]).toEqual([undefined, 'alone it opens nothing']);
    expect(later(view())).toMatchObject({ way: { id: 'h1' }, says: [], why: 'It was lifted meanwhile.' });
    expect(later(view({ closures: [hold({ id: 'h2' })] })).why).toBe('It was lifted meanwhile.');
    const untold = { ...lane, inventory: [], untold: 'away' };
    expect(later(untold)).toMatchObject({ says: ['Whether that is still so cannot be told now.'] });
    expect(later(untold).why).toBeUndefined();
    const tell = ways(view({}, { unheard: 'slow' })).find(({ kind }) => kind === 'tell');
    expect(later(view(), tell).why).toBe('The lane has heard of it meanwhile.');
  });

  it.each<[Partial<LaneWay>, object, object, string]>([
    [
      { kind: 'freeze' },
      { until: Date.UTC(2026, 10, 30, 18) },
      { until: Date.UTC(2026, 10, 30, 18) },
      'freeze LANE --until 2026-11-30T18:00Z',
    ],
    [{ kind: 'unfreeze', id: 'f1' }, { until: 5 }, { id: 'f1' }, 'unfreeze LANE --id=f1'],
    [{ kind: 'clear-hold', id: 'h 1' }, {}, { id: 'h 1' }, "lane clear-hold LANE --id='h 1'"],
    [{ kind: 'clear-ticket' }, { ticket: '9.1' }, { ticket: '9.1' }, 'lane clear-ticket LANE --ticket 9.1'],
  ])('%j is sent, and is the same as a command', (way, filled, body, command) => {
    const [whole, all] = [way as LaneWay, { reason: "it's so", ...filled }];
    expect(orderBody(whole, all)).toEqual({ reason: "it's so", ...body });
    const place = command.replace('LANE', '--service shop --environment production');
    expect(orderCommand(lane, whole, all)).toBe(`slipway ${place} --reason 'it'\\''s so'`);
  });

  it('tells a lane without a reason', () => {
    const tell = { kind: 'tell' } as LaneWay;
    expect(orderBody(tell, { reason: 'x' })).toEqual({});
    expect(orderCommand(lane, tell, { reason: 'x' })).toBe('slipway lane tell --service shop --environment production');
  });

  it('is answered by what counts, and what has not been heard of it', () => {
    const freeze = { kind: 'freeze' } as LaneWay;
    expect(orderedInWords(freeze, view())).toBe('It is on record and in force.');
    expect(orderedInWords(freeze, view({}, { unheard: 'slow' }))).toContain('has not heard of it yet: slow');
    expect(orderedInWords(freeze, view({}, { untold: 'away' }))).toContain('cannot be told: away');
    expect(orderedInWords({ kind: 'tell' } as LaneWay, { ...unseen(), unseen: { away: 'begun' } })).toContain('anew');
  });
});

describe('who waits for a lane', () => {
  const row = (releaseId: string, more: Partial<ReleaseRow> = {}): ReleaseRow => ({
    ...{ releaseId, number: 7, ...lane, commit, branch: 'main', attempt: 1, requestedBy: 'fay', startedAt: 0 },
    ...more,
  });
  const rows = (status: Partial<LaneStatus>, open: ReleaseRow[] = []) => queueRows(laneNow(view(status), now), open);

  it('is named, with what keeps them out, in the order in which that goes', () => {
    const holder = { releaseId: other, ticket: { incarnation: 1, n: 1 }, since: now };
    const [first, second] = rows({ closures: [closure(), hold()], holder, queue: [member(run), member(`${run}0`)] }, [
      row(run),
    ]);
    expect(first).toMatchObject({
      ...{ place: 1, name: 'shop#7', by: 'fay', since: now - 5_000 },
      waitsFor:
        'ready; waits for release 1111111 to leave, then the hold after release abcdef0, then the freeze of dana',
    });
    expect(second?.waitsFor).toMatch(/, then release abcdef0$/);
  });

  it('is not kept out by what lets them pass', () => {
    expect(rows({ closures: [closure()], queue: [member(back)] })[0]?.waitsFor).toBe('ready: it begins in a moment');
  });

  it('stands behind rollbacks, as the lane lets them in, and behind whoever has claimed it', () => {
    const joined = { ...member(`${run}1`), claiming: false };
    const frozen = rows({ closures: [closure()], queue: [joined, member(run), member(back)] });
    expect(frozen.map(({ place, releaseId, waitsFor }) => [place, releaseId, waitsFor])).toEqual([
      [1, back, 'ready: it begins in a moment'],
      [2, run, 'ready; waits for a rollback, then the freeze of dana'],
      [3, `${run}1`, 'on its way'],
    ]);
    const closed = closure({ passes: [] });
    expect(rows({ closures: [closed], queue: [member(run), member(back)] }).map(({ waitsFor }) => waitsFor)).toEqual([
      'ready; waits for the freeze of dana',
      'ready; waits for the freeze of dana, then a rollback',
    ]);
  });

  it('has not claimed it yet: then it is told what the run waits for, and who can move it', () => {
    const waitingFor = { what: 'approval: 1 of approvers', who: 'ben', until: now };
    const state = { stage: 'awaiting-approval' as const, since: 0, doing: 'waits', waitingFor };
    const queue = [{ ...member(run), claiming: false }];
    expect(rows({ queue }, [row(run, { state })])[0]).toMatchObject({
      ...{ waitsFor: 'approval: 1 of approvers', who: 'ben', until: now },
      shown: { word: 'waiting for approval' },
    });
    expect(rows({ queue })[0]).toMatchObject({
      waitsFor: 'on its way',
      shown: { word: 'unknown' },
      name: 'release abcdef0',
    });
  });
});

describe('what is verified in a lane', () => {
  const row = (region: string, component: string, more = {}) =>
    aVerified({ ...lane, region, component, releaseId: run, commit, ...more });
  const left = (component: string): LeftBehind => ({
    region: 'nl',
    component,
    image: `r/x@sha256:${'7'.repeat(64)}`,
    releaseId: other,
    outcome: 'halted',
  });

  it('is told by region, its components together where they are alike', () => {
    const rows = verifiedRows(
      view(
        {},
        { inventory: [row('de', 'core'), row('de', 'web'), row('nl', 'core', { releaseId: other }), row('nl', 'web')] },
      ),
    );
    expect(rows.map(({ region, what, shown }) => [region, what, shown.word])).toEqual([
      ['de', '2 components', 'verified'],
      ['nl', 'core', 'verified'],
      ['nl', 'web', 'verified'],
    ]);
  });

  it('is never shown as verified where a run has left something else, or no pod was seen', () => {
    const inventory = [row('nl', 'core'), row('nl', 'web'), row('de', 'core', { unseen: true })];
    const rows = verifiedRows(view({}, { inventory, leftBehind: [left('core'), left('web')] }));
    expect(rows).toMatchObject([
      {
        what: '2 components',
        shown: { word: 'unknown', tone: 'mute' },
        note: 'may run what release 1111111 put there, which ended halted',
      },
      { what: 'core', shown: { word: 'unknown' }, note: 'scaled to zero: no pod was seen that runs it' },
    ]);
    expect(verifiedRows(view({}, { inventory, leftBehind: [left('core')] }))[0]?.note).toContain(
      '777777777777 of release 1111111',
    );
    expect(leftElsewhere(view({}, { leftBehind: [left('core')] }))[0]).toMatch(/^core in nl may run/);
  });
});

describe('who did what in a lane', () => {
  const row = (what: string, at: number, facts = {}) =>
    ({
      lane: 'shop/production',
      key: `${at}`,
      at,
      what,
      who: 'dana',
      facts,
      n: at,
      previous: '',
      hash: '',
    }) as AuditPage['rows'][number];

  it('is what people ordered and decided, the newest first, and nothing of what steps wrote', () => {
    const deeds = deedsOf([
      row('freeze', 1, { reason: 'stock-taking' }),
      row('planRelease done', 2),
      row('decision accept-failure', 3, { releaseId: run, reason: '' }),
      row('constructor', 4),
      row('decision approve refused', 5, { releaseId: run }),
    ]);
    expect(deeds.map(({ did, reason }) => [did, reason])).toEqual([
      ['was refused: approve about release abcdef0', undefined],
      ['said accept failure about release abcdef0', undefined],
      ['froze it', 'stock-taking'],
    ]);
  });

  it('is nobody only as far as somebody has looked', () => {
    const end = (chain: string, first: number, last: number) => ({
      chain,
      rows: Array.from({ length: last - first + 1 }, (_, at) => ({ ...row('planRelease done', 1), n: first + at })),
    });
    const of = 'shop/production';
    expect(nobodyIn([end(of, 1, 100), end(`${of}@gateway`, 1, 0)])).toBe(
      'Nobody has ordered or decided anything here.',
    );
    expect(nobodyIn([end(of, 2, 101), end(`${of}@gateway`, 1, 7)])).toBe(
      'Nobody has ordered or decided anything here among the last 100 rows of shop/production.',
    );
  });

  it('is read in the chains in which gateways write', () => {
    const chains = [
      'shop/production',
      'shop/production@gateway',
      'shop/production@engine',
      'shop/production2',
      'web/production',
    ];
    expect(
      chainsOfPeople(
        'shop/production',
        chains.map((one) => ({ lane: one })),
      ),
    ).toEqual(['shop/production', 'shop/production@gateway']);
  });
});

describe('a lane in a list', () => {
  it('says what closes it most, and how much more does', () => {
    const row = { ...lane, closures: [closure(), hold()], moreClosures: 2 };
    expect(listedLane(row, now)).toMatchObject({
      isClosed: true,
      shown: { word: 'on hold' },
      why: 'nl is down, and 3 more',
    });
    expect(listedLane({ ...lane, closures: [] }, now)).toMatchObject({ isClosed: false, shown: { word: 'open' } });
  });

  it('is not said to be open where what closes it was not told', () => {
    expect(listedLane({ ...lane, closures: [], untold: true }, now)).toMatchObject({
      isUntold: true,
      shown: { word: 'unknown' },
    });
  });
});
