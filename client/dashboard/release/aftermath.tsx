import { Link } from '@tanstack/react-router';
import type { LaneView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { isOnHold, staysInSchema } from '../words/aftermath.ts';

/** What an end leaves to be done, and to be known: what is over is read by somebody who asks what comes next. */
export function Aftermath({ view, lane }: { view: ReleaseView; lane: LaneView | undefined }) {
  const now = useNow();
  const { service, environment } = view;
  const stays = staysInSchema(view);
  return (
    <>
      {isOnHold(view, lane, now) && (
        <div className="banner" data-tone="stop">
          <Icon name="lock" />
          <p>
            <b>The lane is on hold.</b> Nothing new begins there until whoever may approve, or is on call, has looked
            and clears it.
          </p>
          <Link className="btn" to="/lanes/$service/$environment" params={{ service, environment }}>
            Look at the lane
          </Link>
        </div>
      )}
      {stays.length > 0 && (
        <div className="banner" data-tone="mute">
          <Icon name="database" />
          <p>
            <b>Schemas do not go back.</b> What was done to {stays.join('; ')} stays.
          </p>
        </div>
      )}
    </>
  );
}
