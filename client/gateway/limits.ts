import { Refused } from './errors.ts';

/** Some at once, and then one in each `everyMs`, for each name. In memory: a gateway that starts again begins with full measures. */
interface Allowance {
  atOnce: number;
  everyMs: number;
}

/** `login`: of whoever has no name yet, by their address. Behind a proxy all have one. */
export type Kind = 'read' | 'write' | 'start' | 'login';
type Allowances = Readonly<Record<Kind, Allowance>>;

/** What one caller may ask for. Starting reads the repository, and what is refused there has cost as much as what is not. */
export function allowancesFor(startsPerMinute = 60): Allowances {
  return {
    read: { atOnce: 600, everyMs: 20 },
    write: { atOnce: 120, everyMs: 500 },
    login: { atOnce: 60, everyMs: 1_000 },
    start: { atOnce: 2 * startsPerMinute, everyMs: 60_000 / startsPerMinute },
  };
}

/** Throws 429 for a caller who has used up what there is for this kind of call. */
export type Allow = (kind: Kind, caller: string) => void;

const mostCallers = 10_000;

/** Token buckets. Callers who have not asked for longest are forgotten first: their buckets are full again by then. */
export function createAllow(now: () => number, given: Allowances, refused?: (kind: Kind) => void): Allow {
  const buckets = new Map<string, { left: number; at: number }>();
  return (kind, caller) => {
    const { atOnce, everyMs } = given[kind];
    const key = `${kind} ${caller}`;
    const at = now();
    const known = buckets.get(key) ?? { left: atOnce, at };
    const left = Math.min(atOnce, known.left + Math.max(0, at - known.at) / everyMs);
    buckets.delete(key);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at });
    if (buckets.size > mostCallers) buckets.delete(buckets.keys().next().value!);
    if (left >= 1) return;
    refused?.(kind);
    throw tooOften(kind, Math.ceil(((1 - left) * everyMs) / 1_000));
  };
}

const words: Record<Kind, string> = {
  read: 'more questions than the gateway answers to one caller',
  write: 'more orders than the gateway takes from one caller',
  login: 'more logins than the gateway takes from one address',
  start: 'more starts than the gateway takes from one caller',
};

function tooOften(kind: Kind, seconds: number): Refused {
  const next = `Nothing was done. Try again in ${seconds} s; a program should wait as long as Retry-After says.`;
  return new Refused(429, 'too-many-requests', words[kind], next, seconds);
}
