import { describe, expect, it } from '@jest/globals';
import type { LeftBehind } from '../../domain/contract/gateway.ts';
import {
  databasesTouched,
  leftBehind,
  leftInWords,
  placesOf,
  regionsTouched,
  stillToTell,
} from '../../domain/left-behind.ts';
import type { TouchingRun } from '../../domain/left-behind.ts';
import { aHash, anImage, aReleaseId, aVerified } from './builders.ts';

const row = aVerified({ verifiedAt: 500 });

/** A release that was ended after it had begun to change `core` in `de`. */
function aRun(changes: Partial<TouchingRun> = {}): TouchingRun {
  return {
    workflowId: aReleaseId(),
    begunAt: 600,
    what: ['database main', 'core in de'],
    outcome: 'halted',
    back: [],
    puts: { core: { image: anImage('core', '7'), artifact: `sha256:${aHash('7')}` } },
    ...changes,
  };
}
const left: LeftBehind = {
  region: 'de',
  component: 'core',
  image: anImage('core', '7'),
  artifact: `sha256:${aHash('7')}`,
  releaseId: aReleaseId(),
  outcome: 'halted',
};
const rollback = { workflowId: 'rollback/shop/production/1', begunAt: 700, what: ['core in de'] };
const { puts: _, ...ofRollback } = aRun(rollback);

describe('what may run instead of what is verified', () => {
  it.each<[string, TouchingRun[], LeftBehind[]]>([
    ['what a run put there that was ended half way', [aRun()], [left]],
    ['nothing, where that was before', [aRun({ begunAt: 400 })], []],
    ['nothing, where only a database was changed', [aRun({ what: ['database main'] })], []],
    ['nothing, where it went back by itself', [aRun({ back: ['core in de'] })], []],
    [
      'only the new component, where the others went back beside it',
      [
        aRun({
          what: ['core in de', 'worker in de'],
          back: ['core in de'],
          puts: { worker: { image: anImage('core', '7'), artifact: `sha256:${aHash('7')}` } },
        }),
      ],
      [{ ...left, component: 'worker' }],
    ],
    ['nothing, where it was rolled back afterwards', [aRun(), { ...ofRollback, back: ['core in de'] }], []],
    ['the same, where a rollback did not bring it back', [aRun(), { ...ofRollback, outcome: 'halted' }], [left]],
    [
      'what the last of several put there',
      [aRun({ workflowId: aReleaseId(9), begunAt: 550, puts: {} }), aRun({ begunAt: 650 })],
      [left],
    ],
    [
      'something unknown, where its plan is',
      [aRun({ puts: {} })],
      [{ ...left, image: undefined as never, artifact: undefined as never }],
    ],
  ])('is %s', (_what, runs, expected) => {
    expect(leftBehind(runs, [row])).toEqual(expected);
  });

  it('is there also where nothing was ever verified', () => {
    expect(leftBehind([aRun({ what: ['core in nl'] })], [row])).toEqual([{ ...left, region: 'nl' }]);
  });

  it('is told with its release, and how that ended', () => {
    const { image: _image, outcome: _outcome, ...little } = left;
    expect(leftInWords(left, (image) => image.slice(-4))).toBe(`may run 7777 of ${aReleaseId()}, which ended halted`);
    const withMore = { ...left, artifact: `sha256:${aHash('8')}` };
    expect(leftInWords(withMore, (image) => image.slice(-4))).toBe(
      `may run 7777 with the variables of ${aReleaseId()}, which ended halted`,
    );
    expect(leftInWords(little, String)).toBe(`may run what ${aReleaseId()} put there, which has not ended`);
  });
});

describe('of runs, newest first, those asked how they have ended', () => {
  const still = () => stillToTell([row]);
  const here = aRun({ what: ['core in de'] });

  it('are later than what is verified in some place that they changed', () => {
    expect(still().among([aRun({ begunAt: 400 }), aRun(), aRun({ what: ['database main'] })])).toEqual([aRun()]);
  });

  it.each<[string, TouchingRun, TouchingRun[]]>([
    ['one that has a plan leaves nothing to ask about its places', here, []],
    ['one that only puts back, and does not say that it has, leaves all', { ...ofRollback, back: [] }, [here]],
    ['one that has put it back itself tells it', { ...ofRollback, back: ['core in de'] }, []],
    ['one of another place tells nothing', aRun({ what: ['core in nl'] }), [here]],
  ])('%s', (_what, newer, asked) => {
    const open = still();
    open.tell([newer]);
    expect(open.among([here])).toEqual(asked);
  });
});

it('the regions that a run has changed are each named once', () => {
  expect(regionsTouched(['database main', 'core in de', 'worker in de', 'core in nl'])).toEqual(['de', 'nl']);
});

it('a component called "database" is none', () => {
  const what = ['database main', 'database in de'];
  expect(databasesTouched(what)).toEqual(['main']);
  expect(placesOf(what)).toEqual([{ component: 'database', region: 'de' }]);
});
