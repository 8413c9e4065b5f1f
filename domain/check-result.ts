/** One thing that was looked at, or done: how it is, with a `next` where something is left for somebody. */
export interface CheckResult {
  ok: boolean;
  says: string;
  next?: string;
}
