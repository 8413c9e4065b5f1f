import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import type { PlannedComponent } from '../../domain/contract/release.ts';
import { visible } from '../../domain/visible.ts';
import { head } from '../../domain/whole-text.ts';
import type { Notification } from './port.ts';

/** What is shown of a run: the state of the deployment, and of the check where it says something about the commit. */
export interface Shown {
  state: 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive';
  check?:
    | { status: 'queued' | 'in_progress' }
    | { status: 'completed'; conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' };
}

/** What was built and goes where, by the plan. */
export interface Placed {
  regions: readonly string[];
  /** `image`: with its digest. */
  components: readonly (Pick<PlannedComponent, 'name' | 'image' | 'promoted'> & {
    regions?: readonly string[] | undefined;
  })[];
}

/**
 * Later ones replace earlier ones, and never the other way: what was not delivered for long may come last. What goes on may wait, and go on again: that
 * comes in order, and a question that was answered is not asked late (domain/outbox.ts).
 */
const order: readonly string[][] = [['queued', 'in_progress'], ['success', 'failure', 'error'], ['inactive']];

/** GitHub's. */
const longestDescription = 140;
const longestTitle = 200;
const longestFact = 2_000;
const mostFacts = 20;
const mostPlaces = 100;

/** Undefined for what changes nothing of what is shown: a rollback that was ordered is about the release that it takes back. */
export function shownBy({ run, event, level, facts }: Notification): Shown | undefined {
  if (orderOfRollback(run) !== undefined) return event === 'ended-well' ? { state: 'inactive' } : undefined;
  switch (event) {
    case 'approval':
      return { state: 'queued', check: { status: 'queued' } };
    case 'approval-reminder':
    case 'approval-escalated':
      return undefined;
    case 'started':
    case 'changing':
    case 'held':
    case 'failed':
    case 'region-failed':
      return { state: 'in_progress', check: { status: 'in_progress' } };
    case 'ended-well':
      return { state: 'success', check: { status: 'completed', conclusion: 'success' } };
    case 'ended-otherwise': {
      if (level === 'problem' || facts['outcome'] === 'rolled-back')
        return { state: 'failure', check: { status: 'completed', conclusion: 'failure' } };
      // It stands everywhere, and nobody could tell whether it is well.
      if (facts['outcome'] === 'unproven')
        return { state: 'success', check: { status: 'completed', conclusion: 'neutral' } };
      return { state: 'inactive', check: { status: 'completed', conclusion: 'cancelled' } };
    }
    default:
      // Of a newer version.
      event satisfies never;
      return undefined;
  }
}

/** Whether a deployment that is shown as `now` may be shown as `next`. */
export function mayFollow(now: string | undefined, next: Shown['state']): boolean {
  const rank = (state: string | undefined) =>
    order.findIndex((states) => state !== undefined && states.includes(state));
  return rank(next) > rank(now) || (rank(next) === rank(now) && rank(next) < 1);
}

/** `<service>/<environment>`, as deployments and checks are called; undefined for what is no run of ours. */
export function placeOf(run: string): string | undefined {
  const lane = laneOfRun(run);
  return lane && `${lane.service}/${lane.environment}`;
}

/** No markup is read there; a sign stands between `@` and a name, so that nobody is called. */
export function descriptionOf({ title }: Notification): string {
  return withoutMentions(head(visible(title), longestDescription), longestDescription);
}

/** Markdown, in which every word of somebody else is code: no markup, no link, nobody called. */
export function checkOutputOf(notification: Notification, placed: Placed | undefined) {
  const { title, facts, run } = notification;
  const told = Object.entries(facts).slice(0, mostFacts);
  const lines = [
    codeOf(title),
    '',
    ...[['run', run], ...told].map(([name, text]) => `- ${codeOf(name!)}: ${codeOf(text!)}`),
    ...(placed ? ['', ...placesIn(placed)] : []),
  ];
  return { title: withoutMentions(head(visible(title), longestTitle), longestTitle), summary: lines.join('\n') };
}

function placesIn({ regions, components }: Placed): string[] {
  const all = components.flatMap(({ name, image, promoted, regions: own }) => {
    const from = promoted ? ` promoted from ${codeOf(promoted.environment)}` : '';
    return (own ?? regions).map((region) => `- ${codeOf(region)} ${codeOf(name)} ${codeOf(image)}${from}`);
  });
  const more = all.length - mostPlaces;
  return [...all.slice(0, mostPlaces), ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** A code span that no run of backticks in it ends. */
function codeOf(text: string): string {
  const shown = head(visible(text), longestFact);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return shown.trim() === '' ? '` `' : `${fence} ${shown} ${fence}`;
}

function withoutMentions(text: string, most: number): string {
  return head(text.replaceAll('@', '@\u200b'), most);
}
