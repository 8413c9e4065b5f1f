import { Link } from '@tanstack/react-router';
import { plural } from '../../cli/words.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { pipsOf } from '../words/standing.ts';
import type { Line } from '../words/standing.ts';
import { duration } from '../words/times.ts';

/** Everything else that is open: what it does now, how far it is, and for how long it has been open. */
export function Running({ lines, isMore }: { lines: readonly Line[]; isMore: boolean }) {
  if (lines.length === 0 && !isMore) return null;
  const note = isMore ? 'the newest, there are more' : plural(lines.length, 'run');
  return (
    <Panel title="Running" note={note}>
      <ul className="runs">
        {lines.map((line) => (
          <Item key={line.run.releaseId} line={line} />
        ))}
      </ul>
    </Panel>
  );
}

function Item({ line }: { line: Line }) {
  const { run, shown, says, beside } = line;
  const { releaseId, service, environment, startedAt, undoes } = run;
  // What it does mostly begins with that word.
  const isSaid = `${says}${beside}`.toLowerCase().startsWith(shown.word);
  return (
    <li data-tone={shown.tone} data-row>
      <Icon name={shown.icon} />
      <Link to="/runs/$" params={{ _splat: releaseId }}>
        {service} → {environment}
        {undoes && <span className="vh"> (rollback)</span>}
      </Link>
      <p title={`${says} ${beside}`.trim()}>
        <span className={isSaid ? 'vh' : 'tone'}>{shown.word}</span> {says} {beside}
      </p>
      <span className="pips" aria-hidden="true">
        {pipsOf(run).map(({ stage, is }) => (
          <i key={stage} className={is} />
        ))}
      </span>
      <small>
        <Lasting since={startedAt} />
      </small>
    </li>
  );
}

function Lasting({ since }: { since: number }) {
  const now = useNow();
  return <>{duration(Math.max(0, now - since))}</>;
}
