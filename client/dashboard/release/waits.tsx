import type { PlanView } from '../../../domain/contract/gateway.ts';
import type { WaitingFor } from '../../../domain/contract/status.ts';
import { useNow } from '../parts/now.ts';
import { Time } from '../parts/when.tsx';
import { duration, shortly } from '../words/times.ts';

/** For whom it waits, until when, what follows when nobody decides, and by what rule. */
export function Waits({ waiting, plan }: { waiting: WaitingFor; plan: PlanView | undefined }) {
  const now = useNow();
  const { who, until, what } = waiting;
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
            <Time at={until}>{shortly(until, now)}</Time> <span>{duration(until - now)} left</span>
          </dd>
        </div>
      )}
      {waiting.decisions?.includes('accept-failure') && (
        <div>
          <dt>If nobody decides</dt>
          <dd>
            ends halted <span>and nothing more changes</span>
          </dd>
        </div>
      )}
      {waiting.decisions?.includes('approve') && (
        <div>
          <dt>If nobody decides</dt>
          <dd>
            expires <span>and nothing is changed</span>
          </dd>
        </div>
      )}
      {waiting.decisions?.includes('roll-back') && plan && (
        <div>
          <dt>Held by</dt>
          <dd>
            plan <code>onFailure: {plan.onFailure.partial}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}
