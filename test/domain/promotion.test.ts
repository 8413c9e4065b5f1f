import { describe, expect, it } from '@jest/globals';
import { refuseGiven } from '../../domain/artifacts.ts';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { originInWords } from '../../domain/image-origin.ts';
import { choosePromoted, goneInWords, otherThanPlanned, refuseUnrecorded } from '../../domain/promotion.ts';
import type { PromotionFacts } from '../../domain/promotion.ts';
import { aCommit, aPlannedComponent, aSpec, aVerified, anImage } from './builders.ts';

const day = 86_400_000;
const at = Date.UTC(2026, 10, 1);
const releaseId = (attempt: number, commit = aCommit()) => `release/shop/staging/${commit}/${attempt}`;
const row = (changes: Partial<VerifiedRelease> = {}) =>
  aVerified({
    environment: 'staging',
    region: 'de',
    component: 'core',
    commit: aCommit(),
    image: anImage('core', '1'),
    releaseId: releaseId(1),
    verifiedAt: at,
    ...changes,
  });
const promotion = { environment: 'staging', regions: { core: ['de', 'nl'], web: ['de'] } };
const web = row({ component: 'web', image: anImage('web', '2') });

function choose(rows: VerifiedRelease[], changes: Partial<PromotionFacts> = {}) {
  return choosePromoted({
    service: 'shop',
    commit: aCommit(),
    promotion,
    components: ['core', 'web'],
    rows,
    inventory: [],
    goingBack: [],
    now: at + 20 * day,
    ...changes,
  });
}

const everywhere = [row(), row({ region: 'nl' }), web];
const there = `slipway deploy --service shop --commit ${aCommit()} --environment staging`;
const within = (days: number) => ({ promotion: { ...promotion, maxAgeMs: days * day } });

describe('what is promoted', () => {
  it('is what is verified for the commit in every region that it goes to there, however long ago', () => {
    expect(choose(everywhere)).toEqual({
      kind: 'take',
      artifacts: [
        {
          component: 'core',
          image: anImage('core', '1'),
          origin: 'promoted',
          promoted: { environment: 'staging', releaseId: releaseId(1) },
        },
        {
          component: 'web',
          image: anImage('web', '2'),
          origin: 'promoted',
          promoted: { environment: 'staging', releaseId: releaseId(1) },
        },
      ],
    });
  });

  it('is nothing that nobody has seen run there', () => {
    expect(choose([row(), row({ region: 'nl', unseen: true }), web])).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/^core in nl of .* and nobody has seen it run: it was scaled to zero\./),
    });
  });

  it('is nothing that was ordered back there, though it is not back yet', () => {
    expect(choose(everywhere, { goingBack: [releaseId(1)] })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining(
        `core in de of ${aCommit().slice(0, 12)} is being put back in staging: ${releaseId(1)}`,
      ),
    });
    expect(choose(everywhere, { goingBack: [releaseId(9)] })).toMatchObject({ kind: 'take' });
  });

  it('is nothing of what is not deployed here', () => {
    const choice = choose([row(), row({ region: 'nl' })], { components: ['core'] });
    expect(choice).toMatchObject({ kind: 'take', artifacts: [{ component: 'core' }] });
  });

  it('is what was verified last, and says by which release', () => {
    const again = { releaseId: releaseId(2), image: anImage('core', '7'), verifiedAt: at + day };
    const choice = choose([row({ ...again, region: 'nl' }), row(again), ...everywhere]);
    expect(choice).toMatchObject({
      artifacts: [{ image: anImage('core', '7'), promoted: { releaseId: releaseId(2) } }, { component: 'web' }],
    });
  });

  it('may have been put back once, where it was verified again since', () => {
    const revoked = everywhere.map((one) => ({ ...one, state: 'revoked' as const }));
    const again = everywhere.map((one) => ({ ...one, releaseId: releaseId(2), verifiedAt: at + day }));
    expect(choose([...again, ...revoked])).toMatchObject({ kind: 'take' });
  });

  it('may be as old as the plan lets it be, to the millisecond', () => {
    expect(choose(everywhere, within(20))).toMatchObject({ kind: 'take' });
    expect(choose(everywhere, { ...within(20), now: at + 20 * day + 1 })).toMatchObject({ kind: 'refused' });
  });

  it.each<[string, VerifiedRelease[], Partial<PromotionFacts>, string]>([
    [
      'nothing is verified there at all',
      [],
      {},
      `aaaaaaaaaaaa is not verified in staging; nothing is verified in staging. Release it there first: ${there}`,
    ],
    [
      'another commit is verified there',
      [],
      { inventory: [row({ commit: aCommit('e') }), row({ commit: aCommit('e'), region: 'nl' })] },
      `aaaaaaaaaaaa is not verified in staging; what is verified there is eeeeeeeeeeee (de, nl). Release it there first: ${there}`,
    ],
    [
      'it is verified in some regions only',
      [row(), web],
      {},
      `aaaaaaaaaaaa is verified in staging in some places only: core in nl of it is not. See how far it is there (slipway lane --service shop --environment staging), and bring it to its end: ${there}`,
    ],
    [
      'a region has put it back since',
      [row(), row({ region: 'nl', state: 'revoked' }), web],
      {},
      `core in nl of aaaaaaaaaaaa was revoked in staging: it was verified, and put back since. Read why (slipway status ${releaseId(1)}), and release a commit with the fix there first`,
    ],
    [
      'it was verified before, and put back when it was released once more',
      [row({ releaseId: releaseId(2), verifiedAt: at + day, state: 'revoked' }), ...everywhere],
      {},
      `core in de of aaaaaaaaaaaa was revoked in staging: it was verified, and put back since. Read why (slipway status ${releaseId(2)}), and release a commit with the fix there first`,
    ],
    [
      'regions run different images of it',
      [row({ region: 'nl', image: anImage('core', '7'), verifiedAt: at + day }), row(), web],
      {},
      `core of aaaaaaaaaaaa is not one image in staging: 777777777777 in nl, 111111111111 in de. Release it once more in all its regions: ${there} --new-attempt`,
    ],
    [
      'it is too old',
      everywhere,
      within(14),
      `core of aaaaaaaaaaaa was verified in staging, de, 20 d ago (2026-11-01T00:00:00.000Z), and may be promoted for 14 days. Verify it there once more: ${there} --new-attempt`,
    ],
    [
      'one region has looked at it too long ago',
      [row(), row({ region: 'nl', verifiedAt: at + 19 * day }), web],
      within(14),
      `core of aaaaaaaaaaaa was verified in staging, de, 20 d ago (2026-11-01T00:00:00.000Z), and may be promoted for 14 days. Verify it there once more: ${there} --new-attempt`,
    ],
  ])('is refused where %s', (_why, rows, changes, why) => {
    expect(choose(rows, changes)).toEqual({ kind: 'refused', why });
  });

  it('is told, too, where its registry has lost it', () => {
    const artifact = { component: 'core', image: anImage('core', '1'), origin: 'promoted' as const };
    expect(goneInWords({ service: 'shop', commit: aCommit(), promotion }, artifact)).toBe(
      `core of aaaaaaaaaaaa is verified in staging as ${anImage('core', '1')}, which its registry does not have any more. Have the registry keep what is verified; it is built again by ${there} --new-attempt`,
    );
  });

  it('is never given', () => {
    expect(refuseGiven({ core: anImage() }, aSpec({ promotion }))).toBe(
      'images.core: the images of production are promoted from staging (`from` in slipway.yaml), so that none can be given to it; give it to the release to staging, and start this one without images',
    );
    expect(refuseGiven({}, aSpec({ promotion }))).toBeUndefined();
  });

  it('is said with where it comes from', () => {
    const promoted = { environment: 'staging', releaseId: releaseId(1) };
    expect(originInWords({ origin: 'promoted', promoted })).toBe('promoted from staging');
    expect(originInWords({ origin: 'built' })).toBe('built');
    expect(originInWords({ origin: 'promoted', promoted, given: true })).toBe('promoted from staging, given before');
  });
});

const promoted = { environment: 'staging', releaseId: releaseId(1) };
const planned = {
  commit: aCommit(),
  components: [aPlannedComponent('core', { image: anImage('core', '1'), origin: 'promoted', promoted })],
};

describe('a plan that promotes', () => {
  it('has the images that are verified there now, or is made anew', () => {
    const artifact = { component: 'core', image: anImage('core', '1'), origin: 'promoted' as const, promoted };
    expect(otherThanPlanned(planned, [artifact])).toBeUndefined();
    expect(otherThanPlanned(planned, [{ ...artifact, image: anImage('core', '7') }])).toBe(
      'another image of core is verified in staging now',
    );
  });

  it('says by which release, which has verified this very image of this very commit', () => {
    expect(refuseUnrecorded(planned, everywhere)).toBeUndefined();
    // Half done it must be able to go on.
    expect(refuseUnrecorded(planned, [row({ state: 'revoked' })])).toBeUndefined();
    expect(refuseUnrecorded({ ...planned, components: [aPlannedComponent('core')] }, [])).toBeUndefined();
  });

  it.each<[string, Partial<VerifiedRelease>]>([
    ['another image', { image: anImage('core', '7') }],
    ['another component', { component: 'web' }],
    ['another commit', { commit: aCommit('e') }],
    ['another environment', { environment: 'dev' }],
    ['another release', { releaseId: releaseId(2) }],
  ])('is not believed where what is on record is %s', (_what, changes) => {
    expect(refuseUnrecorded(planned, [row(changes)])).toBe(
      `core is said to be promoted from staging, where ${releaseId(1)} is not on record to have verified ${anImage('core', '1')}`,
    );
  });
});
