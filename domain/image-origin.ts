import type { Artifact } from './contract/release.ts';

/** `built`, `promoted from staging`: how an image came to be, for people. */
export function originInWords({ origin, promoted }: Pick<Artifact, 'origin' | 'promoted'>): string {
  return promoted ? `${origin} from ${promoted.environment}` : origin;
}
