/** The same value with one leaf changed, once for each leaf there is; `at`: where. */
export function* leavesChanged(value: unknown, at = ''): Generator<{ at: string; changed: unknown }> {
  if (Array.isArray(value)) {
    for (const [n, each] of value.entries())
      for (const one of leavesChanged(each, `${at}.${n}`)) yield { at: one.at, changed: value.with(n, one.changed) };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value))
      for (const one of leavesChanged(each, `${at}.${key}`))
        yield { at: one.at, changed: { ...value, [key]: one.changed } };
  } else yield { at, changed: another(value) };
}

function another(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1;
  if (typeof leaf === 'boolean') return !leaf;
  // The last sign: of a signature it holds bits that say nothing.
  const text = String(leaf);
  const last = text.replace(/=+$/, '').length - 1;
  return last < 0 ? 'x' : `${text.slice(0, last)}${text[last] === 'B' ? 'A' : 'B'}${text.slice(last + 1)}`;
}
