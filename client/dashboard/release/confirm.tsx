import { useEffect, useId, useRef, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DecisionTaken, ReleaseView } from '../../../domain/contract/gateway.ts';
import { ask, part, Refusal } from '../gateway/ask.ts';
import { releaseQuestion } from '../gateway/questions.ts';
import type { Way } from '../words/ways.ts';

/** Asks once more, says what will happen, and sends the decision. The same press sent twice is one decision. */
export function Confirm({ view, way, close }: { view: ReleaseView; way: Way; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const [decisionId] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const title = useId();
  const needsReason = way.kind !== 'approve';
  const { releaseId, recorded } = view;
  const planHash = recorded?.planHash;
  const decision = useMutation({
    mutationFn: () =>
      ask<DecisionTaken>(`/v1/releases/${part(releaseId)}/decisions`, {
        ...{ decisionId, kind: way.kind, reason, channel: 'dashboard' },
        ...(planHash !== undefined && { planHash }),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: releaseQuestion(releaseId).queryKey });
      close();
    },
  });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          decision.mutate();
        }}
      >
        <h2 id={title}>{way.title}?</h2>
        {way.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <label className="field">
          Reason {needsReason ? '' : '(optional)'}
          <textarea value={reason} required={needsReason} maxLength={500} onChange={(e) => setReason(e.target.value)} />
        </label>
        {decision.error && <Refused error={decision.error} />}
        <div className="btns">
          <button type="submit" className="btn btn-main" disabled={decision.isPending}>
            {decision.isPending ? 'Sending…' : way.title}
          </button>
          <button type="button" className="btn" onClick={close}>
            Not now
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Refused({ error }: { error: Error }) {
  const next = error instanceof Refusal ? error.error.next : undefined;
  return (
    <p role="alert" className="tone" data-tone="stop">
      {error.message} {next}
    </p>
  );
}
