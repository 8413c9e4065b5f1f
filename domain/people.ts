import type { KnownGroup, KnownPeople, KnownPerson, Proof, Via } from './contract/people.ts';
import type { Identity } from './contract/release.ts';

/** Why somebody is let in by no door, and what the operator must do about it. */
export interface Stranger {
  refused: string;
  next: string;
}

/** Who that is: by the policy one identity, whatever door they came by; without `people` there, whoever the file of tokens says. */
export function identityOf(proof: Proof, known: KnownPeople | undefined): Identity | Stranger {
  if (!known) return byDoorAlone(proof);
  const { via, email, id } = proof;
  const found = Object.entries(known.people).filter(
    ([, person]) => keyOf(person, via) === id || (via === 'oidc' && email !== undefined && person.email === email),
  );
  const [one, another] = found;
  if (!one) return unknownTo(proof);
  if (another) {
    const names = found.map(([name]) => name).join(' and ');
    const next = 'The operator makes them one person under `people` in the policy, or takes one of the two out.';
    return { refused: `${inWords(proof)} is ${names} in the policy: nobody can tell who of them`, next };
  }
  const [name, { writesAs }] = one;
  const groups = Object.entries(known.groups).flatMap(([group, said]) =>
    said.members.includes(name) || isToldOf(said, proof) ? [group] : [],
  );
  return { id: name, via, groups, ...(writesAs && { emails: [...writesAs] }) };
}

/** Somebody by the name that the policy has for them, as a gateway has signed it. */
export function personNamed(name: string, known: KnownPeople | undefined): Identity | Stranger {
  const stranger = known ? refuseStranger({ id: name }, known) : 'the policy names no people';
  if (stranger === undefined) return asKnown({ id: name, via: 'token', groups: [] }, known);
  return {
    refused: stranger,
    next: `The operator adds \`${name}\` under \`people\` in the policy, or has the token revoked.`,
  };
}

/**
 * The same person as the policy has them now. What has been written down of their groups counts for those alone of which the policy lets others
 * tell who is in them. Whom it knows no more is in none.
 */
export function asKnown(by: Identity, known: KnownPeople | undefined): Identity {
  if (!known) return by;
  const { emails: _then, ...person } = by;
  const now = ownOf(known.people, by.id);
  if (!now) return { ...person, groups: [] };
  const groups = Object.entries(known.groups).flatMap(([group, said]) =>
    said.members.includes(by.id) || (isToldOutside(said) && by.groups.includes(group)) ? [group] : [],
  );
  return { ...person, groups, ...(now.writesAs && { emails: [...now.writesAs] }) };
}

/**
 * Whether somebody who came by a name of before, as the file of tokens has it, is who the policy calls otherwise by now. Only what is kept from
 * them may follow from it.
 */
export function wasNamed(
  { id, via }: Pick<Identity, 'id'> & Partial<Identity>,
  name: string,
  known: KnownPeople | undefined,
): boolean {
  return id === name || (via === 'token' && known !== undefined && ownOf(known.people, name)?.token === id);
}

/** Why nothing of what they say counts; undefined where the policy knows them, or leaves it to the doors who there is. */
export function refuseStranger({ id }: Pick<Identity, 'id'>, known: KnownPeople | undefined): string | undefined {
  return !known || ownOf(known.people, id) ? undefined : `the policy knows nobody called ${id}`;
}

export function isToldOutside({ oidc, slack, github }: KnownGroup): boolean {
  return oidc !== undefined || slack !== undefined || github !== undefined;
}

/** By its own side alone: that somebody is called the same elsewhere says nothing. */
function isToldOf(group: KnownGroup, { via, belongs }: Proof): boolean {
  const told = via === 'token' ? undefined : group[via];
  return told !== undefined && belongs.includes(told);
}

function keyOf({ github, ...person }: KnownPerson, via: Via): string | undefined {
  if (via === 'github') return github === undefined ? undefined : String(github);
  return person[via];
}

const doors: Record<Via, { who: string; key: string }> = {
  token: { who: 'the token of', key: 'token' },
  github: { who: 'the GitHub account', key: 'github' },
  slack: { who: 'the Slack account', key: 'slack' },
  oidc: { who: 'the login', key: 'oidc' },
};

function inWords({ via, id, called }: Pick<Proof, 'via' | 'id' | 'called'>): string {
  return `${doors[via].who} ${id}${called === undefined ? '' : ` (${called})`}`;
}

function unknownTo(proof: Proof): Stranger {
  const { via, id } = proof;
  return {
    refused: `${inWords(proof)} is nobody whom the policy knows`,
    next: `The operator adds \`${doors[via].key}: ${id}\` to a person under \`people\` in the policy.`,
  };
}

function byDoorAlone({ via, id, belongs, writesAs, ...proof }: Proof): Identity | Stranger {
  if (via === 'token') return { id, via, groups: [...belongs], ...(writesAs && { emails: [...writesAs] }) };
  const next = `The operator adds \`people\` to the policy, with \`${doors[via].key}: ${id}\` at whoever that is.`;
  return { refused: `${inWords({ via, id, ...proof })} is nobody: the policy names no people`, next };
}

function ownOf<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
