import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../domain/canonical.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { assemblePlan, inOrderOfNeed } from '../../domain/plan.ts';
import type { PlanInput } from '../../domain/plan.ts';
import { aComponent, anImage, aPlannedComponent, aRequest, aSpec } from './builders.ts';

function anInput(changes: Partial<PlanInput> = {}): PlanInput {
  return {
    request: aRequest(),
    spec: aSpec(),
    artifacts: [{ component: 'core', image: anImage(), origin: 'built' }],
    migrations: [],
    gates: [{ gate: 'image scan', verdict: 'pass', summary: 'nothing found' }],
    ...changes,
  };
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return `${error.details.code}: ${error.details.detail}`;
    throw error;
  }
  return 'not refused';
}

describe('assemblePlan', () => {
  it('says the same for the same commit, configuration and targets, whoever asks and whenever', () => {
    const later = aRequest({ attempt: 7, requestedAt: 9_000_000, requestedBy: { id: 'bo', via: 'token', groups: [] } });
    const [first, second] = [assemblePlan(anInput()), assemblePlan(anInput({ request: later }))];
    expect(canonicalJson(second)).toBe(canonicalJson(first));
  });

  it.each<[string, Partial<PlanInput>, string]>([
    ['a component without an image', { artifacts: [] }, 'component core has no image'],
    [
      'an image that is only tagged',
      { artifacts: [{ component: 'core', image: 'registry.test/shop/core:latest', origin: 'given' }] },
      'registry.test/shop/core:latest is not pinned by digest',
    ],
    [
      'a gate that failed',
      { gates: [{ gate: 'tests', verdict: 'fail', summary: 'exit code 1' }] },
      'tests: exit code 1',
    ],
  ])('makes no plan of %s', (_what, changes, detail) => {
    expect(refusal(() => assemblePlan(anInput(changes)))).toBe(`SLIP-REL-3: ${detail}`);
  });

  it('waits for a gate that could not be measured, or shows it in the plan where the policy says to go on', () => {
    const gates = [{ gate: 'image scan', verdict: 'inconclusive' as const, summary: 'no database' }];
    const input = anInput({ gates });
    expect(refusal(() => assemblePlan(input))).toBe('SLIP-SCAN-2: image scan: no database');
    const onFailure = { ...input.spec.onFailure, onInconclusive: 'go-on' as const };
    expect(assemblePlan({ ...input, spec: { ...input.spec, onFailure } }).gates).toEqual(gates);
  });

  it('keeps what people must see before they approve: where an image comes from', () => {
    const artifacts = [{ component: 'core', image: anImage(), origin: 'unchanged' as const }];
    expect(assemblePlan(anInput({ artifacts })).components).toEqual([
      aPlannedComponent('core', { origin: 'unchanged' }),
    ]);
  });
});

describe('inOrderOfNeed', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  /** Each component needs only such that come before it, then the order is shuffled. */
  const graphs = fc
    .tuple(...names.map((_, i) => fc.subarray(names.slice(0, i))))
    .map((needs) => names.map((name, i) => aPlannedComponent(name, { needs: needs[i]! })))
    .chain((components) => fc.shuffledSubarray(components, { minLength: 1, maxLength: names.length }));

  it('places each component once, after everything it needs that is being deployed', () => {
    fc.assert(
      fc.property(graphs, (components) => {
        const groups = inOrderOfNeed(components);
        const flat = groups.flat().map((c) => c.name);
        expect([...flat].sort()).toEqual(components.map((c) => c.name).sort());
        const placed = new Set<string>();
        for (const group of groups) {
          for (const { needs } of group) {
            expect(needs.filter((need) => flat.includes(need) && !placed.has(need))).toEqual([]);
          }
          for (const { name } of group) placed.add(name);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses components that need each other', () => {
    const pair = [aPlannedComponent('a', { needs: ['b'] }), aPlannedComponent('b', { needs: ['a'] })];
    expect(refusal(() => inOrderOfNeed(pair))).toBe('SLIP-REL-3: a, b need each other');
  });

  it('lets components that need nothing go together', () => {
    const three = [aComponent('a'), aComponent('b'), aComponent('c')].map(({ name }) => aPlannedComponent(name));
    expect(inOrderOfNeed(three).map((group) => group.length)).toEqual([3]);
  });
});
