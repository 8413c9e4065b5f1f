/** 400 ms → `0.4 s`, 75 s → `1 min 15 s`, 2 h → `2 h 00 min`. */
export function duration(ms: number): string {
  const past = Math.max(0, ms);
  if (past < 9_950) return `${(past / 1_000).toFixed(1)} s`;
  const seconds = Math.round(past / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** `14:03:22` in the zone given, or the machine's own. */
export function clock(at: number, timeZone?: string): string {
  return isTime(at) ? written(at, timeZone).slice(-8) : '--:--:--';
}

/** `2026-03-01 14:03`. */
export function dateAndTime(at: number, timeZone?: string): string {
  return isTime(at) ? written(at, timeZone).slice(0, -3) : '-';
}

/** `2026-03-01 14:03:22`. */
export function toTheSecond(at: number, timeZone?: string): string {
  return isTime(at) ? written(at, timeZone) : '-';
}

/** As `toTheSecond`, of a time that is one. In the machine's own zone without Intl, which takes a browser long to begin with. */
function written(at: number, timeZone: string | undefined): string {
  const date = new Date(at);
  if (timeZone !== undefined) return date.toLocaleString('sv-SE', { timeZone });
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** `until 14:33 (in 29 min 00 s)`, or how long ago it was. */
export function deadline(until: number, now: number, timeZone?: string): string {
  const distance = until >= now ? `in ${duration(until - now)}` : `${duration(now - until)} ago`;
  return `until ${dateAndTime(until, timeZone)} (${distance})`;
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 12);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `30s`, `10m`, `2h` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})(s|m|h)$/.exec(text);
  return match ? Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as 's' | 'm' | 'h'] : undefined;
}

/** `2h`, `7d` before now, in milliseconds since 1970; undefined for anything else. */
export function longAgo(text: string, now: number): number | undefined {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  return ms === undefined ? undefined : now - ms;
}

/** `2 h ago`. */
export function ago(at: number, now: number): string {
  return `${inLargest(now - at)} ago`;
}

/** `45 s`, `12 min`, `2 h`, `3 days`: enough to see how old something is. */
export function inLargest(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function isTime(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}
