import { componentsIn } from './components-in.ts';
import type { PinnedImage, ReleasePlan, SchemaChange, VerifiedRelease } from './contract/release.ts';
import { placeInWords } from './left-behind.ts';
import { byHand, pastInWords, targetOf, type Past } from './rollback-target.ts';

export interface RollbackFacts {
  plan: ReleasePlan;
  /** The release to undo. */
  releaseId: string;
  region: string;
  /** This region's inventory, newest first, all components. */
  history: VerifiedRelease[];
  /** What any run, whatever became of it, has done to the databases of this service and environment. */
  schema: SchemaChange[];
  /** Images that their registry no longer has. */
  missing?: readonly PinnedImage[];
  /** What the release to undo has begun to change, by the words of `placeInWords`. Absent: nobody knows. */
  touched?: readonly string[];
}

export interface RollbackTarget {
  component: string;
  image: PinnedImage;
  releaseId: string;
  commit: string;
  /** It was verified here, and no pod was ever seen that ran it. */
  unseen?: true;
}

/** A component that is new here: nothing that may be gone back to ran before it. */
export interface Newcomer {
  component: string;
  /** The release to undo has put something there, or may have. */
  touched: boolean;
}

export type RollbackChoice =
  | { kind: 'go'; region: string; targets: RollbackTarget[]; newcomers?: Newcomer[] }
  | { kind: 'refused'; region: string; why: string; next: string };

/**
 * What a region goes back to: for each component a release verified in this very region before the one to undo, proven ones first (there are
 * none yet: decision 69), then those that were seen running, never a revoked one. Refused when the schema, as changed since by whichever run, does not carry the old code,
 * or may not; and when all that could be gone back to is gone from its registry. A component that has nothing before it keeps no other on the
 * bad release: it stays as it is, and is named. Where no component has anything, there is no going back.
 */
export function chooseRollback(facts: RollbackFacts): RollbackChoice {
  const { plan, region, touched } = facts;
  const found = componentsIn(plan, region).map((component) => ({
    component: component.name,
    ...targetOf(component, facts),
  }));
  const refused = found.find((one) => one.kind === 'refused');
  const targets = found.flatMap((one) => (one.kind === 'found' ? [one.target] : []));
  const fresh = found.filter((one) => one.kind === 'new');
  const newcomers = fresh.map(({ component }) => ({
    component,
    touched: touched?.includes(placeInWords(component, region)) ?? true,
  }));
  if (refused) return { kind: 'refused', region, why: refused.why, next: refused.next };
  if (targets.length === 0) {
    return { kind: 'refused', region, why: pastsInWords(fresh, region), next: byHand(facts) };
  }
  return { kind: 'go', region, targets, ...(newcomers.length > 0 && { newcomers }) };
}

/** Those with the same past are told together, in the order of the first of each. */
function pastsInWords(fresh: readonly { component: string; past: Past }[], region: string): string {
  const alike = Map.groupBy(fresh, ({ past }) => past);
  return [...alike]
    .map(([past, those]) =>
      pastInWords(
        past,
        those.map(({ component }) => component),
        region,
      ),
    )
    .join('; ');
}

/** Of a region whose other components are back; undefined where all are. */
export function newcomersInWords(newcomers: readonly Newcomer[]): string | undefined {
  if (newcomers.length === 0) return undefined;
  const names = newcomers.map(({ component }) => component).join(', ');
  return newcomers.length === 1
    ? `${names} stays as it is: nothing that may be gone back to ran before it`
    : `${names} stay as they are: nothing that may be gone back to ran before them`;
}

/** Which of the touched regions go back. Where none failed by itself (the run was cancelled, say), all of them do. */
export function regionsToRollBack(
  partial: ReleasePlan['onFailure']['partial'],
  touched: string[],
  failed: string[],
): string[] {
  const hurt = touched.filter((region) => failed.includes(region));
  return partial === 'roll-back-all' || hurt.length === 0 ? touched : hurt;
}
