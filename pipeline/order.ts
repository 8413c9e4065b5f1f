/** The names in an order in which nothing comes before what it needs; otherwise as written. Needs outside the list are ignored. */
export function orderByNeeds(names: readonly string[], needsOf: (name: string) => readonly string[]): string[] {
  const ordered: string[] = [];
  const placed = new Set<string>();
  const listed = new Set(names);
  while (ordered.length < names.length) {
    const next = names.find(
      (name) => !placed.has(name) && needsOf(name).every((need) => !listed.has(need) || placed.has(need)),
    );
    // Only a circle leaves nothing to place, and the loader refuses circles.
    if (next === undefined) return [...ordered, ...names.filter((name) => !placed.has(name))];
    ordered.push(next);
    placed.add(next);
  }
  return ordered;
}

/** One circle among the needs, beginning and ending with the same name; undefined when there is none. */
export function findCircle(
  names: readonly string[],
  needsOf: (name: string) => readonly string[],
): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, trail: readonly string[]): string[] | undefined => {
    const start = trail.indexOf(name);
    if (start >= 0) return [...trail.slice(start), name];
    if (done.has(name)) return undefined;
    for (const need of needsOf(name)) {
      const circle = follow(need, [...trail, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of names) {
    const circle = follow(name, []);
    if (circle) return circle;
  }
  return undefined;
}
