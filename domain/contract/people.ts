/** Whom the operator's policy knows, and by what the doors know them. */
export interface KnownPeople {
  people: Record<string, KnownPerson>;
  groups: Record<string, KnownGroup>;
}

/** One person, or a robot. By each of these they are one and the same; a door by which nobody is named lets nobody in. */
export interface KnownPerson {
  /** The name that the file of tokens has for them. */
  token?: string;
  /** The number of their account, which stays when its name is given to somebody else. */
  github?: number;
  /** The id of their account. */
  slack?: string;
  /** What the identity provider has for them: the subject. */
  oidc?: string;
  /** An address that the identity provider has verified. */
  email?: string;
  /** Addresses under which they write commits, in lower case. */
  writesAs?: string[];
}

/** `members`: by the names of `people`. The others: who is in it is told outside, by whoever keeps that list. */
export interface KnownGroup {
  members: string[];
  /** A value of the groups that the identity provider says. */
  oidc?: string;
  /** The id of a user group. */
  slack?: string;
  /** `organisation/team`. */
  github?: string;
}

/** What a door has made sure of about who is there: nothing that a caller says of itself. */
export interface Proof {
  via: Via;
  /** What the door knows them by; the name of a token, the number at GitHub, the id at Slack, the subject at the identity provider. */
  id: string;
  /** For people to read: an account's name changes hands. */
  called?: string;
  /** That the identity provider has verified. */
  email?: string;
  /** What this door's own side says they are in: values, ids or teams, as `KnownGroup` has them; of a token the groups of its file. */
  belongs: string[];
  /** Addresses under which they write commits, where the door says so. */
  writesAs?: string[];
}

export type Via = 'token' | 'github' | 'slack' | 'oidc';
