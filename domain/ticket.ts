import type { Ticket } from './contract/release.ts';

export function formatTicket(ticket: Ticket): string {
  return `${ticket.incarnation}.${ticket.n}`;
}

/** Reads the annotation; text that is no ticket (someone typed it) counts as none. */
export function parseTicket(text: string | undefined): Ticket | undefined {
  const match = /^(\d{1,12})\.(\d{1,12})$/.exec(text ?? '');
  return match ? { incarnation: Number(match[1]), n: Number(match[2]) } : undefined;
}

/** Negative when `a` is older than `b`. A later lane incarnation outranks every ticket of an earlier one. */
export function compareTickets(a: Ticket, b: Ticket): number {
  return a.incarnation - b.incarnation || a.n - b.n;
}

/** Whether this is a ticket that a lane may give out with this write: each has the number of a write, or a smaller one. */
export function isNextTicket({ incarnation, n }: Ticket, by: { incarnation: number; sequence: number }): boolean {
  return incarnation === by.incarnation && Number.isSafeInteger(n) && n >= 1 && n <= by.sequence;
}

/** No ticket is the same as none. */
export function isSameTicket(a: Ticket | undefined, b: Ticket | undefined): boolean {
  return a !== undefined && b !== undefined && compareTickets(a, b) === 0;
}
