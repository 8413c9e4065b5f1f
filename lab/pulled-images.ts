/** What is known of an image: not yet, that the registry has none of that name, or what it is. */
export type Pulled<What> = { kind: 'pulling' } | { kind: 'not-found' } | { kind: 'pulled'; what: What };

/** How long "there is no such image" counts, and the pause after a try that told nothing. A kubelet, too, asks again and again. */
const askAgainMs = 500;

/**
 * Images as a node sees them. `look` answers undefined when there is no such image, and throws when that cannot be told. Only what was
 * found is kept for good: an image may be pushed a moment later, and a registry that failed once answers the next time.
 */
export function pulledImages<What>(look: (image: string) => Promise<What | undefined>, now: () => number = Date.now) {
  const known = new Map<string, { pulled: Pulled<What>; askAgainAt: number }>();
  const pull = async (image: string, before: Pulled<What>) => {
    known.set(image, { pulled: before, askAgainAt: Infinity });
    const pulled = await look(image).then(
      (what): Pulled<What> => (what === undefined ? { kind: 'not-found' } : { kind: 'pulled', what }),
      () => before,
    );
    known.set(image, { pulled, askAgainAt: pulled.kind === 'pulled' ? Infinity : now() + askAgainMs });
  };
  return (image: string): Pulled<What> => {
    const entry = known.get(image);
    const pulled = entry?.pulled ?? { kind: 'pulling' };
    if (entry === undefined || now() >= entry.askAgainAt) void pull(image, pulled);
    return pulled;
  };
}
