import { describe, expect, it } from '@jest/globals';
import { whyNothing } from '../../../client/dashboard/words/beginning.ts';
import { countsOf, isSought, matrixOf, soughtIn, titleOf, whatIsIn } from '../../../client/dashboard/words/matrix.ts';
import { linesOf, pipsOf, waitsInWords } from '../../../client/dashboard/words/standing.ts';
import type { LaneOverview, OpenRun, Overview, RegionOverview } from '../../../domain/contract/overview.ts';
import type { Stage, WaitingFor } from '../../../domain/contract/status.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { aCommit } from '../../domain/builders.ts';

const region = (name: string, changes: Partial<RegionOverview> = {}): RegionOverview => ({
  ...{ region: name, state: 'verified', components: 3 },
  release: { releaseId: 'release/old', commit: aCommit('a'), requestedBy: 'ann', verifiedAt: 1_000 },
  ...changes,
});
const lane = (environment: string, regions: RegionOverview[], changes: Partial<LaneOverview> = {}): LaneOverview => ({
  ...{ service: 'shop', environment, regions },
  ...changes,
});
const run = (stage: Stage | undefined, changes: Partial<OpenRun> = {}, waitingFor?: WaitingFor): OpenRun => ({
  ...{ releaseId: 'release/new', service: 'shop', environment: 'production', commit: aCommit('b'), branch: 'main' },
  ...{ attempt: 1, requestedBy: 'ben', startedAt: 5_000 },
  ...(stage && { state: { stage, since: 6_000, doing: 'deploying core', ...(waitingFor && { waitingFor }) } }),
  ...changes,
});
const seen = (lanes: LaneOverview[], runs: OpenRun[] = []): Overview => ({
  ...{ at: 10_000, environments: ['staging', 'production'], lanes, runs },
});
const held: WaitingFor = { what: 'x', who: 'ops', until: 50, decisions: ['roll-back', 'retry', 'accept-failure'] };
const asked: WaitingFor = { what: 'x', who: '1 of ops', until: 40, decisions: ['approve'] };
const failure = failureDetails('SLIP-REL-1', 'something');

/** What the cells of the only row say. */
const cellsOf = (overview: Overview) =>
  matrixOf(overview).rows[0]!.cells.map(({ environment, span, cell }) => [environment, span, cell?.state, cell?.words]);

describe('what runs where', () => {
  it('shares one cell where regions agree, and has two where they do not', () => {
    const old = { release: { releaseId: 'release/older', commit: aCommit('c'), verifiedAt: 500 } };
    const both = seen([
      lane('staging', [region('de'), region('nl')]),
      lane('production', [region('de'), region('nl', old)]),
    ]);
    expect(cellsOf(both).map(([environment, span]) => [environment, span])).toEqual([
      ['staging', 2],
      ['production', 1],
      ['production', 1],
    ]);
  });

  it('says the newest commit of a region that is half of one and half of another, how many more, and which', () => {
    const versions = [
      { commit: aCommit('a'), components: ['core'] },
      { commit: aCommit('c'), components: ['search', 'web'] },
    ];
    const mixed = region('de', { versions });
    const cellIn = (runs: OpenRun[]) =>
      matrixOf(seen([lane('production', [mixed])], runs)).rows[0]!.cells.find(({ cell }) => cell)!.cell!;
    const [calm, ahead, changing] = [
      cellIn([]),
      cellIn([run('awaiting-approval', {}, asked)]),
      cellIn([run('deploying', { regions: [{ region: 'de', phase: 'deploying' }] })]),
    ];
    expect(whatIsIn(calm)).toBe('aaaaaaa +1');
    expect(titleOf(calm)).toBe('aaaaaaa: core; ccccccc: search, web');
    expect(whatIsIn(ahead)).toBe('aaaaaaa +1');
    expect([whatIsIn(changing), changing.words]).toEqual(['bbbbbbb', 'from aaaaaaa +1']);
    for (const state of ['revoked', 'unknown'] as const) {
      const [row] = matrixOf(seen([lane('production', [region('de', { versions, state })])])).rows;
      expect(whatIsIn(row!.cells.find(({ cell }) => cell)!.cell!)).toBe('aaaaaaa');
    }
    expect(
      isSought(matrixOf(seen([lane('production', [mixed])])).rows[0]!, soughtIn({ find: 'ccccccc: search' })),
    ).toBe(true);
  });

  it('has a region in which a service was never released as one of which nothing is on record', () => {
    const of = seen([
      lane('staging', [region('de'), region('nl')]),
      lane('production', [region('de')], { service: 'cart' }),
    ]);
    const [cart] = matrixOf(of).rows.filter(({ service }) => service === 'cart');
    expect(cart!.cells.map(({ cell }) => cell?.state)).toEqual([undefined, 'verified']);
  });

  it.each<[string, OpenRun, (string | undefined)[][]]>([
    [
      'what a run that is held has failed at, and what it has verified',
      run(
        'held',
        {
          regions: [
            { region: 'de', phase: 'verified' },
            { region: 'nl', phase: 'failed' },
          ],
          failure,
        },
        held,
      ),
      [
        ['verified', 'by the run that is open'],
        ['held', `NL failed: ${failure.title}`],
      ],
    ],
    [
      'what a run is deploying, and from what',
      run('deploying', {
        regions: [
          { region: 'de', phase: 'deploying' },
          { region: 'nl', phase: 'pending' },
        ],
      }),
      [
        ['deploying', 'from aaaaaaa'],
        ['deploying', 'next: bbbbbbb, deploying core'],
      ],
    ],
    [
      'what waits for approval to come there',
      run('awaiting-approval', { approval: { given: [], missing: 1, noReturn: [] } }, asked),
      [['waiting', 'next: bbbbbbb, needs a yes']],
    ],
    [
      'that nobody says how a run stands, beside what is on record',
      run(undefined),
      [['verified', 'next: bbbbbbb, no worker has said in time how it stands']],
    ],
    [
      'what a release that is taken back puts where, and nothing of it where it does not come',
      run('rolling-back', {
        regions: [
          { region: 'de', phase: 'rolled-back' },
          { region: 'nl', phase: 'pending' },
        ],
      }),
      [
        ['waiting', 'back from bbbbbbb'],
        ['verified', ''],
      ],
    ],
    [
      'where a release that is taken back goes to',
      run('rolling-back', {
        regions: [
          { region: 'de', phase: 'rolling-back' },
          { region: 'nl', phase: 'pending' },
        ],
      }),
      [
        ['deploying', 'back to aaaaaaa'],
        ['verified', ''],
      ],
    ],
    [
      'what a rollback takes away, and what nobody has on record for what it puts there',
      run('rolling-back', {
        ...{ releaseId: 'rollback/new', commit: aCommit('a'), undoes: { releaseId: 'release/old' } },
        regions: [
          { region: 'de', phase: 'rolled-back' },
          { region: 'nl', phase: 'rolling-back' },
        ],
      }),
      [
        ['waiting', 'what was before'],
        ['deploying', 'back to what was before'],
      ],
    ],
    [
      'what is there while a rollback waits, and not that it comes there',
      run('awaiting-lane', { releaseId: 'rollback/new', commit: aCommit('a'), undoes: { releaseId: 'release/old' } }),
      [['verified', '']],
    ],
  ])('tells %s', (_, open, cells) => {
    const production = lane('production', [region('de'), region('nl')]);
    expect(
      cellsOf(seen([production], [open]))
        .slice(1)
        .map(([, , state, words]) => [state, words]),
    ).toEqual(cells);
  });

  it.each<[string, Partial<OpenRun>, string]>([
    ['a release is what was verified there', {}, aCommit('a')],
    ['a rollback is not on record', { undoes: { releaseId: 'release/new' } }, ''],
  ])('shows no commit of what was taken back: before %s', (_, changes, commit) => {
    const open = run('rolling-back', { ...changes, regions: [{ region: 'de', phase: 'rolled-back' }] });
    const cell = matrixOf(seen([lane('production', [region('de')])], [open])).rows[0]!.cells.at(-1)?.cell;
    expect(cell).toMatchObject({ commit, shown: { word: 'rolled back' } });
  });

  it('names a hold of a lane before what closes it beside that', () => {
    const closed = (['freeze', 'hold'] as const).map((kind) => ({ kind, by: 'x', from: 1, reason: 'y' }));
    const [row] = matrixOf(seen([lane('production', [region('de')], { closed })])).rows;
    expect(row!.closed.map(({ closed: { kind } }) => kind)).toEqual(['hold']);
  });

  it('never shows as good what nobody knows, whatever is to come there', () => {
    const unknown = region('de', { state: 'unknown', why: 'core may run what x put there' });
    const shown = matrixOf(seen([lane('production', [unknown])], [run('building')])).rows[0]!.cells.at(-1)?.cell;
    expect(shown).toMatchObject({ state: 'unknown', shown: { tone: 'mute' }, words: 'core may run what x put there' });
    const newer = region('de', { state: 'haunted' as RegionOverview['state'] });
    expect(matrixOf(seen([lane('production', [newer])])).rows[0]!.cells.at(-1)?.cell).toMatchObject({
      shown: { tone: 'mute', word: 'haunted' },
    });
  });

  it('has those with something to do first, and a lane that is closed is something', () => {
    const closed = [{ kind: 'hold' as const, by: 'x', from: 1, reason: 'y' }];
    const { rows } = matrixOf(
      seen([
        lane('production', [region('de')], { service: 'a' }),
        lane('production', [region('de')], { service: 'b', closed }),
        lane('production', [region('de', { behind: { environment: 'staging', releases: 2 } })], { service: 'c' }),
        lane('production', [region('de', { state: 'revoked' })], { service: 'd' }),
      ]),
    );
    expect(rows.map(({ service, hasToDo }) => [service, hasToDo])).toEqual([
      ['b', true],
      ['d', true],
      ['a', false],
      ['c', false],
    ]);
    expect(countsOf(rows)).toMatchObject({ revoked: 1, behind: 1, held: 0 });
    const found = (search: Record<string, string>) =>
      rows.filter((row) => isSought(row, soughtIn(search))).map(({ service }) => service);
    expect(found({ state: 'behind' })).toEqual(['c']);
    expect(found({ find: ' ANN ' })).toEqual(['b', 'd', 'a', 'c']);
    expect(found({ find: 'd', state: 'revoked' })).toEqual(['d']);
    expect(found({ state: 'nothing that anybody knows' })).toHaveLength(4);
  });
});

describe('what waits for somebody', () => {
  it('has what is held first, then what has the least time, and is said aloud', () => {
    const mine = { waitsForMe: true, approval: { given: ['cleo'], missing: 1, noReturn: ['0014'] } };
    const later = run('awaiting-approval', { ...mine, service: 'late' }, { ...asked, until: 90 });
    const soon = run('awaiting-approval', { ...mine, service: 'soon' }, asked);
    const stuck = run(
      'held',
      {
        waitsForMe: true,
        failure,
        regions: [
          { region: 'nl', phase: 'failed' },
          { region: 'de', phase: 'verified' },
        ],
      },
      held,
    );
    const { forMe, running } = linesOf({ runs: [later, run('deploying'), soon, stuck] });
    expect(forMe.map(({ run: { service } }) => service)).toEqual(['shop', 'soon', 'late']);
    expect(running).toHaveLength(1);
    expect([forMe[0]!.says, forMe[0]!.beside]).toEqual([
      `NL failed: ${failure.title}.`,
      'DE is verified. Roll back, try again or accept the failure.',
    ]);
    expect([forMe[1]!.says, forMe[1]!.beside]).toEqual([
      'Needs one more yes.',
      'cleo said yes. No way back after 0014.',
    ]);
    expect(waitsInWords({ forMe: forMe.slice(0, 1), isAllKnown: true })).toBe(
      '1 waits for you: shop to production, held.',
    );
  });

  it.each<[string, OpenRun[], true | undefined, string]>([
    ['nothing where nothing goes on', [], undefined, 'Nothing waits for you.'],
    ['nothing where each run is known', [run('deploying')], undefined, 'Nothing waits for you.'],
    ['nothing that is known where no worker answers', [run(undefined)], undefined, 'Nothing that is known'],
    ['nothing that is known where there are more runs', [run('deploying')], true, 'Nothing that is known'],
    ['nothing that is known where one was not judged', [run('held', {}, held)], undefined, 'Nothing that is known'],
    ['nothing where it waits for others', [run('held', { waitsForMe: false }, held)], undefined, 'Nothing waits'],
  ])('is %s', (_, runs, moreRuns, words) => {
    expect(waitsInWords(linesOf({ runs, ...(moreRuns && { moreRuns }) }))).toMatch(new RegExp(`^${words}`));
  });

  it('says of what has all its yeses that it goes on by itself', () => {
    const approval = { given: ['cleo', 'kim'], missing: 0, noReturn: [] };
    const [line] = linesOf({ runs: [run('awaiting-approval', { waitsForMe: false, approval })] }).running;
    expect([line!.says, line!.beside]).toEqual(['Has all its yeses, and goes on by itself.', 'cleo, kim said yes.']);
  });

  it('says of what waits for others for whom', () => {
    const approval = { given: [], missing: 2, noReturn: [] };
    const [line] = linesOf({ runs: [run('awaiting-approval', { waitsForMe: false, approval }, asked)] }).running;
    expect([line!.says, line!.beside]).toEqual(['Needs 2 yeses.', 'Wanted: 1 of ops.']);
  });
});

describe('how far a run is', () => {
  it.each<[Stage | undefined, string]>([
    ['joining', 'now'],
    ['awaiting-approval', 'done done done done now ask'],
    ['held', 'done done done done done done done now ask'],
    ['rolling-back', 'done done done done done done done now'],
    [undefined, ''],
    ['of tomorrow' as Stage, ''],
  ])('is told by its stage: %s', (stage, told) => {
    expect(
      pipsOf(run(stage))
        .filter(({ is }) => is !== 'ahead')
        .map(({ is }) => is)
        .join(' '),
    ).toBe(told);
  });
});

describe('a page with nothing on it', () => {
  const me = (may: ('look' | 'start')[]) => ({
    id: 'ann',
    via: 'oidc',
    groups: [],
    grants: [{ service: 'shop', environment: 'production', may }],
  });
  const lanes = [{ service: 'shop', environment: 'production' }];

  it('says what whoever looks may do about it', () => {
    expect(whyNothing(lanes, me(['look', 'start'])).command).toBe('slipway deploy --service shop');
    expect(whyNothing(lanes, me(['look']))).not.toHaveProperty('command');
    expect(whyNothing([], me([])).says).toBe('The policy lets you look at no lane.');
  });
});
