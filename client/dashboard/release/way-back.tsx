import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { wayBackQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { RollBack } from './roll-back.tsx';
import { wayBackInWords } from '../words/way-back.ts';

/** What would follow if this run was rolled back, by the records as they are now. Of one that is open it is decided on its page. */
export function WayBack({ view }: { view: ReleaseView }) {
  const { data, error } = useQuery({ ...wayBackQuestion(view.releaseId), retry: false });
  const [isAsked, setAsked] = useState(false);
  const shown = wayBackInWords(data, error);
  return (
    <Panel title={`If ${shortName(view)} was rolled back`}>
      {isAsked && data && shown && (
        <RollBack view={view} preview={data} lines={shown.lines} close={() => setAsked(false)} />
      )}
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
            <button type="button" className="btn" onClick={() => setAsked(true)}>
              <Icon name="rollback" />
              Roll back {shortName(view)}…
            </button>
          </div>
        )}
      </div>
    </Panel>
  );
}
