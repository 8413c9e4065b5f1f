const keptMs = 1_000;

/**
 * What is looked at once a second at most: whoever asks more often, strangers among them, gets the last answer, also where that is an error,
 * and costs neither Temporal nor the database anything.
 */
export function kept<Seen>(
  look: () => Promise<Seen>,
  clock: () => number = () => performance.now(),
): () => Promise<Seen> {
  let last: { at: number; seen: Promise<Seen> } | undefined;
  return () => {
    if (!last || clock() - last.at >= keptMs) last = { at: clock(), seen: look() };
    return last.seen;
  };
}
