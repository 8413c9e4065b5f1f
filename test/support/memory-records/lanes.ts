import type { OwnLaneMemory, Records, Stored, StoredOrder } from '../../../activities/records/port.ts';
import type { LaneHold } from '../../../domain/contract/lane.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { Ticket } from '../../../domain/contract/release.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { answering, copy, laneName, requireReadable, same, storable } from './stored.ts';
import type { Clock } from './stored.ts';

export function memoryLanes(clock: Clock): Records['lanes'] & { ticketIn(lane: LaneKey): Ticket | undefined } {
  type Lane = OwnLaneMemory & {
    incarnation: number;
    sequence: number;
    runId: string;
    heldSince: number;
    granted: number;
  };
  const all = new Map<string, Lane>();
  const runs = new Map<string, string[]>();
  const memoryOf = ({ holder, waiting }: Lane): OwnLaneMemory => ({
    ...(holder && { holder }),
    waiting,
  });
  const heldBy = (known: Lane | undefined) => known?.holder && { ...known.holder, heldSince: known.heldSince };
  return {
    ticketIn: (lane) => all.get(laneName(lane))?.holder?.ticket,
    begin: answering((lane, runId) => {
      const name = laneName(lane);
      const begun = runs.get(name) ?? [];
      if (!begun.includes(runId)) runs.set(name, [...begun, runId]);
      const incarnation = runs.get(name)!.indexOf(runId) + 1;
      const known = all.get(name) ?? {
        incarnation: 0,
        sequence: 0,
        runId,
        waiting: [],
        heldSince: clock(),
        granted: 0,
      };
      if (known.incarnation < incarnation) Object.assign(known, { incarnation, sequence: 0, runId, granted: 0 });
      all.set(name, known);
      const sequence = known.incarnation === incarnation ? known.sequence : 0;
      return { incarnation, sequence, ...memoryOf(known) };
    }),
    remember: answering((lane, memory, { incarnation, sequence, runId }) => {
      const known = all.get(laneName(lane));
      if (known?.incarnation !== incarnation) return false;
      if (known.sequence !== sequence - 1) return known.sequence === sequence && known.runId === runId;
      const { holder, waiting } = copy(memory);
      const isHeldOn = holder && known.holder && same(holder.ticket, known.holder.ticket);
      const own = holder?.ticket.incarnation === incarnation ? holder.ticket.n : undefined;
      if (own !== undefined && own <= known.granted && !isHeldOn) return false;
      const granted = Math.max(known.granted, own ?? 0);
      const heldSince = isHeldOn ? known.heldSince : clock();
      delete known.holder;
      Object.assign(known, { sequence, runId, waiting, heldSince, granted, ...(holder && { holder }) });
      return true;
    }),
    look: answering((lane) => {
      const known = all.get(laneName(lane));
      if (!known) return undefined;
      const { incarnation, sequence, waiting } = known;
      const holder = heldBy(known);
      return { ...(holder && { holder }), waiting, lastTicket: { incarnation, n: sequence } };
    }),
    holder: answering((lane) => heldBy(all.get(laneName(lane)))),
    holders: answering((lanes) =>
      lanes.flatMap(({ service, environment }) => {
        const holder = heldBy(all.get(laneName({ service, environment })));
        return holder ? [{ service, environment, holder }] : [];
      }),
    ),
    begunBy: answering((lane) => runs.get(laneName(lane))?.at(-1)),
  };
}

export function memoryClosings(clock: Clock): Records['closings'] {
  const orders: StoredOrder[] = [];
  const holds: { lane: string; hold: Stored<LaneHold> }[] = [];
  const listed = (lane: LaneKey) => ({
    orders: orders.filter(({ signed }) => laneName(signed.order.lane) === laneName(lane)),
    holds: holds.filter((one) => one.lane === laneName(lane)).map(({ hold }) => hold),
  });
  return {
    order: answering((signed) => {
      requireReadable(signed);
      const known = orders.find((one) => one.signed.order.id === signed.order.id);
      if (!known) orders.push({ signed: copy(signed), storedAt: clock() });
      if (known && !same(known.signed.order, signed.order))
        throw failure('SLIP-REC-2', `the order ${signed.order.id} is stored with other content`);
    }),
    hold: answering((lane, hold) => {
      if (holds.some((one) => one.lane === laneName(lane) && one.hold.id === hold.id)) return;
      holds.push({ lane: laneName(lane), hold: { ...hold, reason: storable(hold.reason), storedAt: clock() } });
    }),
    list: answering(listed),
  };
}
