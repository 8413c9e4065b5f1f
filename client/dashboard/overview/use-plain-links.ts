import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Where a lane has its page. */
export function lanePath(service: string, environment: string): string {
  return `/lanes/${encodeURIComponent(service)}/${encodeURIComponent(environment)}`;
}

/**
 * Follows plain links of whatever it stands on without the page being loaded anew. The router's own look at the address whenever that changes, each
 * of them: of a thousand in a table that takes longer than all the rest.
 */
export function usePlainLinks(): (event: React.MouseEvent) => void {
  const { history } = useRouter();
  return useCallback(
    (event) => {
      const isOther = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
      const path = event.target instanceof Element ? event.target.closest('a')?.getAttribute('href') : undefined;
      if (isOther || event.defaultPrevented || !path?.startsWith('/')) return;
      event.preventDefault();
      history.push(path);
    },
    [history],
  );
}
