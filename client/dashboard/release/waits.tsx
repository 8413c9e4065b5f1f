import type { WaitingFor } from '../../../domain/contract/status.ts';
import { useNow } from '../parts/now.ts';
import { Time } from '../parts/when.tsx';
import { duration, shortly } from '../words/times.ts';
import { ifNobodyDecides } from '../words/waits.ts';

/** For whom it waits, until when, and what follows when nobody decides. */
export function Waits({ waiting: { who, until, what, decisions = [] } }: { waiting: WaitingFor }) {
  const now = useNow();
  const end = ifNobodyDecides(decisions);
  return (
    <dl className="waits">
      <div>
        <dt>Waits for</dt>
        <dd>
          {who} <span>{what}</span>
        </dd>
      </div>
      {until !== undefined && (
        <div>
          <dt>Until</dt>
          <dd>
            <Time at={until}>{shortly(until, now)}</Time>{' '}
            <span>{until > now ? `${duration(until - now)} left` : 'the time is over'}</span>
          </dd>
        </div>
      )}
      {end !== undefined && (
        <div>
          <dt>If nobody decides</dt>
          <dd>
            {end.what} <span>{end.means}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
