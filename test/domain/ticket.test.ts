import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ticket } from '../../domain/contract/release.ts';
import { compareTickets, formatTicket, parseTicket } from '../../domain/ticket.ts';

const tickets = fc.record({ incarnation: fc.integer({ min: 1, max: 20 }), n: fc.integer({ min: 1, max: 20 }) });

describe('a ticket', () => {
  it('comes back from the annotation as it was written', () => {
    fc.assert(
      fc.property(tickets, (ticket) => expect(parseTicket(formatTicket(ticket))).toEqual(ticket)),
      { numRuns: 1_000 },
    );
  });

  it.each([
    undefined,
    '',
    '7',
    '1.',
    '.1',
    '1.2.3',
    '-1.2',
    '1.2 ',
    ' 1.2',
    '1e3.1',
    '0x1.1',
    '１.１',
    '1.2\n',
    '9999999999999.1',
  ])('is not read from %j', (text) => {
    expect(parseTicket(text)).toBeUndefined();
  });

  it('is compared as numbers, first by incarnation', () => {
    const inOrder = ['1.1', '1.2', '1.10', '2.1', '10.1'].map((t) => parseTicket(t)!);
    const shuffled = fc.shuffledSubarray(inOrder, { minLength: inOrder.length });
    fc.assert(fc.property(shuffled, (some) => expect([...some].sort(compareTickets)).toEqual(inOrder)));
  });

  it('orders all tickets in one line', () => {
    fc.assert(
      fc.property(tickets, tickets, tickets, (a, b, c) => {
        expect(Math.sign(compareTickets(a, b))).toBe(-Math.sign(compareTickets(b, a)) + 0);
        expect(compareTickets(a, b) === 0).toBe(formatTicket(a) === formatTicket(b));
        if (compareTickets(a, b) <= 0 && compareTickets(b, c) <= 0) expect(compareTickets(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

/**
 * What the Kubernetes port promises, as a model: read; refuse when a higher ticket is there; write with the version just read;
 * on a conflict read and judge again. Many writers take these steps in any order.
 */
interface Cluster {
  version: number;
  ticket?: Ticket;
}
interface Writer {
  ticket: Ticket;
  seen?: Cluster;
  state: 'reading' | 'writing' | 'done' | 'refused';
}

function take(cluster: Cluster, writer: Writer): { cluster: Cluster; writer: Writer } {
  if (writer.state === 'reading') {
    const refused = cluster.ticket && compareTickets(cluster.ticket, writer.ticket) > 0;
    return { cluster, writer: { ...writer, seen: cluster, state: refused ? 'refused' : 'writing' } };
  }
  if (writer.state !== 'writing') return { cluster, writer };
  if (writer.seen?.version !== cluster.version) return { cluster, writer: { ...writer, state: 'reading' } };
  return { cluster: { version: cluster.version + 1, ticket: writer.ticket }, writer: { ...writer, state: 'done' } };
}

describe('writers with tickets', () => {
  it('never overwrite a newer one with an older one, however their steps are interleaved', () => {
    const writers = fc.uniqueArray(tickets, { minLength: 1, maxLength: 5, selector: formatTicket });
    const turns = fc.array(fc.nat({ max: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(writers, turns, (all, order) => {
        let cluster: Cluster = { version: 1 };
        let overwrote = false;
        const states: Writer[] = all.map((ticket) => ({ ticket, state: 'reading' }));
        for (const turn of [...order, ...Array.from({ length: 50 }, (_, i) => i)]) {
          const i = turn % states.length;
          const before = cluster.ticket;
          const next = take(cluster, states[i]!);
          states[i] = next.writer;
          cluster = next.cluster;
          if (before && cluster.ticket) overwrote ||= compareTickets(cluster.ticket, before) < 0;
        }
        expect(overwrote).toBe(false);
        const newest = [...all].sort(compareTickets).at(-1);
        expect(cluster.ticket).toEqual(newest);
        expect(states.every((w) => w.state === 'done' || w.state === 'refused')).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
