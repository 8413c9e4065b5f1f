import { lineKeepingEnd } from './rollout-cause.ts';
import type { DeploymentObservation, VariableObservation, WriterObservation } from './rollout-observation.ts';
import type { RolloutCounts, RolloutTarget, RolloutVerdict } from './rollout-verdict.ts';

/** Of what was written: what is otherwise now, and who has set it, where that is known. */
interface Other {
  container: string;
  /** Absent: the image. */
  variable?: string;
  by: WriterObservation | undefined;
}

/** Images and environment variables that are not as they were written. */
export function othersIn(
  deployment: Pick<DeploymentObservation, 'images' | 'env' | 'writers'>,
  target: Pick<RolloutTarget, 'images' | 'env' | 'leavesTheirs'>,
): Other[] {
  const { images, writers } = deployment;
  return Object.entries(target.images).flatMap(([container, image]): Other[] => [
    ...(images[container] === image ? [] : [{ container, by: writers?.[container] }]),
    ...otherVariables(deployment, container, target),
  ]);
}

/**
 * Also one that we alone have set, and that should not be there any more: but for a mere name, which is what is left of another's that we have
 * named on, once they have given it up. Whoever has set the same has changed nothing.
 */
function otherVariables(
  { env }: Pick<DeploymentObservation, 'env'>,
  container: string,
  { env: wanted = {}, leavesTheirs }: Pick<RolloutTarget, 'env' | 'leavesTheirs'>,
): Other[] {
  const there = new Map(Object.entries(env?.[container] ?? {}));
  const missing = Object.entries(wanted).filter(([name, value]) => {
    const found = there.get(name);
    return found?.value !== value && !(leavesTheirs && found && isTheirs(found));
  });
  const extra = [...there].filter(
    ([name, { ours, shared, nameOnly }]) => ours && !shared && !nameOnly && !Object.hasOwn(wanted, name),
  );
  return [...missing, ...extra].map(([variable]) => ({ container, variable, by: there.get(variable)?.by }));
}

/** Somebody else alone has set it, or to something that is no text of ours. */
export function isTheirs({ ours, value }: VariableObservation): boolean {
  return !ours || value === undefined;
}

/** Something else is there than was written: who has set it, and whether it is what was there before. */
export function superseded(
  deployment: DeploymentObservation,
  target: RolloutTarget,
  { others, counts }: { others: readonly Other[]; counts: RolloutCounts },
): RolloutVerdict {
  const { images } = deployment;
  const by = others.find((other) => other.by !== undefined)?.by;
  const containers = others.flatMap(({ container, variable }) => (variable === undefined ? [container] : []));
  const who = by?.ours ? (by.releaseId ?? 'another run of ours') : 'somebody else';
  const what = whatOf(containers, images, target.before);
  // A value that others have set may be a secret.
  const now = others.map(({ container, variable }) =>
    variable === undefined
      ? `${container} = ${images[container] ?? 'no such container'}`
      : `${variable} of ${container}`,
  );
  return {
    kind: 'superseded',
    summary: `${who} ${what}: ${now.join(', ')}${writerInWords(by)}`,
    counts,
    images,
    ...(by && { by }),
  };
}

function whatOf(
  containers: readonly string[],
  images: Record<string, string>,
  before: RolloutTarget['before'],
): string {
  if (containers.length === 0) return 'has set or removed environment variables';
  const reverted = containers.every((container) => images[container] === before?.[container]);
  return reverted ? 'has put back the images of before' : 'has set other images';
}

function writerInWords(by: WriterObservation | undefined): string {
  if (!by || by.ours) return '';
  const at = by.at === undefined ? '' : ` at ${new Date(by.at).toISOString().slice(0, 19)}Z`;
  const cause = by.changeCause === undefined ? '' : `, noting "${lineKeepingEnd(by.changeCause)}"`;
  return ` (written by ${by.manager}${at}${cause})`;
}
