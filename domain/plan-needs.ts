/**
 * What a plan may say that changes what its release does, and that processes of before know nothing of: by the name under which the plan asks for
 * it, and where it says it, in the entries of one of its lists. A name stays for good; whoever adds such a key adds it here.
 */
const understood: Readonly<Record<string, { list: 'components' | 'regions'; at: readonly string[] }>> = {
  'regions-of-components': { list: 'components', at: ['regions'] },
  'smoke-tests': { list: 'regions', at: ['smoke'] },
  'components-environment': { list: 'components', at: ['delivery', 'env'] },
  'promoted-images': { list: 'components', at: ['promoted'] },
};

/** Of what was read alone: in a plan their verdicts stand among the others. Whoever does not know of them makes one without having asked for them. */
const namedGates = 'named-gates';

/** What must be understood of what slipway.yaml and the policy say, before there is a plan. */
export function needsOfRead(spec: { gates?: readonly string[] }): string[] {
  return [...needsOf(spec), ...(spec.gates?.length ? [namedGates] : [])];
}

/** The names of all that a process must understand to carry out what this says: a plan, or parts of one. */
export function needsOf(said: unknown): string[] {
  return Object.entries(understood).flatMap(([name, { list, at }]) =>
    entriesOf(said, list).some((entry) => at.reduce(fieldOf, entry) !== undefined) ? [name] : [],
  );
}

/** What is asked for, and this process does not understand: it would carry it out as if it were not there. */
export function notUnderstood({ needs = [] }: { needs?: unknown }): string[] {
  if (!isNames(needs)) return ['what it needs'];
  return needs.filter((name) => name !== namedGates && !Object.hasOwn(understood, name));
}

function entriesOf(said: unknown, list: string): unknown[] {
  const entries = fieldOf(said, list);
  return Array.isArray(entries) ? entries : [];
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** Another login has written it: what is no text may be anything, also as a text. */
function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
