import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import type { PlanView } from '../../domain/contract/gateway.ts';
import { planLines } from '../../domain/plan-differences.ts';
import { secondLooks } from '../../domain/second-looks.ts';
import { planDocument } from '../../client/cli/plan-to-show.ts';
import type { PlanToShow } from '../../client/cli/plan-to-show.ts';
import { renderPlan } from '../../client/cli/render-plan.ts';
import { safeDocument, safeJson } from '../../client/cli/safe-text.ts';
import { aHash } from '../domain/builders.ts';
import { oneChangeEach } from '../domain/plan-changes.ts';
import { aRichPlan } from '../domain/rich-plan.ts';

/** The same hash for all: what differs is what people read of the plan itself. */
function shown(raw: unknown): PlanToShow {
  return {
    hash: aHash('1'),
    plan: safeJson(raw) as PlanView,
    raw,
    verified: { planHash: aHash('2'), releaseId: 'release/shop/production/4f/1', verifiedAt: 1 },
    beside: 'now',
    secondLooks: secondLooks(raw, aRichPlan()),
    lines: planLines(raw, aRichPlan()),
    runs: { inventory: [] },
  };
}

const text = (plan: PlanToShow, full: boolean, width = Infinity): string =>
  renderPlan(plan, { colors: pc.createColors(false), width, full }).join('\n');

/** A document without the structure of a plan is not shown at all, so that nobody can approve it. */
const notShown = 'not shown';
const said = (door: (plan: PlanToShow) => string, plan: PlanToShow): string => {
  try {
    return door(plan);
  } catch (error) {
    // By its name: Node's own come from outside the test's realm.
    if ((error as Error).name === 'TypeError') return notShown;
    throw error;
  }
};

/** One of each kind; all of them are tried on what every door has its words from. */
const signs = ['\u001b[2J\u001b[1;1H', '\u009b2J', '\nApproval\n  people  9\n', '\u202e', '\u200b'];
const changes = oneChangeEach(aRichPlan(), signs).map(({ where, changed }) => ({ where, changed: shown(changed) }));

const doors: [string, (plan: PlanToShow) => string][] = [
  ['what the terminal shows', (plan) => text(plan, false)],
  ['what it shows with --full', (plan) => text(plan, true)],
  ['what it shows when it is narrow', (plan) => text(plan, false, 60)],
  ['the differences of --json', (plan) => safeDocument({ ...planDocument(plan, false), plan: {} })],
];

describe.each(doors)('%s', (_, door) => {
  const texts = changes.map(({ where, changed }) => ({ where, said: said(door, changed) }));

  it('is another text when anything in the plan is another', () => {
    const before = door(shown(aRichPlan()));
    expect(texts.filter((one) => one.said !== notShown).length).toBeGreaterThan(1_500);
    expect(texts.filter((one) => one.said === before).map(({ where }) => where)).toEqual([]);
  });

  it('has no sign that a terminal obeys, and none that reorders or hides what is read', () => {
    const obeyed =
      // eslint-disable-next-line no-control-regex
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffa]/u;
    expect(texts.filter((one) => obeyed.test(one.said)).map(({ where }) => where)).toEqual([]);
  });

  it('has no line that a value of the plan has begun', () => {
    expect(texts.filter((one) => /^ *people {2}9/m.test(one.said)).map(({ where }) => where)).toEqual([]);
  });
});

it('says in a document for programs exactly what is hashed, though a terminal obeys nothing of it', () => {
  const plan = { ...aRichPlan(), branch: 'a\u202eb\u200b\u009b2J\u{e0041}', extra: null };
  const document = safeDocument(planDocument(shown(plan), false));
  expect(document).not.toMatch(/[\u202e\u200b\u009b]/);
  expect((JSON.parse(document) as { plan: unknown }).plan).toEqual(plan);
});

describe('a plan that is made to be too long to read', () => {
  const flooded = aRichPlan();
  flooded.migrationSpecs[0]!.env = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`A${at}`, 'x']));
  flooded.migrationSpecs[0]!.env['LD_PRELOAD'] = '/tmp/x.so';
  flooded.migrationSpecs[0]!.commands.apply = ['python', `${' '.repeat(5_000)}manage.py`];

  it('begins with what deserves a second look, says how much is not there, and ends by leading back to the beginning', () => {
    const lines = text(shown(flooded), false).split('\n');
    expect(lines.findIndex((line) => line.includes('variable LD_PRELOAD: /tmp/x.so'))).toBeLessThan(20);
    expect(lines.length).toBeLessThan(200);
    expect(lines.some((line) => /… and [\d,]+ lines more of Migration jobs: --full shows them/.test(line))).toBe(true);
    expect(lines.some((line) => /… and \d+ characters more$/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/^! \d+ things deserve a second look: they stand first, above$/);
  });

  it('is whole with --full', () => {
    const whole = text(shown(flooded), true);
    expect(whole.includes('variable A4999')).toBe(true);
    expect(whole.includes('lines more')).toBe(false);
    expect(whole.split('\n').some((line) => line.length > 5_000)).toBe(true);
  });
});
