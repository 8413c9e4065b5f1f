import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { longestReason } from '../../../domain/longest-reason.ts';
import { ask, part } from '../gateway/ask.ts';
import { askAnew } from '../gateway/ask-anew.ts';
import { laneQuestion } from '../gateway/questions.ts';
import { Asking, Field, Reason } from '../parts/asking.tsx';
import { Command } from '../parts/command.tsx';
import type { LaneNow } from '../words/lane-now.ts';
import { isAllSo, orderBody, orderCommand, orderedInWords, wayNow, whoMayWay } from '../words/lane-ways.ts';
import type { LaneWay } from '../words/lane-ways.ts';
import type { Ordering } from './use-ordering.ts';

interface Asked {
  view: LaneView;
  lane: LaneNow;
  ordering: Ordering;
  /** As it was when somebody was asked. */
  asked: LaneWay;
}

/** Says what will happen to the lane as it is now, and orders it. */
export function Order({ view, lane, ordering, asked }: Asked) {
  const { service, environment } = view;
  const now = wayNow(view, lane, asked);
  const { way } = now;
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<number>();
  const [ticket, setTicket] = useState('');
  const client = useQueryClient();
  const filled = { reason, until, ticket };
  const order = useMutation({
    mutationFn: () =>
      ask<LaneView>(`/v1/lanes/${part(service)}/${part(environment)}/${way.kind}`, orderBody(way, filled)),
    onSuccess: (answer) => {
      // What is closed by it is shown before this closes; of an answer that leaves things out nothing is.
      if (answer.untold === undefined) client.setQueryData(laneQuestion(service, environment).queryKey, answer);
      askAnew(client, view);
    },
  });
  // What is on its way is not overtaken by what it does itself.
  return (
    <Asking
      title={way.title}
      sending={order}
      answered={order.data && orderedInWords(way, order.data)}
      isShown={order.data && isAllSo(way, order.data)}
      overtaken={order.isPending ? { says: [] } : { says: now.says, why: now.why ?? ordering.whyNot(asked.kind) }}
      send={() => order.mutate()}
      close={ordering.close}
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
