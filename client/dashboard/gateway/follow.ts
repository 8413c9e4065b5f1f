import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { part } from './ask.ts';
import { releaseQuestion } from './questions.ts';

/** Whether what is shown is how it stands now. */
export interface Following {
  /** `over`: it has ended, nothing comes any more. */
  state: 'live' | 'lost' | 'over';
  /** When something last came, ms. */
  at: number;
}

/** Hears of each change of a run as the gateway tells it, and goes on where it was when a connection is lost. */
export function useFollowing(id: string): Following {
  const client = useQueryClient();
  const [following, setFollowing] = useState<Following>({ state: 'live', at: Date.now() });
  useEffect(() => {
    const events = new EventSource(`/v1/releases/${part(id)}/events`);
    const is = (state: Following['state']) => setFollowing({ state, at: Date.now() });
    events.addEventListener('release', ({ data }: MessageEvent<string>) => {
      client.setQueryData(releaseQuestion(id).queryKey, JSON.parse(data) as ReleaseView);
      is('live');
    });
    events.addEventListener('end', () => {
      is('over');
      events.close();
    });
    events.onopen = () => is('live');
    events.onerror = () => setFollowing((before) => ({ state: 'lost', at: before.at }));
    return () => events.close();
  }, [client, id]);
  return following;
}
