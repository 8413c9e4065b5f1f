/** A document that differs from another in one place, and where. */
export interface OneChange {
  where: string;
  changed: unknown;
}

/**
 * Every way to change one place of a document, found by walking through it: each value another one, each entry of a list and each field
 * left out, entries added, repeated and exchanged, and fields that nobody knows. What is added to a plan later is walked through as well.
 */
export function oneChangeEach(document: unknown, signs: readonly string[] = hostile): OneChange[] {
  return changesAt(document, '$', { put: (changed) => changed, signs });
}

interface Walk {
  /** The whole document, with this at the place that is walked through. */
  put(value: unknown): unknown;
  signs: readonly string[];
}

function changesAt(value: unknown, where: string, walk: Walk): OneChange[] {
  const { put, signs } = walk;
  const inside = (wrap: (inner: unknown) => unknown): Walk => ({ signs, put: (inner) => put(wrap(inner)) });
  const here = (how: string, changed: unknown): OneChange => ({ where: `${where} ${how}`, changed: put(changed) });
  if (Array.isArray(value))
    return [
      ...changesOfList(value, here),
      ...value.flatMap((one, at) =>
        changesAt(
          one,
          `${where}[${at}]`,
          inside((inner) => (value as unknown[]).with(at, inner)),
        ),
      ),
    ];
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return [
      here('with a field that nobody knows', { ...value, zz_unknown: 'x' }),
      here('with a list that nobody knows', { ...value, zz_unknown: [{ a: 1 }] }),
      here('with an empty field that nobody knows', { ...value, zz_unknown: {} }),
      ...entries.map(([key]) => here(`without ${key}`, Object.fromEntries(entries.filter(([name]) => name !== key)))),
      ...entries.map(([key, inner]) =>
        here(
          `with ${key} renamed`,
          Object.fromEntries(entries.map((entry) => (entry[0] === key ? [`${key}\u200b`, inner] : entry))),
        ),
      ),
      ...entries.flatMap(([key, inner]) =>
        changesAt(
          inner,
          `${where}.${key}`,
          inside((next) => ({ ...value, [key]: next })),
        ),
      ),
    ];
  }
  return scalars(value, signs)
    .filter((other) => other !== value)
    .map((other) => here(`as ${JSON.stringify(other)}`, other));
}

function changesOfList(list: unknown[], here: (how: string, changed: unknown) => OneChange): OneChange[] {
  const [first, second, ...rest] = list;
  return [
    here('with a text more', [...list, 'zz-more']),
    here('with an empty text more', [...list, '']),
    ...list.map((_, at) => here(`without the entry ${at}`, list.toSpliced(at, 1))),
    ...list.map((one, at) => here(`with the entry ${at} twice`, [...list, one])),
    ...(list.length > 1 ? [here('with the first two exchanged', [second, first, ...rest])] : []),
  ];
}

/** Others of the same kind that a reader could take for it, and others of another kind that print alike. */
function scalars(value: unknown, signs: readonly string[]): unknown[] {
  if (typeof value === 'boolean') return [!value, String(value), value ? 'yes' : 'no', null];
  if (typeof value === 'number') return [value + 1, value * 1_000, String(value), null];
  if (typeof value !== 'string') return ['null', 'none'];
  const inside = Math.floor(value.length / 2);
  const with_ = (sign: string): string => value.slice(0, inside) + sign + value.slice(inside);
  return [
    `${value}x`,
    '',
    ` ${value}`,
    `${value} `,
    `"${value}"`,
    value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase(),
    ...signs.map(with_),
    null,
  ];
}

/** What a terminal obeys, what nobody sees, what reorders, what begins a line, and what looks like the words around it. */
export const hostile = [
  '\u0000',
  '\u001b[2J\u001b[1;1H',
  '\u009b2J',
  '\u001b]0;owned\u0007',
  '\r',
  '\n',
  '\nApproval\n  people  9\n',
  '\t',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u034f',
  '\u0301',
  '\u115f',
  '\u200b',
  '\u200f',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u2800',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\ufffa',
  '\ud800',
  '\u{e0041}',
  'א',
  'а',
  '\\',
  '\\n',
  '  ',
  ', ',
  ' → ',
  '"',
];
