import type { Check } from '../../../domain/contract/verdicts.ts';
import type { Artifact, ReleasePlan } from '../../../domain/contract/release.ts';
import type { ComponentStatus, RegionStatus } from '../../../domain/contract/status.ts';
import { plural } from '../../cli/words.ts';

/** What belongs to a region: its wave in the plan, where it lies, and what was checked of what is there. */
export interface Place {
  region: RegionStatus;
  wave?: number;
  lies?: string;
  checked: string;
}

export function placesOf(
  regions: readonly RegionStatus[],
  checks: readonly Check[],
  { plan, isOpen }: { plan: ReleasePlan | undefined; isOpen: boolean },
): Place[] {
  return regions.map((region) => {
    const wave = plan?.waves.findIndex(({ regions: names }) => names.includes(region.region)) ?? -1;
    const planned = plan?.regions.find(({ name }) => name === region.region);
    return {
      region,
      ...(wave >= 0 && { wave: wave + 1 }),
      ...(planned && { lies: `namespace ${planned.namespace}` }),
      checked: checkedInWords(region, checks, isOpen),
    };
  });
}

const back: readonly RegionStatus['phase'][] = ['rolling-back', 'rolled-back', 'partly-back'];

/** Of what was put back, where it goes back: checks of what was there before that say nothing any more. */
function checkedInWords({ region, phase }: RegionStatus, checks: readonly Check[], isOpen: boolean): string {
  const begins = back.includes(phase) ? `${region}, put back: ` : `${region}: `;
  const own = checks.filter(({ name }) => name.startsWith(begins));
  const passed = own.filter(({ verdict }) => verdict === 'pass').length;
  if (own.length > 0) return `${passed} of ${plural(own.length, 'check')} pass`;
  return isOpen ? 'no checks yet' : 'no checks';
}

/**
 * The image of a component that this release puts there, and the one that was there before, as far as they are known. `found`: what was there
 * before by the inventory. Of what was put back the run tells what is there now: that was there before, too.
 */
export function imagesIn(
  { component, image }: Pick<ComponentStatus, 'component' | 'image'>,
  artifacts: readonly Pick<Artifact, 'component' | 'image'>[],
  found: string | undefined,
): { before?: string; own: string } {
  const own = artifacts.filter((one) => one.component === component).map((one) => one.image);
  const [first] = own;
  if (first !== undefined && !own.includes(image)) return { before: image, own: first };
  return { own: image, ...(found !== undefined && { before: found }) };
}

/** Whether something was put back, or is being: what runs there is not what the release has brought. */
export function goesBack(regions: readonly RegionStatus[]): boolean {
  return regions.some(({ phase, components }) => [phase, ...components.map((one) => one.phase)].some(isBack));
}

const isBack = (phase: RegionStatus['phase']) => back.includes(phase);

/**
 * What runs of a component, as far as the run has put it there: its image, or words where that says nothing. `own`: the image that this release
 * brings. Of what was put back that is no answer: where nothing stood before, nothing was put there.
 */
export function runsNow(
  { phase, image }: Pick<ComponentStatus, 'phase' | 'image'>,
  { own, isOpen }: { own: string | undefined; isOpen: boolean },
): { image: string } | { says: string } {
  if (phase === 'pending' || (phase === 'rolled-back' && image === own)) return { says: 'as before' };
  if (inPlace.includes(phase)) return { image };
  return { says: isOpen && moving.includes(phase) ? 'changing' : 'not known' };
}

const inPlace: readonly RegionStatus['phase'][] = ['deployed', 'verified', 'rolled-back', 'unchanged'];
const moving: readonly RegionStatus['phase'][] = ['deploying', 'rolling-back'];

/** What a region has to say that none of its components says below it. */
export function ownNote({ note, components }: RegionStatus): string | undefined {
  if (note === undefined || note.trim() === '') return undefined;
  const isSaid = components.some((one) => one.note !== '' && (note.includes(one.note) || one.note.includes(note)));
  return isSaid ? undefined : note;
}
