// What the command uses, and Node before 22 lacks: the engine runs on 24, the command alone from 20 on.

Map.groupBy ??= function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

URL.parse ??= (text: string | { toString(): string }, base?: string | URL): URL | null =>
  URL.canParse(String(text), base?.toString()) ? new URL(text, base) : null;
