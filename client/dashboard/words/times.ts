/** 400 ms: `0.4 s`, 75 s: `1 min 15 s`, 2 h: `2 h 00 min`. */
export { duration, inLargest } from '../../cli/words.ts';

/** In the reader's zone: `2026-03-17, 14:15:01`. */
export function exactly(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).replace(' ', ', ');
}

/** `14:15:01`. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false });
}

/** `14:15`, `tomorrow 14:15`, or with the date where it is further away. */
export function shortly(at: number, now: number): string {
  const time = clock(at).slice(0, 5);
  const days = Math.round((dayOf(at) - dayOf(now)) / 86_400_000);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  return `${new Date(at).toLocaleDateString('sv-SE')} ${time}`;
}

function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
