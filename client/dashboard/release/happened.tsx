import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { Panel } from '../parts/panel.tsx';
import { Time } from '../parts/when.tsx';
import { clock } from '../words/times.ts';

/** The run's own log, the newest last. */
export function Happened({ view: { status } }: { view: ReleaseView }) {
  if (!status || status.log.length === 0) return null;
  return (
    <Panel title="What happened">
      <ol className="log" aria-live="polite">
        {status.log.map(({ at, line }, index) => (
          <li key={`${at} ${index}`}>
            <Time at={at}>{clock(at)}</Time>
            <span />
            <b />
            <p>{line}</p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
