import { describe, expect, it } from '@jest/globals';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { assemblePlan } from '../../domain/plan.ts';
import { factsOf } from '../../domain/plan-facts.ts';
import { needsOf, needsOfRead, notUnderstood } from '../../domain/plan-needs.ts';
import { aComponent, anImage, aPlan, aPlannedComponent, aRegion, aRequest, aSpec } from './builders.ts';

const smoke = [{ name: 'checkout', component: 'core', command: ['smoke'], env: {}, timeoutMs: 1_000 }];
const somewhere = { regions: ['de'] };

describe('what a process must understand to carry out a plan', () => {
  it.each<[string, object, string[]]>([
    ['nothing, where it says what every version knows', {}, []],
    [
      'that a component goes to some regions alone',
      { components: [aPlannedComponent('web'), aPlannedComponent('core', somewhere)] },
      ['regions-of-components'],
    ],
    [
      'that a component goes to no region at all',
      { components: [aPlannedComponent('core', { regions: [] })] },
      ['regions-of-components'],
    ],
    ['that a region is tested', { regions: [aRegion('nl'), aRegion('de', { smoke })] }, ['smoke-tests']],
    [
      'that components have variables of this environment',
      { components: [aPlannedComponent('core', { delivery: { kind: 'deployment-image', env: { MODE: 'live' } } })] },
      ['components-environment'],
    ],
    [
      'that images are promoted',
      {
        components: [
          aPlannedComponent('core', { origin: 'promoted', promoted: { environment: 'staging', releaseId: 'r' } }),
        ],
      },
      ['promoted-images'],
    ],
    [
      'each of several, in one order whatever says it first',
      { regions: [aRegion('de', { smoke })], components: [aPlannedComponent('core', somewhere)] },
      ['regions-of-components', 'smoke-tests'],
    ],
    ['nothing of what it does not say itself', { components: [Object.create(somewhere)] }, []],
  ])('is %s', (_what, said, needs) => {
    expect(needsOf({ ...aPlan(), ...said })).toEqual(needs);
  });

  it('is asked for by the plan that is made, and by none that needs nothing, whose hash stays as it was', () => {
    const planned = (spec: Partial<ReleaseSpec>) =>
      assemblePlan({
        request: aRequest(),
        spec: aSpec({ components: [aComponent('core')], ...spec }),
        artifacts: [{ component: 'core', image: anImage(), origin: 'built' }],
        migrations: [],
        gates: [],
      });
    expect(planned({ regions: [aRegion('de', { smoke })] }).needs).toEqual(['smoke-tests']);
    expect(planned({ components: [aComponent('core', somewhere)] }).needs).toEqual(['regions-of-components']);
    expect(Object.keys(planned({}))).not.toContain('needs');
  });

  it('is of what was read, too, that the policy names gates of its own: in a plan their verdicts are like the others', () => {
    expect(needsOfRead(aSpec({ gates: ['static-analysis'] }))).toEqual(['named-gates']);
    expect(needsOfRead(aSpec({ gates: [] }))).toEqual([]);
    expect(needsOfRead(aSpec())).toEqual([]);
    expect(notUnderstood({ needs: ['named-gates'] })).toEqual([]);
    const gates = [{ gate: 'static-analysis', verdict: 'pass' as const, summary: 'nothing' }];
    expect(needsOf(aPlan({ gates }))).toEqual([]);
  });

  it.each<[string, { needs?: unknown }, string[]]>([
    ['it is no list', { needs: { 'smoke-tests': true } }, ['what it needs']],
    ['it is a list of other things', { needs: [null, 7] }, ['what it needs']],
    ['it is a list of what is a name only once it is text', { needs: [['smoke-tests']] }, ['what it needs']],
    ['it is a list of what no text can be made of', { needs: [{ toString: null, valueOf: null }] }, ['what it needs']],
    ['names are not all of it', { needs: ['smoke-tests', 7] }, ['what it needs']],
    ['nothing is asked for', {}, []],
    ['all of it is known', { needs: ['smoke-tests', 'components-environment'] }, []],
    ['one of them is of a newer version', { needs: ['smoke-tests', 'canary-by-header'] }, ['canary-by-header']],
    ['it is called as what every object has', { needs: ['constructor'] }, ['constructor']],
  ])('is told apart from what this process knows: %s', (_what, asking, unknown) => {
    expect(notUnderstood(asking)).toEqual(unknown);
  });
});

describe('people who read a plan', () => {
  const tested = aPlan({ regions: [aRegion('de', { smoke })] });
  const shownOf = (plan: unknown) => factsOf(plan).flatMap(({ path, text }) => (path[0] === 'needs' ? [text] : []));

  it.each<[string, unknown, string[]]>([
    ['are shown nothing of what follows from the rest of it', { ...tested, needs: ['smoke-tests'] }, []],
    ['are shown nothing where nothing is needed', aPlan(), []],
    ['are shown what this version does not know', { ...aPlan(), needs: ['newer'] }, ['newer']],
    ['are shown what does not follow', { ...aPlan(), needs: ['smoke-tests'] }, ['smoke-tests']],
    ['are shown that it does not say what follows', tested, ['{not said}']],
    ['are shown an empty list, which is another plan', { ...aPlan(), needs: [] }, ['none']],
    ['are shown what is no list', { ...aPlan(), needs: null }, ['null']],
  ])('%s', (_what, plan, shown) => {
    expect(shownOf(plan)).toEqual(shown);
  });
});
