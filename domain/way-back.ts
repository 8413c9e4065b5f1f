import { componentsIn } from './components-in.ts';
import type { DeliveredArtifact } from './contract/delivery.ts';
import type { PinnedImage, ReleasePlan, SchemaChange, VerifiedRelease } from './contract/release.ts';
import { artifactOf, deliveryKindOf } from './delivery.ts';
import { regionsTouched } from './left-behind.ts';
import { barrierTo } from './rollback-target.ts';
import type { RollbackTarget } from './rollback.ts';
import type { Purpose } from './run-kinds.ts';

export interface ChangeFacts {
  plan: ReleasePlan;
  region: string;
  component: string;
  image: PinnedImage;
  purpose: Purpose;
  /** For a rollback. */
  back?: WayBack;
}

/** What the records have of where a place may go back to. */
export interface WayBack {
  /** What the engine has chosen for this run and region. */
  chosen: readonly RollbackTarget[];
  /** This region's rows of the component, newest first. */
  history: readonly VerifiedRelease[];
  /** What the release to undo has begun to change, by the words of `placeInWords`. */
  touched: readonly string[];
  /** What any run has done to the databases of this service and environment until now: also since it was chosen. */
  schema: readonly SchemaChange[];
}

/** What may be in a place. `verified`: by which row, where it was there before. */
export interface Permitted {
  artifact: DeliveredArtifact;
  verified?: VerifiedRelease;
}

/** What may be put in this very place: what the plan has there, or for a rollback what the engine has chosen; else why nothing may. */
export function permitted(facts: ChangeFacts): Permitted | { refused: string } {
  const { plan, region, component, image, purpose } = facts;
  const planned = componentsIn(plan, region).find((c) => c.name === component);
  if (!planned || !plan.regions.some((r) => r.name === region))
    return { refused: `the plan has no ${component} in ${region}` };
  if (purpose === 'deploy') {
    if (planned.image !== image) return { refused: `the plan has ${planned.image} for ${component}` };
    return { artifact: artifactOf(planned) };
  }
  const known = targetAmong(facts);
  if (typeof known === 'string') return { refused: known };
  const kind: string = deliveryKindOf(planned);
  if (known.artifact.kind === kind) return { artifact: known.artifact, verified: known };
  return { refused: `${image} was put in ${region} by ${known.artifact.kind}, not by ${kind}` };
}

/** The row of what goes back there. Where the release has changed nothing, only what is verified there now may be put there again. */
function targetAmong({ region, component, image, back }: ChangeFacts): VerifiedRelease | string {
  const { chosen = [], history = [], touched = [], schema = [] } = back ?? {};
  const targets = chosen.filter((one) => one.component === component);
  // What was chosen last counts: of one image several releases may have been made.
  const target = targets.findLast((one) => one.image === image);
  if (!target) {
    const images = [...new Set(targets.map((one) => one.image))].join(' or ');
    return `${component} goes back to ${images || 'nothing'} in ${region}, and not to ${image}`;
  }
  const stands = history.filter(
    (row) => row.region === region && row.component === component && row.state !== 'revoked',
  );
  const known = stands.find((row) => row.image === image && row.releaseId === target.releaseId);
  if (!known) return `${image} was never verified in ${region}`;
  const barrier = barrierTo(known, schema);
  if (barrier) return barrier.why;
  if (regionsTouched(touched).includes(region) || isSameThere(stands[0], known)) return known;
  return `nothing was changed in ${region}: there is nothing to put back`;
}

function isSameThere(newest: VerifiedRelease | undefined, { image, artifact }: VerifiedRelease): boolean {
  return newest?.image === image && newest.artifact.digest === artifact.digest;
}
