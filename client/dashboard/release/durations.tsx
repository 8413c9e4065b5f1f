import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { typicalQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { durationsOf } from '../words/track.ts';
import { duration } from '../words/times.ts';
import { plural } from '../../cli/words.ts';

/** How long each stage took here, beside the last runs of this lane: people's waiting apart. */
export function Durations({ view }: { view: ReleaseView }) {
  const now = useNow();
  const { data: typical } = useQuery(typicalQuestion(view));
  const rows = durationsOf(view, now, typical);
  if (rows.length === 0 || !typical || typical.runs === 0) return null;
  return (
    <Panel title="How long it takes" note={`beside ${plural(typical.runs, 'verified run')}`}>
      <div className="body">
        <table className="targets">
          <thead className="vh">
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">This run, and usually</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, ms, usual, waits, isSlow }) => (
              <tr key={name} className={waits ? 'sum' : undefined} {...(isSlow && { 'data-tone': 'ask' })}>
                <th scope="row">{name}</th>
                <td>
                  <b>{duration(ms)}</b>
                  {usual !== undefined && <span className="ink-3"> {usual}</span>}
                  {isSlow && (
                    <>
                      <br />
                      <span className="small tone">
                        <Icon name="warn" /> slower than usual
                      </span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
