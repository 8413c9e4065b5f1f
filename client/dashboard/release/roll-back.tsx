import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReleaseView, RollbackPreview, StartedRelease } from '../../../domain/contract/gateway.ts';
import { ask } from '../gateway/ask.ts';
import { askAnew } from '../gateway/ask-anew.ts';
import { Asking, Reason } from '../parts/asking.tsx';
import { Command } from '../parts/command.tsx';
import { Targets } from './targets.tsx';
import { shortName } from '../../../domain/short-names.ts';
import { rollbackCommand, wayBackInWords, wayBackMeanwhile } from '../words/way-back.ts';
import { onHold } from '../words/ways.ts';

interface Asked {
  view: ReleaseView;
  /** As it is read here, and ordered. */
  preview: RollbackPreview;
  /** As it is by the records meanwhile. */
  now: { data: RollbackPreview | undefined; error: Error | null };
  close: () => void;
}

/** Orders what a run has ended with to be put back, by a run of its own. However often it is sent, it is one order. */
export function RollBack({ view, preview, now, close }: Asked) {
  const { releaseId } = view;
  const lines = wayBackInWords(preview, null)?.lines ?? [];
  const [reason, setReason] = useState('');
  const [decisionId] = useState(() => crypto.randomUUID());
  const client = useQueryClient();
  const order = useMutation({
    mutationFn: () => ask<StartedRelease>('/v1/rollbacks', { releaseId, decisionId, reason, channel: 'dashboard' }),
    onSuccess: () => askAnew(client, view),
  });
  const answered = order.data && (
    <>
      It was ordered, and goes before every release.{' '}
      <Link to="/runs/$" params={{ _splat: order.data.releaseId }}>
        How it goes on
      </Link>
    </>
  );
  return (
    <Asking
      title={`Roll back ${shortName(view)}`}
      sending={order}
      answered={answered}
      overtaken={order.isPending ? { says: [] } : wayBackMeanwhile(preview, now)}
      send={() => order.mutate()}
      close={close}
    >
      {[...lines, onHold].map((line) => (
        <p key={line}>{line}</p>
      ))}
      {preview.regions.map((region) => (
        <Targets key={region.region} of={region} />
      ))}
      <Reason isNeeded reason={reason} setReason={setReason} />
      <Command line={rollbackCommand(releaseId, reason)} />
    </Asking>
  );
}
