import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
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

/** Hears of each change of a run as the gateway tells it, and goes on where it was when a connection is lost. */
export function useFollowing(id: string): Following {
  const client = useQueryClient();
  const [following, setFollowing] = useState<Following>({ state: 'live', at: Date.now() });
  useEffect(() => {
    const is = (state: Following['state']) => setFollowing({ state, at: Date.now() });
    const follow = (): EventSource => {
      const events = new EventSource(`/v1/releases/${part(id)}/events`);
      events.addEventListener('release', ({ data }: MessageEvent<string>) => {
        client.setQueryData(releaseQuestion(id).queryKey, JSON.parse(data) as ReleaseView);
        is('live');
      });
      // It cannot be looked at for a while: what is shown is older than that.
      events.addEventListener('trouble', () => setFollowing((before) => ({ state: 'lost', at: before.at })));
      events.addEventListener('end', () => {
        is('over');
        events.close();
      });
      events.onerror = () => {
        setFollowing((before) => ({ state: 'lost', at: before.at }));
        if (events.readyState === EventSource.CLOSED) refused();
      };
      return events;
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    let events = follow();
    // A browser comes back by itself to what was cut off, and not to what was refused: a session may be over.
    const refused = () => {
      void client.invalidateQueries({ queryKey: meQuestion.queryKey });
      again = setTimeout(() => (events = follow()), againMs);
    };
    return () => {
      clearTimeout(again);
      events.close();
    };
  }, [client, id]);
  return following;
}
