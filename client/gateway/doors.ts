import type { PipelineReader } from '../../activities/steps/pipeline-reader.ts';
import type { KnownPeople, Proof } from '../../domain/contract/people.ts';
import type { Caller, Grant, Once } from '../../domain/contract/rights.ts';
import type { Everybody } from '../../domain/people-known.ts';
import { asKnown, identityOf, isToldOutside, personNamed } from '../../domain/people.ts';
import type { Stranger } from '../../domain/people.ts';

/** Who has come, by what a door knows of them, or by the name that the policy has; and what that is good for, where it is not whatever they may do. */
export type Entrant = ({ proof: Proof } | { person: string; behind?: string }) & GoodFor;

interface GoodFor {
  grants?: readonly Grant[];
  once?: Once;
}

/**
 * Makes sure of who comes with this bearer. Undefined for one of another door. Throws Refused for one that is of this door, and good for
 * nothing.
 */
export type Door = (bearer: string) => Promise<Entrant | undefined>;

/** Who that is; undefined for a bearer that no door knows. */
export type Identify = (bearer: string) => Promise<Caller | Stranger | undefined>;

/** By the first door that knows the bearer; as whom the policy in force has them, read each time. */
export function identifyBy(doors: readonly Door[], pipeline: Pick<PipelineReader, 'people'>): Identify {
  return async (bearer) => {
    for (const door of doors) {
      const entrant = await door(bearer);
      if (entrant) return entered(entrant, await pipeline.people());
    }
    return undefined;
  };
}

export function entered(entrant: Entrant, known: KnownPeople | undefined): Caller | Stranger {
  const who = 'person' in entrant ? personNamed(entrant.person, known) : identityOf(entrant.proof, known);
  if ('refused' in who) return who;
  const { grants, once } = entrant;
  const behind = 'behind' in entrant ? entrant.behind : undefined;
  return {
    who: { ...who, ...(behind !== undefined && { behind }) },
    ...(grants && { grants }),
    ...(once && { once }),
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
