import type { Following } from '../gateway/follow.ts';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/when.tsx';
import { clock } from '../words/times.ts';

/** What is shown may be old: since when, and that nothing depends on this page. */
export function Lost({ following: { state, at } }: { following: Following }) {
  if (state !== 'lost') return null;
  return (
    <div className="banner" data-tone="mute" role="status">
      <Icon name="offline" />
      <p>
        Showing the state of <Time at={at}>{clock(at)}</Time>, reconnecting. Releases go on without this page; buttons
        wait.
      </p>
    </div>
  );
}
