import { describe, expect, it } from '@jest/globals';
import type { DeliveredArtifact, DeliveryKind } from '../../domain/contract/delivery.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { permitted, type ChangeFacts, type WayBack } from '../../domain/way-back.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { aCommit, aHash, anImage, aPlan, aPlannedComponent, aReleaseId, aVerified } from './builders.ts';

describe('permitted', () => {
  function judge(changes: Partial<ChangeFacts> = {}) {
    return permitted({
      plan: aPlan(),
      region: 'de',
      component: 'core',
      image: anImage(),
      purpose: 'deploy',
      ...changes,
    });
  }
  const old = anImage('core', '0');
  /** The engine has chosen to go back to the old image, in a region that was changed. */
  const back = (changes: Partial<WayBack> = {}): WayBack => ({
    chosen: [{ component: 'core', image: old, releaseId: aVerified().releaseId, commit: aCommit('0') }],
    history: [aVerified()],
    touched: ['core in de'],
    schema: [],
    ...changes,
  });
  const charted = { kind: 'chart' as DeliveryKind, digest: aHash('5') };
  const byChart = aPlan({
    components: [aPlannedComponent('core', { delivery: { kind: charted.kind }, artifact: charted })],
  });

  const made = (release: number, digest: string) => ({
    ...aVerified({
      releaseId: aReleaseId(release),
      verifiedAt: release,
      artifact: { kind: 'deployment-image', digest },
    }),
  });
  const chosenFrom = (release: number) => ({ ...back().chosen[0]!, releaseId: aReleaseId(release) });

  it.each<[string, Partial<ChangeFacts>, DeliveredArtifact]>([
    [
      'of one image what the release has made of it that was chosen, whichever is newer',
      {
        purpose: 'roll-back',
        image: old,
        back: back({ chosen: [chosenFrom(1)], history: [made(2, aHash('8')), made(1, aHash('7'))] }),
      },
      { kind: 'deployment-image', digest: aHash('7') },
    ],
    [
      'of one image what was chosen last',
      {
        purpose: 'roll-back',
        image: old,
        back: back({ chosen: [chosenFrom(2), chosenFrom(1)], history: [made(2, aHash('8')), made(1, aHash('7'))] }),
      },
      { kind: 'deployment-image', digest: aHash('7') },
    ],
    ['what the plan has', {}, imageArtifact({}, anImage())],
    ['what the plan has made of its image beforehand', { plan: byChart }, charted],
    [
      'a rollback to what was verified in the region',
      { purpose: 'roll-back', image: old, back: back({ history: [aVerified()] }) },
      imageArtifact({}, old),
    ],
    [
      'a rollback to code that the schema carries, whatever was added to it since',
      { purpose: 'roll-back', image: old, back: back({ schema: [aSchemaChange()] }) },
      imageArtifact({}, old),
    ],
    [
      'what is verified there now, put back where nothing was changed',
      { purpose: 'roll-back', image: old, back: back({ touched: [] }) },
      imageArtifact({}, old),
    ],
    [
      'a rollback to what was made of that image then',
      {
        plan: byChart,
        purpose: 'roll-back',
        image: old,
        back: back({ history: [aVerified({ artifact: { ...charted, digest: aHash('6') } })] }),
      },
      { ...charted, digest: aHash('6') },
    ],
  ])('lets through %s', (_what, changes, artifact) => {
    expect(judge(changes)).toMatchObject({ artifact });
  });

  it.each<[string, Partial<ChangeFacts>, string]>([
    ['another image than planned', { image: old }, `the plan has ${anImage()} for core`],
    ['a region that is not in the plan', { region: 'fr' }, 'the plan has no core in fr'],
    ['a component that is not in the plan', { component: 'billing' }, 'the plan has no billing in de'],
    [
      'a rollback to what was verified elsewhere',
      { purpose: 'roll-back', image: old, back: back({ history: [aVerified({ region: 'nl' })] }) },
      `${old} was never verified in de`,
    ],
    [
      'a rollback to what was revoked',
      { purpose: 'roll-back', image: old, back: back({ history: [aVerified({ state: 'revoked' })] }) },
      `${old} was never verified in de`,
    ],
    [
      'a rollback to what nobody verified',
      { purpose: 'roll-back', image: anImage('core', '9'), back: back() },
      `core goes back to ${old} in de, and not to ${anImage('core', '9')}`,
    ],
    [
      'a rollback for which the engine has chosen nothing',
      { purpose: 'roll-back', image: old, back: back({ chosen: [] }) },
      `core goes back to nothing in de, and not to ${old}`,
    ],
    [
      'a rollback to an older one than runs there, where nothing was changed',
      {
        purpose: 'roll-back',
        image: old,
        back: back({ history: [aVerified({ image: anImage('core', '2') }), aVerified()], touched: ['core in nl'] }),
      },
      'nothing was changed in de: there is nothing to put back',
    ],
    [
      'where nothing was changed, the same image as an earlier release had made something else of it',
      {
        purpose: 'roll-back',
        image: old,
        back: back({ chosen: [chosenFrom(1)], history: [made(2, aHash('8')), made(1, aHash('7'))], touched: [] }),
      },
      'nothing was changed in de: there is nothing to put back',
    ],
    [
      'a rollback to code that the schema may not carry any more, though it did when it was chosen',
      { purpose: 'roll-back', image: old, back: back({ schema: [aSchemaChange({ contracting: ['0002_weight'] })] }) },
      'the schema may no longer carry the earlier release (main: 0002_weight)',
    ],
    [
      'a rollback to what was put there in another way',
      { plan: byChart, purpose: 'roll-back', image: old, back: back({ history: [aVerified()] }) },
      `${old} was put in de by deployment-image, not by chart`,
    ],
  ])('refuses %s', (_what, changes, refused) => {
    expect(judge(changes)).toEqual({ refused });
  });
});
