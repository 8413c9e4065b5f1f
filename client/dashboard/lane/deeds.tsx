import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { deedsQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { Time } from '../parts/when.tsx';
import { deedsOf, nobodyIn } from '../words/lane-deeds.ts';
import { shortly } from '../words/times.ts';

/** What people did in this lane, by the audit, the newest first. */
export function Deeds({ lane: { service, environment } }: { lane: LaneKey }) {
  const now = useNow();
  const { data: ends, error } = useQuery({ ...deedsQuestion({ service, environment }), refetchInterval: 15_000 });
  const deeds = deedsOf((ends ?? []).flatMap(({ rows }) => rows));
  const audit = (
    <Link to="/audit" search={{ lane: laneInPath({ service, environment }) }}>
      Audit
    </Link>
  );
  return (
    <Panel title="Who did what" note={audit}>
      {!ends ? (
        <p className="body ink-2">{error ? `It cannot be shown: ${error.message}.` : 'Loading the audit …'}</p>
      ) : deeds.length === 0 ? (
        <p className="body ink-2">{nobodyIn(ends)}</p>
      ) : (
        <ol className="body votes">
          {deeds.map(({ key, at, who, did, reason, icon, tone }) => (
            <li key={key}>
              <span className="tone" data-tone={tone}>
                <Icon name={icon} />
              </span>
              <div>
                <b>{who}</b> {did}
                {reason !== undefined && <>: “{reason}”</>}
                <small>
                  <Time at={at}>{shortly(at, now)}</Time>
                </small>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
