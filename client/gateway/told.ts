/** One event of a stream as it is sent. */
export interface Told {
  /** Its place among what is told of the run; those that nobody needs any more are gone. */
  nth: number;
  event: 'release' | 'trouble' | 'end';
  /** Of a state: what it is made of, so that another gateway that sees the same says the same. */
  id?: string;
  text: string;
}

/** What is kept for whoever comes back: so many states, and so many characters of those before the present one. */
const mostKept = { states: 50, characters: 500_000 };

/** With one more. It takes the place of a trouble before it: what is over is told to nobody. */
export function withTold(before: readonly Told[], next: Omit<Told, 'nth'>, most = mostKept): Told[] {
  const nth = (before.at(-1)?.nth ?? 0) + 1;
  const standing = before.filter(({ event }) => event !== 'trouble');
  return keptOf([...standing, { nth, ...next }], most);
}

function keptOf(told: Told[], most: typeof mostKept): Told[] {
  const present = told.findLastIndex(isState);
  let characters = 0;
  const first = told.findLastIndex((one, at) => {
    if (at >= present) return false;
    characters += one.text.length;
    return told.length - at > most.states || characters > most.characters;
  });
  return told.slice(first + 1);
}

/** What comes behind that place. */
export function toldAfter(told: readonly Told[], nth: number): Told | undefined {
  return told.find((one) => one.nth > nth);
}

/** The place of whoever has that state; of anybody else the one just before the present state. */
export function placeOf(told: readonly Told[], id: string | undefined): number {
  const known = id === undefined ? undefined : told.findLast((one) => one.id === id);
  return known?.nth ?? (told.findLast(isState)?.nth ?? 1) - 1;
}

const isState = ({ event }: Told): boolean => event === 'release';
