import { visible } from '../../../domain/visible.ts';
import { nextOf } from '../gateway/ask.ts';
import { withStop } from '../words/with-stop.ts';
import { Icon } from './icon.tsx';

/** What cannot be shown, why, and the next step. */
export function Problem({ of, error }: { of: string; error: Error }) {
  const next = nextOf(error);
  return (
    <section className="verdict" data-tone="mute" role="alert">
      <div className="say">
        <Icon name="unknown" large />
        <div>
          <h2>{of} cannot be shown.</h2>
          <p>{withStop(error.message)}</p>
          {next !== undefined && <p>{visible(next)}</p>}
        </div>
      </div>
    </section>
  );
}

/** What is not there yet, or why it does not come. `of`: `The lane`. */
export function NotYet({ of, error }: { of: string; error: Error | null }) {
  return error ? <Problem of={of} error={error} /> : <Loading of={of.charAt(0).toLowerCase() + of.slice(1)} />;
}

export function Loading({ of }: { of: string }) {
  return (
    <p className="ink-3" role="status">
      Loading {of} …
    </p>
  );
}

/** Why what somebody wanted was not done, and the next step. */
export function Refused({ error }: { error: Error }) {
  const next = nextOf(error);
  return (
    <p role="alert" className="tone" data-tone="stop">
      {withStop(error.message)} {next !== undefined && visible(next)}
    </p>
  );
}
