import { useId, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DecisionTaken, ReleaseView } from '../../../domain/contract/gateway.ts';
import { ask, part } from '../gateway/ask.ts';
import { releaseQuestion } from '../gateway/questions.ts';
import { Command } from '../parts/command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/problem.tsx';
import type { Way } from '../words/ways.ts';
import { Targets } from './targets.tsx';

/** Says what will happen, and sends the decision. However often it is sent, it is one decision. */
export function Confirm({ view, way, close }: { view: ReleaseView; way: Way; close: () => void }) {
  const { releaseId, recorded } = view;
  const [reason, setReason] = useState('');
  const [decisionId] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
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
  const submit = (
    <button type="submit" className="btn btn-main" disabled={decision.isPending}>
      {decision.isPending ? 'Sending…' : way.title}
    </button>
  );
  return (
    <Dialog title={`${way.title}?`} submit={submit} close={close} onSubmit={() => decision.mutate()}>
      {way.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {way.regions?.map((region) => (
        <Targets key={region.region} of={region} />
      ))}
      <Reason isNeeded={way.kind !== 'approve'} reason={reason} setReason={setReason} />
      <Command line={`slipway ${way.kind === 'roll-back' ? 'rollback' : way.kind} ${releaseId}`} />
      {decision.error && <Refused error={decision.error} />}
    </Dialog>
  );
}

function Reason({
  isNeeded,
  reason,
  setReason,
}: {
  isNeeded: boolean;
  reason: string;
  setReason: (reason: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        Reason <span className="ink-3">({isNeeded ? 'kept in the audit' : 'optional'})</span>
      </label>
      <input
        id={id}
        value={reason}
        required={isNeeded}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
    </div>
  );
}
