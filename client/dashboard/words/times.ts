import { clock, dateAndTime, toTheSecond } from '../../cli/words.ts';

/** As the command line says it. */
export { ago, clock, duration, inLargest } from '../../cli/words.ts';

/** In the reader's zone: `2026-03-17, 14:15:01`. */
export function exactly(at: number): string {
  return toTheSecond(at).replace(' ', ', ');
}

/** `14:15`, `tomorrow 14:15`, or with the date where it is further away. */
export function shortly(at: number, now: number): string {
  const time = clock(at).slice(0, 5);
  const days = Math.round((dayOf(at) - dayOf(now)) / 86_400_000);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  return dateAndTime(at);
}

function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
