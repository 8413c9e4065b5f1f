import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../domain/canonical.ts';
import { inSections, isChange, planLines, told } from '../../domain/plan-differences.ts';
import type { PlanLine } from '../../domain/plan-differences.ts';
import { exactly } from '../../domain/plan-facts.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { hostile, oneChangeEach } from './plan-changes.ts';
import { aRichPlan } from './rich-plan.ts';

const textOf = (lines: readonly PlanLine[]): string => JSON.stringify(lines);
const differences = (changed: unknown): PlanLine[] =>
  told(planLines(changed, aRichPlan())).filter((line) => isChange(line) && !line.always);
const changedBy = (change: (plan: ReleasePlan) => void): PlanLine[] => {
  const plan = aRichPlan() as ReleasePlan;
  change(plan);
  return differences(plan);
};

describe('what a plan says, line by line', () => {
  const changes = oneChangeEach(aRichPlan());

  it('walks through more places than a plan has fields', () => {
    expect(changes.length).toBeGreaterThan(3_000);
    expect(new Set(changes.map(({ where }) => where)).size).toBe(changes.length);
  });

  const shown = changes.map(({ where, changed }) => ({
    where,
    changed,
    whole: planLines(changed),
    different: told(planLines(changed, aRichPlan())),
  }));

  it('is another text when anything in the plan is another, whatever it is: with everything, and with what differs', () => {
    const whole = textOf(planLines(aRichPlan()));
    const nothing = textOf(told(planLines(aRichPlan(), aRichPlan())));
    const same = shown.filter((one) => textOf(one.whole) === whole || textOf(one.different) === nothing);
    expect(same.map(({ where }) => where)).toEqual([]);
  });

  it('is another text for any two plans that differ', () => {
    const seen = new Map<string, unknown>();
    const twins = shown.filter(({ whole, changed }) => {
      const text = textOf(whole);
      const twin = seen.get(text);
      seen.set(text, changed);
      return twin !== undefined && canonicalJson(twin) !== canonicalJson(changed);
    });
    expect(twins.map(({ where }) => where)).toEqual([]);
  });

  it('never holds a sign that is not seen, is obeyed, reorders or begins a line', () => {
    const values = shown.flatMap(({ whole, different }) =>
      [...whole, ...different].flatMap(({ what, before = '', after = '', note = '' }) => [what, before, after, note]),
    );
    const obeyed = /[^\p{L}\p{N}\p{P}\p{S} ]|[\p{DI}\u2800\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;
    expect([...new Set(values)].filter((value) => obeyed.test(value))).toEqual([]);
  });

  it('says in words what every field is', () => {
    expect(planLines(aRichPlan()).filter(({ section }) => section === 'Other')).toEqual([]);
  });

  it('tells of a field that nobody knows by its path, wherever it is', () => {
    const plan = aRichPlan() as unknown as { regions: Record<string, unknown>[] };
    plan.regions[0]!['hook'] = { run: ['sh'] };
    expect(differences(plan)).toEqual([{ section: 'Other', what: 'regions.de.hook.run', after: 'sh' }]);
  });

  it('goes by names: what moves in a list is the same in another order', () => {
    expect(changedBy((plan) => plan.components.reverse())).toEqual([
      {
        section: 'Components',
        what: 'components, in order',
        before: 'core, web',
        after: 'web, core',
        note: 'the same in another order',
      },
    ]);
  });

  it('says of an image whose it is and which one it is, whole', () => {
    const [line, ...others] = changedBy(
      (plan) => (plan.components[0]!.image = `registry.test/shop/core@sha256:${'3'.repeat(64)}`),
    );
    expect(line).toEqual({
      section: 'Components',
      what: 'core, digest',
      before: `sha256:${'1'.repeat(64)}`,
      after: `sha256:${'3'.repeat(64)}`,
    });
    expect(others).toEqual([]);
  });

  it('tells what is gone', () => {
    expect(changedBy((plan) => delete plan.migrationSpecs[0]!.env['MODE'])).toEqual([
      { section: 'Migration jobs', what: 'main, variable MODE', before: 'fast' },
    ]);
  });

  it('compares nothing of what a release has found for itself, and tells it always', () => {
    const lines = told(planLines(aRichPlan(), aRichPlan()));
    expect(lines.every(({ always }) => always)).toBe(true);
    expect(lines).toContainEqual({
      section: 'Migrations',
      what: 'main, pending',
      after: '0002_a, 0003_b',
      always: true,
    });
    expect(lines).toContainEqual({ section: 'Gates', what: 'tests, says', after: '812 passed', always: true });
  });

  it("keeps a name of somebody's choosing apart from the words around it", () => {
    const names = changedBy((plan) => (plan.migrationSpecs[0]!.env['x, variable Y'] = '1')).map(({ what }) => what);
    expect(names).toEqual(['main, variable "x, variable Y"']);
  });

  it.each([
    [['sh', '-c', 'a b; c'], 'sh -c "a b; c"'],
    [['a', ''], 'a ""'],
    [['a b'], '"a b"'],
    [[], 'none'],
  ])('writes the command %j as %s', (command, text) => {
    expect(changedBy((plan) => (plan.migrationSpecs[0]!.commands.apply = command))[0]?.after).toBe(text);
  });
});

describe('what is too long', () => {
  const lines = planLines({ ...aRichPlan(), tags: Array.from({ length: 500 }, (_, at) => `tag-${at}`) });

  it('is cut where people are asked, and how much is missing is said there', () => {
    const sections = inSections(lines, { linesOfSection: 3, characters: 100 });
    const release = sections.find(({ section }) => section === 'Release')!;
    expect(release.lines).toHaveLength(3);
    expect(release.more).toBe(lines.filter(({ section }) => section === 'Release').length - 3);
    const tags = inSections(lines, { linesOfSection: 100, characters: 100 })[0]!.lines.find(
      ({ what }) => what === 'tags that follow',
    )!;
    const whole = lines.find(({ what }) => what === 'tags that follow')!.after!;
    expect(tags.after).toBe(`${whole.slice(0, 100)} … and ${whole.length - 100} characters more`);
  });

  it('is whole where nobody says how much may be shown', () => {
    expect(inSections(lines).flatMap((section) => section.lines)).toEqual(lines);
  });
});

it.each([
  [0, '0 ms'],
  [1_500, '1500 ms'],
  [61_000, '61 s'],
  [90_000, '90 s'],
  [600_000, '10 min'],
  [86_400_000, '1 day'],
  [1.5, '1.5 ms'],
])('writes %d ms without rounding, as %s', (ms, text) => expect(exactly(ms)).toBe(text));

it('has hostile texts that differ', () => expect(new Set(hostile).size).toBe(hostile.length));
