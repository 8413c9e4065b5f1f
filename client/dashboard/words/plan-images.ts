import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import type { PlannedMigration } from '../../../domain/contract/release.ts';
import { unplanned } from '../../../domain/migration-plan.ts';
import { changesOf, isChange } from '../../../domain/plan-differences.ts';
import type { Change } from '../../../domain/plan-differences.ts';
import { visible } from '../../../domain/visible.ts';
import { placeOf } from './before.ts';
import { pendingInWords } from './pending.ts';

/** A component as a plan has it, beside what is verified there. */
export interface PlannedImage {
  component: string;
  image: string;
  /** What is verified of it, each image once; none where nothing is known of that. */
  before: string[];
  /** What else of it becomes another, or that nothing does. */
  says: string;
}

/** What somebody is about to sign, in short: each image, and what else becomes another. */
export interface PlanInShort {
  images: PlannedImage[];
  /** A line each. */
  also: string[];
}

/**
 * `before`: what is verified in each place; undefined where that is not known. Regions may be at different releases: what is verified last is not all
 * that there is.
 */
export function planInShort(
  plan: PlanView,
  { verified }: VerifiedBeside,
  before: ReadonlyMap<string, string> | undefined,
): PlanInShort {
  const changes = verified?.plan ? changesOf(plan, verified.plan).filter(isChange) : undefined;
  const gone = verified?.plan?.components.filter(({ name }) => !plan.components.some((one) => one.name === name)) ?? [];
  return {
    images: plan.components.map(({ name, image, regions }) => {
      const where = regions ?? plan.regions.map((region) => region.name);
      const there = where.map((region) => ({ region, was: before?.get(placeOf(region, name)) }));
      const isKnown = verified?.plan?.components.some((one) => one.name === name);
      const others = isKnown ? othersOf(name, changes) : [];
      const images = before ? [imagesInWords(image, there)] : [];
      const isUnchanged = isKnown && images[0] === same && others.length === 0;
      const says = [
        ...(isUnchanged ? ['unchanged'] : [...images, ...others]),
        ...(regions ? [`in ${regions.join(', ')} alone`] : []),
      ];
      return {
        ...{ component: visible(name), image },
        before: [...new Set(there.flatMap(({ was }) => was ?? []))],
        says: visible(says.join(', ')),
      };
    }),
    also: [
      ...gone.map(({ name }) => visible(`${name} is in this plan no more.`)),
      ...plan.migrations.flatMap(migrationInWords).map(visible),
      ...otherSections(changes ?? []),
    ],
  };
}

const same = 'the same image';

/** Where all regions agree, in short; where they do not, each with what it gets. */
function imagesInWords(image: string, there: readonly { region: string; was: string | undefined }[]): string {
  const groups = Map.groupBy(there, ({ was }) => (was === undefined ? 'new' : was === image ? same : 'another image'));
  if (groups.size === 1) return [...groups.keys()].join('');
  return [...groups].map(([what, own]) => `${what} in ${own.map(({ region }) => region).join(', ')}`).join(', ');
}

/** An image is two facts of a plan; what is delivered follows from it. */
const ofImage = ['image', 'origin', 'promoted', 'given', 'artifact'];

function othersOf(component: string, changes: readonly Change[] = []): string[] {
  const own = changes.map(({ after, before }) => (after ?? before)!.path).filter((path) => path[0] === 'components');
  const of = own.filter(([, name]) => name === component).map(([, , what = '']) => what);
  const rest = [...new Set(of.filter((what) => !ofImage.includes(what)))].map((what) => words[what] ?? what);
  return rest.length === 0 ? [] : [`other ${rest.join(' and ')}`];
}

const words: Record<string, string> = { delivery: 'variables or delivery', workloads: 'Deployments' };

/** What it does, and what of that takes something away, or may. */
function migrationInWords({ database, pending, contracting, unknown = [] }: PlannedMigration): string[] {
  if (pending.length === 0 && contracting.length === 0) return [];
  const name = (one: string) => (one === unplanned ? 'what it will do' : one);
  const takes = contracting.filter((one) => !unknown.includes(one)).map(name);
  return [
    `Migrates ${database}: ${pendingInWords(pending)}.`,
    ...(takes.length > 0 ? [`Takes something away from ${database}, with no way back: ${takes.join(', ')}.`] : []),
    ...(unknown.length > 0
      ? [`May take something away from ${database}, which nobody could tell: ${unknown.map(name).join(', ')}.`]
      : []),
  ];
}

/** What of a plan is told above, or is about this release alone. */
const toldApart = ['components', 'commit', 'gates', 'tags'];
const ofMigrations = ['pending', 'contracting', 'unknown'];

function otherSections(changes: readonly Change[]): string[] {
  const others = changes
    .map(({ after, before }) => (after ?? before)!)
    .filter(({ path: [first = '', , what = ''] }) => {
      return first === 'migrations' ? !ofMigrations.includes(what) : !toldApart.includes(first);
    });
  const sections = [...new Set(others.map(({ section }) => section))];
  return sections.length === 0 ? [] : [`Also different: ${sections.join(', ')}.`];
}
