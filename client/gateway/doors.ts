import type { PipelineReader } from '../../activities/steps/pipeline-reader.ts';
import type { Proof } from '../../domain/contract/people.ts';
import type { Identity } from '../../domain/contract/release.ts';
import type { Everybody } from '../../domain/people-known.ts';
import { asKnown, identityOf, isToldOutside } from '../../domain/people.ts';
import type { Stranger } from '../../domain/people.ts';

/**
 * Makes sure of who comes with this bearer. Undefined for one of another door. Throws Refused for one that is of this door, and good for
 * nothing.
 */
export type Door = (bearer: string) => Promise<Proof | undefined>;

/** Who that is; undefined for a bearer that no door knows. */
export type Identify = (bearer: string) => Promise<Identity | Stranger | undefined>;

/** By the first door that knows the bearer; as whom the policy in force has them, read each time. */
export function identifyBy(doors: readonly Door[], pipeline: Pick<PipelineReader, 'people'>): Identify {
  return async (bearer) => {
    for (const door of doors) {
      const proof = await door(bearer);
      if (proof) return identityOf(proof, await pipeline.people());
    }
    return undefined;
  };
}

/** Everybody whom the policy knows; without `people` there, whom the file of tokens does. */
export function everybodyBy(
  pipeline: Pick<PipelineReader, 'people'>,
  ofTokens: () => Promise<Everybody['people']>,
): () => Promise<Everybody> {
  return async () => {
    const known = await pipeline.people();
    if (!known) return { people: await ofTokens() };
    const people = Object.keys(known.people).map((id) => asKnown({ id, via: 'token', groups: [] }, known));
    const told = Object.entries(known.groups).filter(([, group]) => isToldOutside(group));
    return { people, toldOutside: told.map(([name]) => name) };
  };
}
