import { arePagesBuilt } from '../../workers/built-pages.ts';
import { labPeople } from '../people.ts';
import type { LabLogin } from '../login/provider.ts';
import type { LabEngine } from '../world.ts';
import type { Lifetime } from './lifetime.ts';
import type { DemoOptions } from './options.ts';

/** What those may who log in to the lab's pages, as they are told there. */
export const people = [
  { name: labPeople.approver, may: 'approves, and decides what follows a failure' },
  { name: labPeople.requester, may: 'asks for releases, and approves none of these' },
  { name: labPeople.visitor, may: 'looks, and decides nothing' },
];

/** Undefined where there are no pages to log in to. */
export async function startDemoLogin(lifetime: Pick<Lifetime, 'keep'>): Promise<LabLogin | undefined> {
  if (!arePagesBuilt()) return undefined;
  // Loaded only now: without pages nothing of it is needed.
  const { startLabLogin } = await import('../login/provider.ts');
  return lifetime.keep(startLabLogin(people));
}

/** Somebody is there for long, and has pages to decide on: they are waited for. */
export function isDecidedOnPages(
  { keep, yes, json, slack }: Pick<DemoOptions, 'keep' | 'yes' | 'json' | 'slack'>,
  hasPages = arePagesBuilt(),
): boolean {
  return keep && !yes && !json && !slack && hasPages;
}

/** Where its pages are, and who may be somebody there. */
export function dashboardLine({ pages }: Pick<LabEngine, 'pages'>): string {
  if (pages === undefined) return 'The dashboard is off: its pages were not built (npm run demo builds them).';
  return `Dashboard: ${pages}  (log in as ${Object.values(labPeople).join(', ')}; no password)`;
}
