import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { Icon } from '../parts/icon.tsx';
import { Lines } from '../parts/lines.tsx';
import { Panel } from '../parts/panel.tsx';
import { Time } from '../parts/when.tsx';
import { logOf } from '../words/log.ts';
import type { LogLine } from '../words/log.ts';
import { clock } from '../words/times.ts';

/** The run's own log, the newest last. */
export function Happened({ view, status }: { view: ReleaseView; status: ReleaseStatus }) {
  const lines = logOf(status, view.open);
  if (lines.length === 0) return null;
  return (
    <Panel title="What happened">
      <ol className="log" aria-live="polite">
        {lines.map((line, index) => (
          <Line key={`${line.at} ${index}`} line={line} />
        ))}
      </ol>
    </Panel>
  );
}

function Line({ line: { at, line, stage, isLoud } }: { line: LogLine }) {
  return (
    <li {...(isLoud && { 'data-tone': 'stop', className: 'loud' })}>
      <Time at={at}>{clock(at)}</Time>
      {stage ? <Icon name={stage.icon} /> : <span />}
      <b>{stage?.word.replace('waiting for ', '')}</b>
      <p>
        <Lines text={line} />
      </p>
    </li>
  );
}
