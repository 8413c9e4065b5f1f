import { useId, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DecisionTaken, ReleaseView } from '../../../domain/contract/gateway.ts';
import { decisionCommands } from '../../../domain/decision-commands.ts';
import { visible } from '../../../domain/visible.ts';
import { ask, part } from '../gateway/ask.ts';
import { releaseQuestion } from '../gateway/questions.ts';
import { Command } from '../parts/command.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/problem.tsx';
import { meanwhileOf } from '../words/meanwhile.ts';
import type { Way } from '../words/ways.ts';
import { Targets } from './targets.tsx';

/** Says what will happen, and sends the decision. However often it is sent, it is one decision. */
interface Asked {
  view: ReleaseView;
  way: Way;
  /** The plan that is shown. */
  planHash: string | undefined;
  /** The run as it was when this was asked. */
  then: ReleaseView;
  /** Why nothing can be decided now, whatever it is. */
  whyNot: string | undefined;
  close: () => void;
}

export function Confirm({ view, way, planHash, then, whyNot, close }: Asked) {
  const { releaseId } = view;
  const [reason, setReason] = useState('');
  const [decisionId] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const decision = useMutation({
    mutationFn: () =>
      ask<DecisionTaken>(`/v1/releases/${part(releaseId)}/decisions`, {
        ...{ decisionId, kind: way.kind, reason, channel: 'dashboard' },
        ...(planHash !== undefined && { planHash }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: releaseQuestion(releaseId).queryKey }),
  });
  // What is on its way is not overtaken by what it does itself.
  const meanwhile = decision.isPending ? { says: [] } : meanwhileOf(view, { kind: way.kind, then, planHash });
  const why = meanwhile.why ?? whyNot;
  const submit = (
    <button type="submit" className="btn btn-main" disabled={decision.isPending || why !== undefined}>
      {decision.isPending ? 'Sending…' : way.title}
    </button>
  );
  // What was answered is read before the dialog goes: it may count though the run says otherwise, or take effect later.
  if (decision.data) return <Answered title={way.title} message={decision.data.message} close={close} />;
  return (
    <Dialog
      title={`${way.title}?`}
      isSending={decision.isPending}
      submit={submit}
      close={close}
      onSubmit={() => decision.mutate()}
    >
      {way.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {way.regions?.map((region) => (
        <Targets key={region.region} of={region} />
      ))}
      <Reason isNeeded={way.kind !== 'approve'} reason={reason} setReason={setReason} />
      {decisionCommands(releaseId, [way.kind]).map((line) => (
        <Command key={line} line={way.kind === 'approve' ? `${line} --plan ${planHash}` : line} />
      ))}
      {decision.error && <Refused error={decision.error} />}
      <Overtaken says={[...meanwhile.says, ...(why === undefined ? [] : [why])]} isOver={why !== undefined} />
    </Dialog>
  );
}

/** What others have done since this was asked: told before the click. */
function Overtaken({ says, isOver }: { says: string[]; isOver: boolean }) {
  return (
    <div role="status">
      {says.length > 0 && (
        <p className="tone" data-tone={isOver ? 'stop' : 'ask'}>
          {says.map(visible).join(' ')}
        </p>
      )}
    </div>
  );
}

function Answered({ title, message, close }: { title: string; message: string; close: () => void }) {
  const submit = (
    <button type="submit" className="btn btn-main">
      Close
    </button>
  );
  return (
    <Dialog title={`${title}: sent`} isSending submit={submit} close={close} onSubmit={close}>
      <p role="status">{message}</p>
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
