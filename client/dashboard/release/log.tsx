import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { LogName } from '../../../domain/contract/kept-evidence.ts';
import { visible } from '../../../domain/visible.ts';
import { evidenceLogQuestion } from '../gateway/questions.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { sizeInWords } from '../words/evidence.ts';
import { logInLines } from '../words/lines.ts';

/** A log: asked for when somebody opens it. */
export function Log({ releaseId, log: { of, bytes } }: { releaseId: string; log: LogName }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="kept-log" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Log {visible(of)} <small className="ink-3">{sizeInWords(bytes)}</small>
      </summary>
      {isOpen && <Text releaseId={releaseId} of={of} />}
    </details>
  );
}

function Text({ releaseId, of }: { releaseId: string; of: string }) {
  const { data, error } = useQuery(evidenceLogQuestion(releaseId, of));
  if (error) return <Problem of={`The log ${visible(of)}`} error={error} />;
  if (!data) return <Loading of="the log" />;
  return (
    <>
      {data.leftOut !== undefined && (
        <p className="small ink-3">Its end is shown; {sizeInWords(data.leftOut)} before it are left out.</p>
      )}
      <pre className="pod kept" tabIndex={0} aria-label={`Log ${visible(of)}`}>
        {logInLines(data.text)}
      </pre>
    </>
  );
}
