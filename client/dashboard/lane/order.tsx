import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { longestReason } from '../../../domain/longest-reason.ts';
import { ask, part } from '../gateway/ask.ts';
import { laneQuestion } from '../gateway/questions.ts';
import { Asking, Field, Reason } from '../parts/asking.tsx';
import { Command } from '../parts/command.tsx';
import { orderBody, orderCommand, orderedInWords, whoMayWay } from '../words/lane-ways.ts';
import type { LaneWay } from '../words/lane-ways.ts';

/** Says what will happen to the lane, and orders it. */
export function Order({ view, way, close }: { view: LaneView; way: LaneWay; close: () => void }) {
  const { service, environment } = view;
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<number>();
  const [ticket, setTicket] = useState('');
  const client = useQueryClient();
  const filled = { reason, until, ticket };
  const order = useMutation({
    mutationFn: () =>
      ask<LaneView>(`/v1/lanes/${part(service)}/${part(environment)}/${way.kind}`, orderBody(way, filled)),
    onSuccess: () => client.invalidateQueries({ queryKey: laneQuestion(service, environment).queryKey }),
  });
  return (
    <Asking
      title={way.title}
      sending={order}
      answered={order.data && orderedInWords(way, order.data)}
      send={() => order.mutate()}
      close={close}
    >
      {way.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {way.before !== undefined && <p className="ink-2">{way.before}</p>}
      {way.kind === 'freeze' && <Until set={setUntil} />}
      {way.kind === 'clear-ticket' && (
        <Field
          name="Ticket"
          hint="as the failure names it, such as 999.1"
          value={ticket}
          required
          pattern="\d+\.\d+"
          maxLength={25}
          onChange={({ target }) => setTicket(target.value)}
        />
      )}
      {way.kind !== 'tell' && <Reason isNeeded longest={longestReason.ofOrder} reason={reason} setReason={setReason} />}
      <p className="hint">{whoMayWay(way)}</p>
      <Command line={orderCommand(view, way, filled)} />
    </Asking>
  );
}

/** In the reader's zone. */
function Until({ set }: { set: (until: number | undefined) => void }) {
  return (
    <Field
      name="Until"
      hint="empty: until somebody lifts it"
      type="datetime-local"
      onChange={({ target }) => {
        const at = new Date(target.value).getTime();
        set(Number.isNaN(at) ? undefined : at);
      }}
    />
  );
}
