/** Lets so many works go on at once; the others wait for their turn, in order. */
export function inTurn(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let atWork = 0;
  const waiting = new Set<() => void>();
  return async (work) => {
    if (atWork >= most) await new Promise<void>((go) => waiting.add(go));
    else atWork += 1;
    try {
      return await work();
    } finally {
      // Whoever comes next takes over the place, so that nobody gets in between.
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else atWork -= 1;
    }
  };
}
