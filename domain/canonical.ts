/**
 * The same text in parts of about that many characters, for whoever does something else between them. It is made as it is asked for: what it is of must
 * not change meanwhile.
 */
export function* canonicalSlices(value: unknown, characters = 50_000): Generator<string> {
  let text = '';
  const open: { rest: Iterator<[string, unknown]>; end: string; isFirst: boolean }[] = [];
  const begin = (one: unknown) => {
    if (one === null || typeof one !== 'object') text += canonicalJson(one);
    else if (Array.isArray(one)) {
      text += '[';
      open.push({ rest: itemsOf(one), end: ']', isFirst: true });
    } else {
      text += '{';
      open.push({ rest: fieldsOf(one), end: '}', isFirst: true });
    }
  };
  begin(value);
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const next = last.rest.next();
    if (next.done) {
      text += last.end;
      open.pop();
    } else {
      const [name, inner] = next.value;
      text += `${last.isFirst ? '' : ','}${name}`;
      last.isFirst = false;
      begin(inner);
    }
    if (text.length < characters) continue;
    yield text;
    text = '';
  }
  yield text;
}

function* itemsOf(list: readonly unknown[]): Generator<[string, unknown]> {
  for (const one of list) yield ['', one];
}

function* fieldsOf(value: object): Generator<[string, unknown]> {
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) yield [`${JSON.stringify(key)}:`, inner];
  }
}

/**
 * JSON in one form only: keys sorted, no spaces, `undefined` left out. Hashes and signatures are made over this text,
 * so that two machines that mean the same thing say the same bytes.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} has no JSON form`);
    return JSON.stringify(value) ?? 'null';
  }
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one)).join(',')}]`;
  // Built in one go: every step of every release makes this text of its plan.
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}
