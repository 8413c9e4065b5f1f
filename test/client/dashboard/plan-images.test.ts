import { describe, expect, it } from '@jest/globals';
import { planInShort } from '../../../client/dashboard/words/plan-images.ts';
import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { aPlan, image } from '../cli/builders.ts';

const { plan: before } = aPlan();
const beside = (plan?: PlanView): VerifiedBeside => ({
  verified: { planHash: 'h', releaseId: 'r', verifiedAt: 1, ...(plan && { plan }) },
});
const saysOf = (plan: PlanView, verified: VerifiedBeside) =>
  planInShort(plan, verified).images.map(({ component, before: was, says }) => [component, was, says]);
const [core, web] = before.components;

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
    expect(planInShort(own, beside(before)).images.map((one) => one.image)).toEqual([
      image('f'),
      web!.image,
      image('e'),
    ]);
    expect(saysOf(own, beside(before))).toEqual([
      ['core', core!.image, 'another image'],
      ['web', web!.image, 'the same image, other variables or delivery'],
      ['search', undefined, 'new, in eu-west alone'],
    ]);
  });

  it('is unchanged where nothing of it becomes another', () => {
    expect(saysOf(before, beside(before)).map(([, , says]) => says)).toEqual(['unchanged', 'unchanged']);
  });

  it('says of nothing that it is new where nobody knows what is verified', () => {
    for (const unknown of [{}, { untold: true as const }, beside()])
      expect(saysOf(before, unknown)).toEqual([
        ['core', undefined, ''],
        ['web', undefined, ''],
      ]);
  });

  it('names what is gone, what is migrated, and that more differs', () => {
    const changed = aPlan({ components: [core!], rollout: { timeoutMs: 1_000 } }).plan;
    expect(planInShort(changed, beside(before)).also).toEqual([
      'web is in this plan no more.',
      'Migrates orders: 0004_add_note, 0005_drop_total.',
      'What differs has 1 more line.',
    ]);
    expect(planInShort(own, beside(own)).also).toEqual([]);
  });
});
