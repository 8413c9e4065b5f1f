import type { Records } from '../../../activities/records/port.ts';
import { laneOfRun } from '../../../domain/contract/names.ts';
import { isInSight } from '../../../domain/rights.ts';
import type { ListedMessage, OutboxMessage } from '../../../domain/contract/outbox.ts';
import { answering, copy, storable } from './stored.ts';
import type { Clock } from './stored.ts';

interface KnownOfRuns {
  hasBegun(run: string): boolean;
  hasEnded(run: string): boolean;
}

type Row = ListedMessage & { due: number };

export function memoryOutbox(clock: Clock, { hasBegun, hasEnded }: KnownOfRuns): Records['outbox'] {
  const rows: Row[] = [];
  const forgotten = new Set<string>();
  let last = 0;
  const inThread = (one: Row) => (other: Row) => other.target === one.target && other.thread === one.thread;
  const waiting = () => rows.filter(({ state }) => state === 'waiting');
  const isFirst = (row: Row) => waiting().find(inThread(row)) === row;
  return {
    put: answering((messages) => {
      for (const message of messages) {
        if (rows.some(({ target, key }) => target === message.target && key === message.key)) continue;
        if (forgotten.has(message.run)) continue;
        const madeAt = clock();
        rows.push({ ...asStored(message), id: (last += 1), state: 'waiting', tries: 0, madeAt, due: madeAt });
      }
    }),
    claim: answering((limit, forMs) => {
      const now = clock();
      const due = waiting().filter((row) => row.due <= now && isFirst(row));
      return due.slice(0, limit).map((row) => {
        Object.assign(row, { tries: row.tries + 1, due: now + forMs });
        const { due: _due, state: _state, madeAt, why: _why, ...message } = row;
        const after = rows.filter((other) => other.id > row.id && inThread(row)(other));
        const eventsOf = (those: Row[]) => [...new Set(those.map(({ event }) => event))];
        return copy({
          ...message,
          age: now - madeAt,
          hasBegun: hasBegun(row.run),
          hasEnded: hasEnded(row.run),
          later: eventsOf(after.filter(({ run }) => run === row.run)),
          laterOfOthers: eventsOf(after.filter(({ run }) => run !== row.run)),
        });
      });
    }),
    settle: answering(({ id, tries }, delivery) => {
      const row = waiting().find((one) => one.id === id && one.tries === tries);
      if (!row) return;
      row.state = delivery.came === 'failed' ? 'waiting' : delivery.came;
      row.due = clock() + (delivery.came === 'failed' ? delivery.againInMs : 0);
      delete row.why;
      if ('why' in delivery) row.why = storable(delivery.why);
    }),
    list: answering(({ states, limit, among }) => {
      const isOf = ({ run }: Row) => {
        const lane = laneOfRun(run);
        return lane !== undefined && isInSight(among ?? 'everything', lane);
      };
      const found = rows.filter((row) => states.includes(row.state) && (!among || isOf(row))).reverse();
      return found.slice(0, limit).map(asListed);
    }),
    find: answering((id) => {
      const row = rows.find((one) => one.id === id);
      return row && asListed(row);
    }),
    standing: answering(() => ({
      waiting: waiting().length,
      dead: rows.filter(({ state }) => state === 'dead').length,
      oldestMs: Math.max(0, clock() - (waiting()[0]?.madeAt ?? clock())),
    })),
    again: answering((id) => {
      const row = rows.find((one) => one.id === id && one.state === 'dead');
      if (row) Object.assign(row, { state: 'waiting', tries: 0, due: clock() });
      return row !== undefined;
    }),
    forget: answering((keptMs, most) => {
      const isOld = ({ madeAt }: Row) => madeAt < clock() - Math.max(keptMs, 86_400_000);
      const isKept = (row: Row) =>
        !isOld(row) ||
        row.state === 'waiting' ||
        rows.some(
          (one) =>
            inThread(row)(one) && one.id < row.id && one.run !== row.run && ['waiting', 'dead'].includes(one.state),
        );
      const isOver = ({ run }: Row) => hasEnded(run) && !rows.some((row) => row.run === run && isKept(row));
      for (const { run } of rows.filter(isOver).slice(0, most)) forgotten.add(run);
      const left = rows.filter(({ run }) => !forgotten.has(run));
      const gone = rows.length - left.length;
      rows.splice(0, rows.length, ...left);
      return gone;
    }),
  };
}

function asListed({ due, madeAt, ...row }: Row): ListedMessage {
  const nextAt = row.state === 'waiting' && { nextAt: Math.floor(due) };
  return copy({ ...row, madeAt: Math.floor(madeAt), ...nextAt });
}

function asStored(message: OutboxMessage): OutboxMessage {
  const facts = Object.entries(message.facts).map(([name, text]) => [name, storable(text)] as const);
  return copy({ ...message, title: storable(message.title), facts: Object.fromEntries(facts) });
}
