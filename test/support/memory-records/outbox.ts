import type { Records } from '../../../activities/records/port.ts';
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
  const inThread = (one: Row) => (other: Row) => other.target === one.target && other.thread === one.thread;
  const waiting = () => rows.filter(({ state }) => state === 'waiting');
  const isFirst = (row: Row) => waiting().find(inThread(row)) === row;
  return {
    put: answering((messages) => {
      for (const message of messages) {
        if (rows.some(({ target, key }) => target === message.target && key === message.key)) continue;
        const madeAt = clock();
        rows.push({ ...asStored(message), id: rows.length + 1, state: 'waiting', tries: 0, madeAt, due: madeAt });
      }
    }),
    claim: answering((limit, forMs) => {
      const now = clock();
      const due = waiting().filter((row) => row.due <= now && isFirst(row));
      return due.slice(0, limit).map((row) => {
        Object.assign(row, { tries: row.tries + 1, due: now + forMs });
        const { due: _due, state: _state, madeAt, why: _why, ...message } = row;
        const later = rows.filter((other) => other.id > row.id && inThread(row)(other)).map(({ event }) => event);
        return copy({
          ...message,
          age: now - madeAt,
          hasBegun: hasBegun(row.run),
          hasEnded: hasEnded(row.run),
          later: [...new Set(later)],
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
    list: answering(({ states, limit }) => {
      const found = rows.filter(({ state }) => states.includes(state)).reverse();
      return found.slice(0, limit).map(({ due, madeAt, ...row }) => {
        const nextAt = row.state === 'waiting' && { nextAt: Math.floor(due) };
        return copy({ ...row, madeAt: Math.floor(madeAt), ...nextAt });
      });
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
  };
}

function asStored(message: OutboxMessage): OutboxMessage {
  const facts = Object.entries(message.facts).map(([name, text]) => [name, storable(text)] as const);
  return copy({ ...message, title: storable(message.title), facts: Object.fromEntries(facts) });
}
