import type { Artifact } from './contract/release.ts';

/** `built`, `promoted from staging`, `unchanged, given before`: how an image came to be, for people. */
export function originInWords({ origin, promoted, given }: Pick<Artifact, 'origin' | 'promoted' | 'given'>): string {
  const came = promoted ? `${origin} from ${promoted.environment}` : origin;
  return given ? `${came}, given before` : came;
}
