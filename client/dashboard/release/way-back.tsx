import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { wayBackQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { RollBack } from './roll-back.tsx';
import { wayBackInWords } from '../words/way-back.ts';

const often = { retry: false, refetchInterval: 10_000 };

/** What would follow if this run was rolled back, by the records as they are now. Of one that is open it is decided on its page. */
export function WayBack({ view }: { view: ReleaseView }) {
  const { data, error, refetch } = useQuery({ ...wayBackQuestion(view.releaseId), ...often });
  const [asked, setAsked] = useState<RollbackPreview>();
  const [isReading, setReading] = useState(false);
  const shown = wayBackInWords(data, error);
  // What is asked is of this moment: what stands on the page may be older.
  const read = async () => {
    setReading(true);
    const now = await refetch();
    setReading(false);
    if (wayBackInWords(now.data, now.error)?.isEligible) setAsked(now.data);
  };
  return (
    <Panel title={`If ${shortName(view)} was rolled back`}>
      {asked && <RollBack view={view} preview={asked} now={{ data, error }} close={() => setAsked(undefined)} />}
      <div className="body stack">
        {!shown ? (
          <p className="ink-2">What it would go back to is being asked.</p>
        ) : (
          <>
            <p className="tone" data-tone={shown.isEligible ? 'good' : 'ask'}>
              <Icon name={shown.isEligible ? 'pass' : 'warn'} />{' '}
              {shown.isEligible ? 'Possible now' : 'Not possible now'}
            </p>
            {shown.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </>
        )}
        {shown?.isEligible && view.open && (
          <p>
            <Link to="/runs/$" params={{ _splat: view.releaseId }}>
              Decide on the page of {shortName(view)}
            </Link>
          </p>
        )}
        {shown?.isEligible && !view.open && (
          <div className="btns">
            <button type="button" className="btn" disabled={isReading} onClick={() => void read()}>
              <Icon name="rollback" />
              Roll back {shortName(view)}…
            </button>
          </div>
        )}
      </div>
    </Panel>
  );
}
