import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { typicalQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { duration } from '../words/times.ts';
import { timesOf, trackOf } from '../words/track.ts';
import type { TrackPart } from '../words/track.ts';

/** The way as one line: machines' time solid, people's waiting hatched. */
export function Track({ view }: { view: ReleaseView }) {
  const now = useNow();
  const { data: typical } = useQuery(typicalQuestion(view));
  const parts = trackOf(view, now, typical);
  const { machinesMs, peopleMs, laneMs } = timesOf(parts);
  const note = `machines ${duration(machinesMs)}, people ${duration(peopleMs)}, the lane ${duration(laneMs)} (hatched)`;
  return (
    <Panel title="The way so far" note={note}>
      <ol className="track">
        {parts.map((part, index) => (
          <Part key={`${part.name} ${index}`} part={part} />
        ))}
      </ol>
    </Panel>
  );
}

function Part({ part: { name, ms, tone, icon, waits, isNow, usual } }: { part: TrackPart }) {
  return (
    <li data-tone={tone} className={`${waits ? 'people ' : ''}w${widthOf(ms)}${isNow && !waits ? ' now' : ''}`}>
      <i />
      <b>
        <Icon name={icon} />
        {name}
      </b>
      <span>
        {duration(ms)}
        {usual !== undefined && <small className="usual"> {usual}</small>}
      </span>
    </li>
  );
}

/** Of four: what took long is seen as long, and what took seconds can be read. */
function widthOf(ms: number): 1 | 2 | 3 | 4 {
  if (ms < 10_000) return 1;
  if (ms < 60_000) return 2;
  return ms < 600_000 ? 3 : 4;
}
