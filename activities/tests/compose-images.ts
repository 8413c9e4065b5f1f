import type { PinnedImage } from '../../domain/contract/release.ts';
import { fullReference, isReference } from '../../domain/dockerfile-names.ts';
import { withoutVersion } from '../../domain/images.ts';
import { fitsAny } from '../../domain/patterns.ts';

/** What the containers of integration tests may be made from. */
export interface RunnableImages {
  /** The variables that hold the images of the release itself. */
  variables: readonly string[];
  /** Those images themselves. */
  own: readonly PinnedImage[];
  /** Others, by pattern and without tag, as the operator's policy names them. */
  allowed: readonly string[];
}

/**
 * Why this image may not be run; undefined when it may. One of the release is named by its variable and nothing else: text around it, or a
 * default in it, would be another image. So is any other variable, whose value the repository chooses.
 */
export function refuseWritten(image: string, images: Omit<RunnableImages, 'own'>): string | undefined {
  const { variables } = images;
  const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(image);
  if (variable && variables.includes(variable[1] ?? variable[2] ?? '')) return undefined;
  const ours = variables.map((name) => `\${${name}}`).join(', ') || 'none';
  if (image.includes('$')) return `${image} is none of the release's own images (${ours})`;
  return refuseOther(image, images);
}

/** The same of an image whose name holds no variable any more. Answers its full form where it may be run, or used. */
export function refuseResolved(
  image: string,
  images: Omit<RunnableImages, 'variables'>,
): { refused: string } | { reference: string } {
  const reference = fullReference(image);
  if (!isReference(reference)) return { refused: `${image} is not the name of an image` };
  if (images.own.some((own) => fullReference(own) === reference)) return { reference };
  const refused = refuseOther(image, images);
  return refused === undefined ? { reference } : { refused };
}

function refuseOther(image: string, { allowed }: Pick<RunnableImages, 'allowed'>): string | undefined {
  if (fitsAny(fullName(image), allowed.map(fullName))) return undefined;
  return `the operator must add \`${withoutVersion(image)}\` to \`testImages\` of the service and environment in the policy`;
}

/** `postgres:17` is `docker.io/library/postgres`: what begins with a host has a dot, a port or `localhost` there. */
function fullName(image: string): string {
  const name = withoutVersion(image);
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && /[.:]|^localhost$/.test(first))
    return name.replace(/^(index|registry-1)\.docker\.io\//, 'docker.io/');
  return rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
}
