import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DecisionTaken, PlanView, ReleaseView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { decisionCommands } from '../../../domain/decision-commands.ts';
import { ask, part } from '../gateway/ask.ts';
import { askAnew } from '../gateway/ask-anew.ts';
import { meQuestion, releaseQuestion } from '../gateway/questions.ts';
import { Asking, Reason } from '../parts/asking.tsx';
import { Command } from '../parts/command.tsx';
import { answeredInWords, isShown } from '../words/answered.ts';
import { meanwhileOf } from '../words/meanwhile.ts';
import type { Way } from '../words/ways.ts';
import { Signed } from './signed.tsx';
import { Targets } from './targets.tsx';

/** Says what will happen, and sends the decision. However often it is sent, it is one decision. */
interface Asked {
  view: ReleaseView;
  way: Way;
  /** The plan that is shown. */
  planHash: string | undefined;
  plan: PlanView | undefined;
  /** What is verified there; undefined until it is known. */
  beside: VerifiedBeside | undefined;
  /** What is verified in each place; undefined until it is known. */
  before: ReadonlyMap<string, string> | undefined;
  /** The run as it was when this was asked. */
  then: ReleaseView;
  /** Why this cannot be decided now by whoever was asked. */
  whyNot: string | undefined;
  close: () => void;
}

export function Confirm({ view, way, planHash, plan, beside, before, then, whyNot, close }: Asked) {
  const { releaseId } = view;
  const [reason, setReason] = useState('');
  const [decisionId] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const { data: me } = useQuery(meQuestion);
  const decision = useMutation({
    mutationFn: () =>
      ask<DecisionTaken>(`/v1/releases/${part(releaseId)}/decisions`, {
        ...{ decisionId, kind: way.kind, reason, channel: 'dashboard' },
        ...(planHash !== undefined && { planHash }),
      }),
    onSuccess: () => {
      askAnew(client, view);
      return client.invalidateQueries({ queryKey: releaseQuestion(releaseId).queryKey });
    },
  });
  // What is on its way is not overtaken by what it does itself.
  const meanwhile = decision.isPending ? { says: [] } : meanwhileOf(view, { kind: way.kind, then, planHash });
  return (
    <Asking
      title={way.title}
      sending={decision}
      answered={decision.data && answeredInWords(decision.data)}
      isShown={isShown(decision.data, { now: view, then, kind: way.kind, me: me?.id })}
      overtaken={{ says: meanwhile.says, why: meanwhile.why ?? whyNot }}
      send={() => decision.mutate()}
      close={close}
    >
      {way.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {way.kind === 'approve' && plan && beside && planHash !== undefined && (
        <Signed plan={plan} beside={beside} before={before} hash={planHash} />
      )}
      {way.regions?.map((region) => (
        <Targets key={region.region} of={region} />
      ))}
      <Reason isNeeded={way.kind !== 'approve'} reason={reason} setReason={setReason} />
      {decisionCommands(releaseId, [way.kind]).map((line) => (
        <Command key={line} line={way.kind === 'approve' ? `${line} --plan ${planHash}` : line} />
      ))}
    </Asking>
  );
}
