import type { Blame } from '../errors/failure.ts';

/** `inconclusive` is "could not be measured": never a pass, and not the release's fault either. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** What one thing looked at said, in words an operator can act on. */
export interface Check {
  name: string;
  verdict: Verdict;
  /** One line. */
  summary: string;
  /** Of a `fail`: whose fault it is, where that could be told. */
  blame?: Blame;
  /** Of a `pass`: the component that stands there scaled to zero. Nothing runs that could prove it. */
  unseen?: string;
}
