import { Refusal } from '../gateway/ask.ts';
import { clock } from '../words/times.ts';
import { Icon } from './icon.tsx';
import { Problem } from './problem.tsx';
import { Time } from './when.tsx';

/**
 * What is shown was asked again, and no answer came: since when it is as it is shown, and that nothing depends on this page. What the gateway refuses
 * is told as it says it. `of`: a question, as it stands.
 */
export function Stale({ of, what }: { of: { error: Error | null; dataUpdatedAt: number }; what: string }) {
  const { error, dataUpdatedAt: at } = of;
  if (!error) return null;
  // Of what never came nothing is shown.
  if (!(error instanceof Refusal) || error.status > 0 || at === 0) return <Problem of={what} error={error} />;
  return <ShownAsOf at={at} />;
}

/** `at`: when what is shown last was so, ms. */
export function ShownAsOf({ at }: { at: number }) {
  return (
    <div className="banner" data-tone="mute" role="status">
      <Icon name="offline" />
      <p>
        <b>
          Showing the state of <Time at={at}>{clock(at)}</Time>, reconnecting.
        </b>{' '}
        Releases go on without this page; buttons wait.
      </p>
    </div>
  );
}
