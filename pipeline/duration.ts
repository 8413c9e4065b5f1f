import type { Millis } from '../domain/contract/release.ts';

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const durationPattern = /^(0|[1-9][0-9]{0,6})(s|m|h|d)$/;

/** Milliseconds of a duration as written in a file (`30s`, `10m`, `24h`, `7d`); NaN for anything else. */
export function durationMs(text: string): Millis {
  const match = durationPattern.exec(text);
  return match ? Number(match[1]) * units[match[2]!]! : Number.NaN;
}
