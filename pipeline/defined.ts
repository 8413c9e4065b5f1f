type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the keys that are `undefined`, so that spreading keeps the defaults. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Defined<T>;
}
