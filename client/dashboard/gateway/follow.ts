import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { standsOtherwise } from '../words/stands-otherwise.ts';
import { askAnew } from './ask-anew.ts';
import { part } from './ask.ts';
import { meQuestion, releaseQuestion } from './questions.ts';

/** Whether what is shown is how it stands now. */
export interface Following {
  /** `over`: it has ended, nothing comes any more. */
  state: 'live' | 'lost' | 'over';
  /** When something last came, ms. */
  at: number;
}

/** ms before a stream that was refused is asked for again. */
const againMs = 5_000;

/**
 * Hears of each change of a run as the gateway tells it, and goes on where it was when a connection is lost. Once it is known: nobody asks again and
 * again for what is not there. A page that nobody looks at follows nothing: browsers have few connections for all of them.
 */
export function useFollowing(id: string, isKnown: boolean): Following {
  const client = useQueryClient();
  const isSeen = useSeen();
  const [following, setFollowing] = useState<Following>({ state: 'live', at: Date.now() });
  useEffect(() => {
    if (!isKnown || !isSeen) return;
    const { queryKey } = releaseQuestion(id);
    const is = (state: Following['state']) => setFollowing({ state, at: Date.now() });
    const may = (state: Following['state']) => setFollowing(({ at }) => ({ state, at }));
    let again: ReturnType<typeof setTimeout> | undefined;
    const follow = (): EventSource => {
      const events = new EventSource(`/v1/releases/${part(id)}/events`);
      events.addEventListener('release', ({ data }: MessageEvent<string>) => {
        // An answer that was asked for before says less.
        void client.cancelQueries({ queryKey, exact: true });
        const now = JSON.parse(data) as ReleaseView;
        if (standsOtherwise(client.getQueryData(queryKey), now)) askAnew(client, now);
        client.setQueryData(queryKey, now);
        is('live');
      });
      // What is shown is as new as it was: of a run that stands still nothing comes behind it.
      events.onopen = () => may('live');
      events.addEventListener('trouble', () => may('lost'));
      events.addEventListener('end', () => {
        is('over');
        events.close();
      });
      events.onerror = () => {
        may('lost');
        if (events.readyState !== EventSource.CLOSED) return;
        // A browser comes back by itself to what was cut off, and not to what was refused: a session may be over.
        void client.invalidateQueries({ queryKey: meQuestion.queryKey });
        again = setTimeout(() => (open = follow()), againMs);
      };
      return events;
    };
    let open = follow();
    return () => {
      clearTimeout(again);
      open.close();
    };
  }, [client, id, isKnown, isSeen]);
  return following;
}

function useSeen(): boolean {
  const [isSeen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setSeen(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isSeen;
}
