import type { PipelineReader } from '../../activities/steps/pipeline-reader.ts';
import type { KnownPeople } from '../../domain/contract/people.ts';
import type { Identity } from '../../domain/contract/release.ts';
import { identityOf } from '../../domain/people.ts';
import type { Stranger } from '../../domain/people.ts';

/** How long what Slack has said of a user group is gone by (ms): whoever was taken out decides nothing after that. */
const freshMs = 60_000;

export interface WhoParts {
  pipeline: Pick<PipelineReader, 'people'>;
  /** The ids of those in a user group. */
  membersOf: (group: string) => Promise<string[]>;
  now: () => number;
  log: (error: unknown) => void;
}

/** Who somebody at Slack is, by the policy in force. */
export type Who = (userId: string) => Promise<Identity | Stranger>;

/** Of a user group about which Slack says nothing nobody is in it. */
export function whoBySlack({ pipeline, membersOf, now, log }: WhoParts): Who {
  const known = new Map<string, { at: number; members: Promise<string[]> }>();
  const members = (group: string): Promise<string[]> => {
    const before = known.get(group);
    if (before && now() - before.at < freshMs) return before.members;
    const asked = membersOf(group).catch((error: unknown) => {
      log(error);
      known.delete(group);
      return [];
    });
    known.set(group, { at: now(), members: asked });
    return asked;
  };
  return async (id) => {
    const people = await pipeline.people();
    const asked = userGroups(people).map(async (group) => ((await members(group)).includes(id) ? [group] : []));
    return identityOf({ via: 'slack', id, belongs: (await Promise.all(asked)).flat() }, people);
  };
}

function userGroups(people: KnownPeople | undefined): string[] {
  return [...new Set(Object.values(people?.groups ?? {}).flatMap(({ slack }) => slack ?? []))];
}
