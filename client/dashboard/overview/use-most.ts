import { useEffect, useRef, useState } from 'react';

/** As many as most windows show at once; a larger one asks for more as soon as it has drawn them. */
const first = 14;
const step = 25;

/**
 * How many of a long list are shown: what nobody has scrolled to costs nothing, neither when it is filtered nor when it is asked for again. `of`:
 * what is listed; another list begins at its top. `end`: of what stands below the list, which has more of it shown as soon as it is seen.
 */
export function useMost(of: string): {
  most: number;
  end: React.RefObject<HTMLButtonElement | null>;
  more: () => void;
} {
  const [shown, setShown] = useState({ of, most: first });
  const most = shown.of === of ? shown.most : first;
  const more = () => setShown({ of, most: most + step });
  const end = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!end.current) return;
    const seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) more();
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  });
  return { most, end, more };
}
