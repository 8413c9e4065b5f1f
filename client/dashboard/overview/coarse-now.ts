import { useEffect, useState } from 'react';

const everyMs = 20_000;

/** The time, a few times a minute: a thousand cells that say how old something is need no more. */
export function useCoarseNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(ticking);
  }, []);
  return now;
}
