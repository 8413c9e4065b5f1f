import type { KnownPeople } from '../domain/contract/people.ts';
import { defined } from './defined.ts';
import { groupsNamed } from './groups-named.ts';
import type { Policy } from './load.ts';
import type { PolicyFile } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** Whom the policy knows; undefined where it leaves that to the file of tokens. */
export function knownPeople({ content }: Pick<Policy, 'content'>): KnownPeople | undefined {
  const { people, groups = {} } = content;
  if (!people) return undefined;
  return {
    people: Object.fromEntries(Object.entries(people).map(([name, person]) => [name, defined(person)])),
    groups: Object.fromEntries(
      Object.entries(groups).map(([name, { members = [], ...told }]) => [
        name,
        { members: [...members], ...defined(told) },
      ]),
    ),
  };
}

/** What must hold between the people, the groups and those who name them. */
export function peopleReferences(content: PolicyFile): Finding[] {
  const { people, groups } = content;
  if (!people) {
    const message = 'who is in a group is said here only where the policy has `people`';
    return groups ? [{ path: ['groups'], atKey: true, message }] : [];
  }
  const members = Object.entries(groups ?? {}).flatMap(([group, said]) =>
    (said.members ?? []).flatMap((member, index) =>
      unknownName(['groups', group, 'members', index], 'person', member, Object.keys(people)),
    ),
  );
  const named = groupsNamed({ content }).flatMap(({ group, path }) =>
    unknownName(path, 'group', group, Object.keys(groups ?? {})).map((finding) =>
      groups ? finding : { ...finding, hint: asPeopleAre(group) },
    ),
  );
  return [...members, ...named, ...twice(people), ...memberless(groups ?? {})];
}

/** Of two people who come by the same nobody could tell which it is. */
function twice(people: NonNullable<PolicyFile['people']>): Finding[] {
  const seen = new Map<string, string>();
  return Object.entries(people).flatMap(([name, person]) =>
    (['token', 'github', 'slack', 'oidc', 'email'] as const).flatMap((key): Finding[] => {
      if (person[key] === undefined) return [];
      const what = `${key} ${person[key]}`;
      const other = seen.get(what);
      seen.set(what, other ?? name);
      const path: Path = ['people', name, key];
      return other === undefined ? [] : [{ path, message: `is \`${other}\`'s already: each is one person's` }];
    }),
  );
}

/** Whoever begins with `people` has had their groups from the file of tokens. */
function asPeopleAre(group: string): string {
  return `with \`people\` this file says who is in which group, too: \`groups: { ${group}: { members: […] } }\``;
}

function memberless(groups: NonNullable<PolicyFile['groups']>): Finding[] {
  return Object.entries(groups).flatMap(([name, { members = [], ...told }]): Finding[] =>
    members.length > 0 || Object.keys(told).length > 0
      ? []
      : [
          {
            path: ['groups', name],
            atKey: true,
            message: 'has nobody in it: name its `members`, or where they are told',
          },
        ],
  );
}
