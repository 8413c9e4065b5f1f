import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryKind } from '../../domain/contract/delivery.ts';
import type { SchemaChange, VerifiedRelease } from '../../domain/contract/release.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import { chooseRollback, newcomersInWords, regionsToRollBack } from '../../domain/rollback.ts';
import type { RollbackFacts } from '../../domain/rollback.ts';
import { aSchemaChange, verifiedAt } from '../support/rollback-history.ts';
import { aCommit, anImage, aPlan, aPlannedComponent, aReleaseId, aVerified } from './builders.ts';

function choose(changes: Partial<RollbackFacts> = {}) {
  return chooseRollback({
    plan: aPlan(),
    releaseId: aReleaseId(),
    region: 'de',
    history: [aVerified()],
    schema: [],
    ...changes,
  });
}

const byChart = (row: VerifiedRelease): VerifiedRelease => ({
  ...row,
  artifact: { kind: 'chart' as DeliveryKind, digest: 'sha256:chart' },
});
const contractingAt = (changedAt: number) => aSchemaChange({ contracting: ['0002_weight'], changedAt });
const unknownAt = (changedAt: number) => aSchemaChange({ pending: ['*'], changedAt });
const unseenAt = (time: number, digit: string) => ({ ...verifiedAt(time, digit), unseen: true as const });
const own = (changes: Partial<VerifiedRelease> = {}) => aVerified({ releaseId: aReleaseId(), ...changes });

describe('chooseRollback', () => {
  it('goes back to the last release verified in the region', () => {
    expect(choose({ history: [verifiedAt(100, '8'), aVerified()] })).toEqual({
      kind: 'go',
      region: 'de',
      targets: [
        { component: 'core', image: anImage('core', '0'), releaseId: aVerified().releaseId, commit: aCommit('e') },
      ],
    });
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    [
      'one that has proven itself, before a newer one that is only verified',
      { history: [verifiedAt(500, '2'), verifiedAt(100, '1', 'proven')] },
      '1',
    ],
    [
      'the newest of those that have proven themselves',
      { history: [verifiedAt(100, '1', 'proven'), verifiedAt(300, '3', 'proven'), verifiedAt(200, '2', 'proven')] },
      '3',
    ],
    ['what was there before the release to undo', { history: [own({ verifiedAt: 900 }), verifiedAt(500, '1')] }, '1'],
    [
      'what was there before, though something newer came and was revoked',
      { history: [verifiedAt(990, '9', 'revoked'), own({ verifiedAt: 900 }), verifiedAt(500, '1')] },
      '1',
    ],
    ['it over changes that took nothing away', { schema: [aSchemaChange()] }, '0'],
    [
      'one that was verified on the schema of today, before an older one that has proven itself',
      { history: [verifiedAt(700, '7'), verifiedAt(100, '1', 'proven')], schema: [contractingAt(600)] },
      '7',
    ],
    [
      'one that has proven itself among those that the schema carries',
      {
        history: [verifiedAt(900, '9'), verifiedAt(700, '7', 'proven'), verifiedAt(100, '1', 'proven')],
        schema: [unknownAt(600)],
      },
      '7',
    ],
    ['one that was verified at the moment of the change', { schema: [contractingAt(500)] }, '0'],
    [
      'an earlier one, when the image of the last is gone from its registry',
      { history: [verifiedAt(500, '2'), verifiedAt(100, '1')], missing: [anImage('core', '2')] },
      '1',
    ],
    [
      'one that is only verified, when the image of the one that has proven itself is gone',
      { history: [verifiedAt(500, '2', 'proven'), verifiedAt(100, '1')], missing: [anImage('core', '2')] },
      '1',
    ],
    ['it, whatever else is gone', { missing: [anImage('core', '9')] }, '0'],
    [
      'one that was seen running, before a newer one that was scaled to zero',
      { history: [unseenAt(500, '2'), verifiedAt(100, '1')] },
      '1',
    ],
    [
      'one that was scaled to zero, when its image was seen running before',
      { history: [unseenAt(500, '2'), { ...verifiedAt(300, '3'), image: anImage('core', '2') }, verifiedAt(100, '1')] },
      '2',
    ],
    [
      'one that was put there in the same way, before a newer one that was not',
      { history: [verifiedAt(500, '2'), verifiedAt(100, '1')].map((row, n) => (n === 0 ? byChart(row) : row)) },
      '1',
    ],
  ])('takes %s', (_what, changes, digit) => {
    expect(choose(changes)).toMatchObject({ kind: 'go', targets: [{ image: anImage('core', digit) }] });
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    ['nothing was verified there', { history: [] }, 'core has never been verified in de'],
    ['only this release itself was', { history: [own()] }, 'nothing of core was verified in de before this release'],
    [
      'only this release itself was, which is taken back',
      { history: [own({ state: 'revoked' })] },
      'nothing of core was verified in de before this release',
    ],
    [
      'what was verified is revoked',
      { history: [aVerified({ state: 'revoked' })] },
      'all that was verified of core in de is revoked',
    ],
    [
      'what was verified before it is revoked',
      { history: [aVerified({ state: 'revoked' }), own({ verifiedAt: 900 })] },
      'all that was verified of core in de before this release is revoked',
    ],
    [
      'this release is the first of three components, and one has come since',
      {
        plan: aPlan({ components: ['core', 'mailer', 'dashboard'].map((name) => aPlannedComponent(name)) }),
        history: [own(), own({ component: 'dashboard' })],
      },
      'nothing of core, dashboard was verified in de before this release; mailer has never been verified in de',
    ],
    [
      'it was verified in another region',
      { history: [aVerified({ region: 'nl' })] },
      'core has never been verified in de',
    ],
    [
      'none of two components has anything to go back to',
      { plan: aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('dashboard')] }), history: [] },
      'core, dashboard have never been verified in de',
    ],
    [
      'one of two components may not go back to what it has',
      {
        plan: aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('dashboard')] }),
        history: [aVerified(), aVerified({ component: 'dashboard', image: anImage('dashboard', '0') })],
        missing: [anImage('dashboard', '0')],
      },
      `image ${anImage('dashboard', '0')}, verified in de, is no longer in its registry, nor is any before it`,
    ],
    [
      'the schema would not carry it, whichever run has changed that',
      { schema: [contractingAt(501)] },
      'the schema may no longer carry the earlier release (main: 0002_weight)',
    ],
    [
      'the schema would carry none of several',
      { history: [verifiedAt(500, '2'), verifiedAt(100, '1', 'proven')], schema: [contractingAt(501)] },
      'the schema may no longer carry the earlier release (main: 0002_weight)',
    ],
    [
      'nobody knows what was applied, however often',
      { schema: [unknownAt(501), unknownAt(502), aSchemaChange({ database: 'stock', pending: ['*'] })] },
      'it is not known what was applied to main, stock, nor whether the earlier release can live with it',
    ],
    [
      'its image is gone from its registry',
      { missing: [anImage('core', '0')] },
      `image ${anImage('core', '0')}, verified in de, is no longer in its registry, nor is any before it`,
    ],
    [
      'all of them are gone, or stand before what the schema may no longer carry',
      {
        history: [verifiedAt(700, '7'), verifiedAt(100, '1')],
        schema: [contractingAt(600)],
        missing: [anImage('core', '7')],
      },
      `image ${anImage('core', '7')}, verified in de, is no longer in its registry, nor is any before it`,
    ],
    [
      'it was put there in another way',
      { history: [byChart(aVerified())] },
      'core was put there by chart before, and is by deployment-image now',
    ],
  ])('refuses, and names the way forward, when %s', (_when, changes, why) => {
    expect(choose(changes)).toMatchObject({
      kind: 'refused',
      region: 'de',
      why,
      next: expect.stringMatching(/^Fix forward/),
    });
  });

  it.each<[string, Partial<RollbackFacts>, boolean]>([
    ['this release is verified there', { history: [own()] }, false],
    [
      'this release is verified there, after another way of delivery',
      { history: [byChart(aVerified()), own({ verifiedAt: 900 })] },
      false,
    ],
    ['this release is verified in another region', { history: [own({ region: 'nl' })] }, true],
    ['this release was verified there, and is taken back', { history: [own({ state: 'revoked' })] }, true],
    ['this release has not come so far', { history: [] }, true],
    ['this release has not come so far, after another way of delivery', { history: [byChart(aVerified())] }, true],
  ])('has a hold cleared only where this release leaves one: %s', (_when, changes, leavesOne) => {
    const hold = leavesOne ? ', and clear the hold that this release leaves' : '';
    expect(choose(changes)).toMatchObject({ next: `Fix forward, or put a known image in place by hand${hold}.` });
  });

  it('says of what it goes back to that it was never seen running, when all there is was scaled to zero', () => {
    expect(choose({ history: [unseenAt(500, '2'), unseenAt(100, '1')] })).toMatchObject({
      kind: 'go',
      targets: [{ image: anImage('core', '2'), unseen: true }],
    });
    expect(choose()).not.toMatchObject({ targets: [{ unseen: true }] });
  });

  describe('a component that is new in the region', () => {
    const plan = aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('worker')] });

    it('keeps no other on the bad release, and is named', () => {
      expect(choose({ plan, touched: [] })).toEqual({
        kind: 'go',
        region: 'de',
        targets: [expect.objectContaining({ component: 'core', image: anImage('core', '0') })],
        newcomers: [{ component: 'worker', touched: false }],
      });
    });

    it.each<[string, Partial<RollbackFacts>, boolean]>([
      ['as touched, when the release has begun to change it there', { touched: [placeInWords('worker', 'de')] }, true],
      ['as touched, when nobody knows', {}, true],
      ['as untouched, when it was changed in another region only', { touched: [placeInWords('worker', 'nl')] }, false],
    ])('counts %s', (_what, facts, touched) => {
      expect(choose({ plan, ...facts })).toMatchObject({ newcomers: [{ component: 'worker', touched }] });
    });

    it.each<[string, Partial<VerifiedRelease>]>([
      ['the release to undo is all that was verified of it', { releaseId: aReleaseId() }],
      ['all that was verified of it is revoked', { state: 'revoked' }],
      ['it was verified in another region', { region: 'nl' }],
    ])('is one also when %s', (_when, row) => {
      const history = [aVerified(), aVerified({ component: 'worker', image: anImage('worker', '0'), ...row })];
      expect(choose({ plan, history })).toMatchObject({ kind: 'go', newcomers: [{ component: 'worker' }] });
    });

    it('is told in words', () => {
      const [worker, mailer] = ['worker', 'mailer'].map((component) => ({ component, touched: false }));
      expect(newcomersInWords([])).toBeUndefined();
      expect(newcomersInWords([worker!])).toBe('worker stays as it is: nothing that may be gone back to ran before it');
      expect(newcomersInWords([worker!, mailer!])).toBe(
        'worker, mailer stay as they are: nothing that may be gone back to ran before them',
      );
    });
  });

  describe('of a component that comes back to a region', () => {
    const plan = aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('search')] });
    const of = (component: string, row: VerifiedRelease) => ({
      ...row,
      component,
      image: anImage(component, row.commit[0]),
    });
    const both = verifiedAt(100, '1');
    const alone = verifiedAt(300, '2');
    const history = [
      of('core', own({ verifiedAt: 900 })),
      of('search', own({ verifiedAt: 900 })),
      of('core', alone),
      of('core', both),
      of('search', both),
    ];

    it('leaves it as it is, and puts back the others as they were verified last, over changes that its past could not bear', () => {
      for (const schema of [[], [contractingAt(200)]])
        expect(choose({ plan, history, schema })).toMatchObject({
          kind: 'go',
          targets: [{ component: 'core', releaseId: alone.releaseId }],
          newcomers: [{ component: 'search' }],
        });
    });

    it('goes back to it where the release that had left it out was revoked', () => {
      const revoked = history.map((row) =>
        row.releaseId === alone.releaseId ? { ...row, state: 'revoked' as const } : row,
      );
      expect(choose({ plan, history: revoked })).toMatchObject({
        targets: [
          { component: 'core', releaseId: both.releaseId },
          { component: 'search', releaseId: both.releaseId },
        ],
      });
    });
  });

  const newer = verifiedAt(900, '9');
  it.each<[string, VerifiedRelease[]]>([
    ['a newer release runs in the region', [newer, own(), verifiedAt(100, '1')]],
    ['a newer release runs there, and an older one has proven itself', [newer, own(), verifiedAt(100, '1', 'proven')]],
    ['it was rolled back already, and a newer release runs there now', [newer, own({ state: 'revoked' })]],
  ])('refuses to undo a release that does not run any more: %s', (_when, history) => {
    expect(choose({ history })).toMatchObject({
      kind: 'refused',
      region: 'de',
      why: `${newer.releaseId} was verified in de since`,
    });
  });

  it('goes back exactly when every component that is not new has a row that may be taken, and to such rows only', () => {
    const plan = aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('dashboard')] });
    let gone = 0;
    fc.assert(
      fc.property(histories, schemas, gones, (history, schema, missing) => {
        const choice = choose({ plan, history, schema, missing });
        const takable = (component: string) =>
          history.filter((row) => mayBeTaken(row, component, history, schema) && !missing.includes(row.image));
        const fresh = ['core', 'dashboard'].filter((component) => isNew(component, history));
        const back = ['core', 'dashboard'].filter(
          (component) => !fresh.includes(component) && takable(component).length > 0,
        );
        expect(choice.kind === 'go').toBe(back.length > 0 && back.length + fresh.length === 2);
        if (choice.kind !== 'go') return;
        gone += 1;
        expect(choice.targets.map((t) => t.component)).toEqual(back);
        expect(choice.newcomers ?? []).toEqual(fresh.map((component) => ({ component, touched: true })));
        for (const target of choice.targets)
          expect(takable(target.component)).toContainEqual(expect.objectContaining(target));
      }),
      { numRuns: 5_000 },
    );
    expect(gone).toBeGreaterThan(200);
  });
});

/** A release is verified in a region once, with all that it has there. */
const histories = fc.shuffledSubarray(['a', '1', '2', '3'], { minLength: 4 }).chain((inTurn) =>
  fc
    .uniqueArray(
      fc.record({
        region: fc.constantFrom('de', 'de', 'nl'),
        component: fc.constantFrom('core', 'dashboard'),
        digit: fc.constantFrom(...inTurn),
        state: fc.constantFrom<VerifiedRelease['state']>('verified', 'proven', 'revoked'),
      }),
      { maxLength: 12, selector: ({ region, component, digit }) => `${region} ${component} ${digit}` },
    )
    .map((rows) =>
      rows.map(({ digit, ...row }) => {
        const commit = aCommit(digit);
        const releaseId = aReleaseId(1, commit);
        return aVerified({
          ...row,
          commit,
          releaseId,
          verifiedAt: 2 * inTurn.indexOf(digit),
          image: anImage(row.component, digit),
        });
      }),
    ),
);

const gones = fc.subarray(['1', '2', '3'].map((digit) => anImage('core', digit)));

const schemas = fc.array(
  fc
    .record({
      changedAt: fc.integer({ min: 0, max: 9 }),
      pending: fc.constantFrom<string[]>(['0002'], ['*'], []),
      contracting: fc.constantFrom<string[]>([], [], ['0002']),
    })
    .map(aSchemaChange),
  { maxLength: 2 },
);

/** Said row by row, where the rule goes by order: verified here, older than what is undone, and nothing in between that it cannot live with. */
function mayBeTaken(row: VerifiedRelease, component: string, history: VerifiedRelease[], schema: SchemaChange[]) {
  const here = history.filter((other) => other.region === 'de' && other.component === component);
  const subject = here.find((other) => other.releaseId === aReleaseId());
  const newest = Math.max(...here.filter((other) => other.state !== 'revoked').map((other) => other.verifiedAt));
  const barriers = schema.filter((change) => change.contracting.length > 0 || change.pending.includes('*'));
  return (
    here.includes(row) &&
    row !== subject &&
    row.state !== 'revoked' &&
    (!subject || newest <= subject.verifiedAt) &&
    !barriers.some((change) => change.changedAt > row.verifiedAt)
  );
}

/** Also where it has left the region: what was verified there last before has nothing of it. */
function isNew(component: string, history: VerifiedRelease[]) {
  const before = history.filter(
    (row) => row.region === 'de' && row.state !== 'revoked' && row.releaseId !== aReleaseId(),
  );
  const last = Math.max(...before.map((row) => row.verifiedAt));
  const own = history.find(
    (row) => row.region === 'de' && row.component === component && row.releaseId === aReleaseId(),
  );
  const those = before.filter((row) => row.component === component);
  const isOvertaken = own !== undefined && those.some((row) => row.verifiedAt > own.verifiedAt);
  return !isOvertaken && !those.some((row) => row.verifiedAt === last);
}

describe('regionsToRollBack', () => {
  it.each([
    ['roll-back-all', ['de', 'nl'], ['nl'], ['de', 'nl']],
    ['roll-back-region', ['de', 'nl'], ['nl'], ['nl']],
    ['hold', ['de', 'nl'], ['nl'], ['nl']],
    ['roll-back-region', ['de', 'nl'], [], ['de', 'nl']],
    ['roll-back-region', ['de', 'nl'], ['fr'], ['de', 'nl']],
    ['roll-back-all', [], [], []],
  ] as const)('%s: of %j, where %j failed, %j go back', (partial, touched, failed, going) => {
    expect(regionsToRollBack(partial, [...touched], [...failed])).toEqual(going);
  });
});
