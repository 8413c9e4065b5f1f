import type { BuildSpec, Digest } from './contract/release.ts';

/** What an image is made from, besides the files of its commit: the same files with other inputs are another image. */
export interface BuildInputs extends BuildSpec {
  /** What stood behind each base image's name. Absent for an image that somebody else built: on what, nobody here knows. */
  bases?: Record<string, Digest>;
  /** What could not be told of the base images, in words. */
  untold: string[];
}

/** Why an image built from `before` is not what would be built now; undefined when it is. Whatever is unclear is not the same. */
export function whyOtherInputs(before: BuildInputs | undefined, now: BuildInputs): string | undefined {
  if (!before) return 'what its verified image was built from is not on record';
  if (before.dockerfile !== now.dockerfile) return `its Dockerfile was ${before.dockerfile}, and is ${now.dockerfile}`;
  if (before.context !== now.context) return `its build context was ${before.context}, and is ${now.context}`;
  const names = [...new Set([...Object.keys(before.args), ...Object.keys(now.args)])].sort();
  const other = names.find((name) => valueOf(before.args, name) !== valueOf(now.args, name));
  if (other !== undefined) return `the build argument ${other} changed`;
  return before.bases === undefined ? undefined : whyOtherBases(before, before.bases, now);
}

function whyOtherBases(before: BuildInputs, bases: Record<string, Digest>, now: BuildInputs): string | undefined {
  const [untold] = [...now.untold, ...before.untold];
  if (untold !== undefined) return `it cannot be told whether its base images are the same: ${untold}`;
  for (const [reference, digest] of Object.entries(now.bases ?? {})) {
    const known = valueOf(bases, reference);
    if (known === undefined) return `it is built on ${reference}, which it was not before`;
    if (known !== digest) return `the base image ${reference} is another one now`;
  }
  return undefined;
}

const valueOf = (table: Record<string, string>, name: string) => (Object.hasOwn(table, name) ? table[name] : undefined);
