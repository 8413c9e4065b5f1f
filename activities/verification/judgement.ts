import type { Check } from '../../domain/contract/verdicts.ts';

/** What an answer is worth; who was asked is added by the caller. */
export type Judgement = Omit<Check, 'name'>;

export function wrong(summary: string): Judgement {
  return { verdict: 'fail', summary };
}
