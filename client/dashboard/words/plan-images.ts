import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { changesOf, isChange } from '../../../domain/plan-differences.ts';
import type { Change } from '../../../domain/plan-differences.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { pendingInWords } from './pending.ts';

/** A component as a plan has it, beside what is verified there. */
export interface PlannedImage {
  component: string;
  image: string;
  /** What was verified of it; absent where nothing is known of that. */
  before?: string;
  /** What else of it becomes another, or that nothing does. */
  says: string;
}

/** What somebody is about to sign, in short: each image, and what else becomes another. */
export interface PlanInShort {
  images: PlannedImage[];
  /** A line each. */
  also: string[];
}

export function planInShort(plan: PlanView, { verified }: VerifiedBeside): PlanInShort {
  const changes = verified?.plan ? changesOf(plan, verified.plan).filter(isChange) : undefined;
  const known = new Map(verified?.plan?.components.map(({ name, image }) => [name, image]));
  const gone = [...known.keys()].filter((name) => !plan.components.some((one) => one.name === name));
  const others = changes?.filter(({ after, before }) => !toldApart.includes((after ?? before)!.path[0] ?? '')).length;
  return {
    images: plan.components.map(({ name, image, regions }) => {
      const before = known.get(name);
      const where = regions ? [`in ${regions.join(', ')} alone`] : [];
      const says = changes === undefined ? [] : [before === undefined ? 'new' : whatChanges(name, changes)];
      return {
        ...{ component: visible(name), image, says: visible([...says, ...where].join(', ')) },
        ...(before !== undefined && { before }),
      };
    }),
    also: [
      ...gone.map((name) => visible(`${name} is in this plan no more.`)),
      ...plan.migrations
        .filter(({ pending }) => pending.length > 0)
        .map(({ database, pending }) => visible(`Migrates ${database}: ${pendingInWords(pending)}.`)),
      ...(others ? [`What differs has ${plural(others, 'more line')}.`] : []),
    ],
  };
}

/** What of a plan is told of each component, or is about this release alone. */
const toldApart = ['components', 'migrations', 'commit', 'gates', 'tags'];

/** An image is two facts of a plan; what is delivered follows from it. */
const ofImage = ['image', 'origin', 'promoted', 'artifact'];

function whatChanges(component: string, changes: readonly Change[]): string {
  const own = changes.map(({ after, before }) => (after ?? before)!.path).filter((path) => path[0] === 'components');
  const of = own.filter(([, name]) => name === component).map(([, , what = '']) => what);
  const isOther = of.includes('image');
  const rest = [...new Set(of.filter((what) => !ofImage.includes(what)))].map((what) => words[what] ?? what);
  if (rest.length === 0) return isOther ? 'another image' : 'unchanged';
  return `${isOther ? 'another image' : 'the same image'}, other ${rest.join(' and ')}`;
}

const words: Record<string, string> = { delivery: 'variables or delivery', workloads: 'Deployments' };
