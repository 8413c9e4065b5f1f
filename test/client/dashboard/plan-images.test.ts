import { describe, expect, it } from '@jest/globals';
import { planInShort } from '../../../client/dashboard/words/plan-images.ts';
import { placeOf } from '../../../client/dashboard/words/before.ts';
import { imagesComparedInWords } from '../../../client/dashboard/words/compared.ts';
import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { aPlan, image } from '../cli/builders.ts';

const { plan: before } = aPlan();
const beside = (plan?: PlanView): VerifiedBeside => ({
  verified: { planHash: 'h', releaseId: 'r', verifiedAt: 1, ...(plan && { plan }) },
});
const [core, web] = before.components;
const regions = ['eu-west', 'us-east'] as const;
const there = (change: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      ...Object.fromEntries(
        [core!, web!].flatMap(({ name, image }) => regions.map((region) => [placeOf(region, name), image])),
      ),
      ...change,
    }),
  );
const saysOf = (plan: PlanView, verified: VerifiedBeside, seen: ReadonlyMap<string, string> | undefined = there()) =>
  planInShort(plan, verified, seen).images.map(({ component, before: was, says }) => [component, was, says]);
const alsoOf = (plan: PlanView, verified: VerifiedBeside) => planInShort(plan, verified, there()).also;

describe('what an approval puts in place, in short', () => {
  const own = aPlan({
    components: [
      { ...core!, image: image('f') },
      { ...web!, delivery: { kind: 'deployment-image', env: { LOG: 'debug' } } },
      { name: 'search', image: image('e'), origin: 'built', needs: [], workloads: [], regions: ['eu-west'] },
    ],
    migrations: [],
  }).plan;

  it('is each image beside the one that is verified, and what else of it becomes another', () => {
    expect(planInShort(own, beside(before), there()).images.map((one) => one.image)).toEqual([
      image('f'),
      web!.image,
      image('e'),
    ]);
    expect(saysOf(own, beside(before))).toEqual([
      ['core', [core!.image], 'another image'],
      ['web', [web!.image], 'the same image, other variables or delivery'],
      ['search', [], 'new, in eu-west alone'],
    ]);
  });

  it('is unchanged where nothing of it becomes another', () => {
    expect(saysOf(before, beside(before)).map(([, , says]) => says)).toEqual(['unchanged', 'unchanged']);
  });

  it('says of an image alone that it is another one, wherever it comes from', () => {
    const promoted = { environment: 'staging', releaseId: 'release/shop/staging/a/1' };
    const taken = { ...core!, image: image('f'), origin: 'promoted' as const, promoted, given: true as const };
    const { plan } = aPlan({ components: [taken, web!] });
    expect(saysOf(plan, beside(before))[0]?.[2]).toBe('another image');
  });

  it('names the region where regions are at different releases', () => {
    const apart = there({ [placeOf('us-east', 'core')]: image('9') });
    apart.delete(placeOf('eu-west', 'web'));
    expect(saysOf(before, beside(before), apart)).toEqual([
      ['core', [core!.image, image('9')], 'the same image in eu-west, another image in us-east'],
      ['web', [web!.image], 'new in eu-west, the same image in us-east'],
    ]);
  });

  it('says of nothing that it is new, or unchanged, where nobody knows what is verified in its regions', () => {
    for (const unknown of [{}, { untold: true as const }, beside(), beside(before)])
      expect(planInShort(before, unknown, undefined).images.map(({ before: was, says }) => [was, says])).toEqual([
        [[], ''],
        [[], ''],
      ]);
  });

  it('says no more than that an image is the same where nobody knows what else was verified', () => {
    for (const unknown of [{ untold: true as const }, beside()])
      expect(saysOf(before, unknown).map(([, , says]) => says)).toEqual(['the same image', 'the same image']);
  });

  it('names what is gone, what is migrated and takes something away, and which sections differ, too', () => {
    const [orders] = before.migrations;
    const changed = aPlan({
      components: [core!],
      rollout: { timeoutMs: 1_000 },
      approval: { ...before.approval, quorum: 1 },
    }).plan;
    expect(alsoOf(changed, beside(before))).toEqual([
      'web is in this plan no more.',
      'Migrates orders: 0004_add_note, 0005_drop_total.',
      'Takes something away from orders, with no way back: 0005_drop_total.',
      'Also different: Approval, Rollout.',
    ]);
    const untold = aPlan({ migrations: [{ ...orders!, unknown: ['0005_drop_total'] }] }).plan;
    expect(alsoOf(untold, beside(before))).toEqual([
      'Migrates orders: 0004_add_note, 0005_drop_total.',
      'May take something away from orders, which nobody could tell: 0005_drop_total.',
    ]);
    expect(alsoOf(own, beside(own))).toEqual([]);
  });
});

describe('what a question for a yes is shown beside', () => {
  it('is what is verified in the regions, or that nobody knows it: never that all of the plan is shown', () => {
    const all = [{}, { untold: true as const }, beside(), beside(before)];
    expect(all.map((one) => imagesComparedInWords(one, false))).toEqual(
      all.map(() => 'what is verified in each region is not known here'),
    );
    for (const one of all) expect(imagesComparedInWords(one, true)).not.toMatch(/all of/);
    expect(imagesComparedInWords(beside(), true)).toContain('not on record any more');
  });
});
