import { componentsIn, hasPlace } from '../components-in.ts';
import type { EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { ReleasePlan } from '../contract/release.ts';
import { meaningOf } from '../outcomes.ts';
import { fails, holds, orElse, unseen, untold } from './line.ts';
import type { EvidenceLine } from './line.ts';
import { hasChanged, toldByRows } from './told-by-rows.ts';

interface Seen {
  region: string;
  component: string;
  image: string;
}

/** What is on record as verified, and what the run itself has told of it. */
function seenWell({ verified, end }: EvidenceBundle): Seen[] {
  const told = (end?.result?.regions ?? []).flatMap(({ region, components }) =>
    components
      .filter(({ phase }) => phase === 'verified')
      .map(({ component, image }) => ({ region, component, image })),
  );
  return [...verified.map(({ region, component, image }) => ({ region, component, image })), ...told];
}

const keyOf = ({ region, component }: Pick<Seen, 'region' | 'component'>) => `${component} in ${region}`;

/** What was verified is what the plan has put there, and nothing else. */
export function provenImages(bundle: EvidenceBundle, plan: ReleasePlan | undefined): EvidenceLine[] {
  const what = 'images';
  const seen = seenWell(bundle);
  if (!plan) return seen.length === 0 ? [] : [unseen(what, 'which the plan wanted is not known: it is not in here')];
  const planned = new Map(plan.components.map(({ name, image }) => [name, image]));
  const wrong = seen.flatMap((one) => {
    if (!hasPlace(plan, one)) return [fails(what, `${keyOf(one)} was verified, and the plan puts nothing there`)];
    return planned.get(one.component) === one.image
      ? []
      : [fails(what, `${keyOf(one)} was verified with ${one.image}, and the plan has another`)];
  });
  for (const { row, image, ...place } of toldByRows(bundle).put)
    if (!hasPlace(plan, place) || planned.get(place.component) !== image)
      wrong.push(
        fails(what, `row ${row.n} of ${row.lane} puts ${image} in place as ${keyOf(place)}, and the plan does not`),
      );
  const there = new Set(seen.map(keyOf));
  const places = plan.regions.flatMap(({ name: region }) =>
    componentsIn(plan, region).map(({ name: component }) => keyOf({ region, component })),
  );
  const left = places.filter((place) => !there.has(place));
  const isMissed = left.length > 0 && meaningOf(bundle.end?.outcome).proven;
  if (isMissed) wrong.push(untold(what, `not on record as verified, or revoked since: ${left.join(', ')}`));
  if (there.size === 0) return orElse(wrong, holds(what, 'nothing is on record as verified by it'));
  return orElse(
    wrong,
    holds(what, `${there.size} of ${places.length} places were verified, each with the image of the plan`),
  );
}

/** What scans and tests have come to is what whoever approved the plan was shown. */
export function provenGates(bundle: EvidenceBundle, plan: ReleasePlan | undefined): EvidenceLine[] {
  const what = 'gates';
  const { kept } = bundle;
  const isReleased = hasChanged(bundle);
  if (!plan) return [];
  if (plan.gates.length === 0) return [holds(what, 'the plan names none')];
  const failed = plan.gates.filter(({ verdict }) => verdict === 'fail' && isReleased);
  const wrong = failed.map(({ gate }) => fails(what, `${gate} has failed, and it was released`));
  for (const { gate, verdict } of plan.gates) {
    const found = kept?.gates.find((one) => one.gate === gate);
    if (!found) wrong.push((isReleased ? untold : unseen)(what, `what ${gate} has found is not in here`));
    else if (found.verdict !== verdict)
      wrong.push(fails(what, `${gate} is on record as ${found.verdict}, and the plan says ${verdict}`));
  }
  const all = plan.gates.map(({ gate, verdict }) => `${gate} ${verdict}`).join(', ');
  return orElse(wrong, holds(what, `as the plan has them: ${all}`));
}
