import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { LaneEnd } from '../../../domain/contract/evidence.ts';
import { checkChains } from '../gateway/audit-check.ts';
import type { Checked, FromOutside } from '../gateway/audit-check.ts';
import { meQuestion } from '../gateway/questions.ts';

export type Check =
  | { kind: 'idle' }
  | { kind: 'running'; rows: number; of: number }
  | { kind: 'done'; checked: Checked; at: number }
  | { kind: 'failed'; error: Error };

export interface Checking {
  check: Check;
  begin(): void;
  stop(): void;
}

/** `isWhole`: all chains are checked, so that one which only the ends know is missing. */
export function useCheck(ends: readonly LaneEnd[], outside: FromOutside, { isWhole }: { isWhole: boolean }): Checking {
  const [check, setCheck] = useState<Check>({ kind: 'idle' });
  const { data: me } = useQuery(meQuestion);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const lanes = new Set(me?.grants.map(({ service, environment }) => `${service}/${environment}`));
  const isMine = (chain: string) => isWhole && lanes.has(chain.split('@')[0] ?? '');

  const begin = () => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    const of = ends.reduce((sum, { n }) => sum + n, 0);
    const set = (next: Check) => signal.aborted || setCheck(next);
    set({ kind: 'running', rows: 0, of });
    checkChains(ends, { outside, isMine, signal, progress: (rows) => set({ kind: 'running', rows, of }) }).then(
      (checked) => set({ kind: 'done', checked, at: Date.now() }),
      (error: unknown) => set({ kind: 'failed', error: error as Error }),
    );
  };
  const stop = () => {
    running.current?.abort();
    setCheck({ kind: 'idle' });
  };
  return { check, begin, stop };
}
