const usualMs = 1_000;

/**
 * What is looked at once a second (or in `forMs`) at most: whoever asks more often, strangers among them, gets the last answer, also where that is an error,
 * and costs neither Temporal nor the database anything.
 */
export function kept<Seen>(
  look: () => Promise<Seen>,
  clock: () => number = () => performance.now(),
  forMs = usualMs,
): () => Promise<Seen> {
  let last: { at: number; seen: Promise<Seen> } | undefined;
  return () => {
    if (!last || clock() - last.at >= forMs) last = { at: clock(), seen: look() };
    return last.seen;
  };
}
