import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { LaneEnd } from '../../../domain/contract/evidence.ts';
import type { AuditLanes } from '../../../domain/contract/gateway.ts';
import { checkChains } from '../gateway/audit-check.ts';
import type { Checked, FromOutside } from '../gateway/audit-check.ts';
import { meQuestion } from '../gateway/questions.ts';
import { missedBy } from '../words/checked.ts';

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

/** `of`: these chains alone, or all that there are to see, so that one which only the ends know is missed. */
export function useCheck(of: readonly LaneEnd[] | AuditLanes, outside: FromOutside): Checking {
  const [last, setLast] = useState<{ check: Check; outside: FromOutside }>();
  const client = useQueryClient();
  const running = useRef<AbortController>(undefined);
  // What was found by other files is no answer about these.
  useEffect(() => () => running.current?.abort(), [outside]);
  const check: Check = last?.outside === outside ? last.check : { kind: 'idle' };
  const ends = 'lanes' in of ? of.lanes : of;

  const checked = async (how: { signal: AbortSignal; progress: (rows: number) => void }) => {
    if (!('lanes' in of)) return checkChains(ends, { outside, ...how });
    // Not without knowing whose question it is: a chain that nobody misses is not told.
    const { grants } = await client.ensureQueryData(meQuestion);
    return checkChains(ends, { outside, isMissed: missedBy({ all: of.all, grants }), ...how });
  };

  const begin = () => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    const all = ends.reduce((sum, { n }) => sum + n, 0);
    const set = (next: Check) => signal.aborted || setLast({ check: next, outside });
    set({ kind: 'running', rows: 0, of: all });
    checked({ signal, progress: (rows) => set({ kind: 'running', rows, of: all }) }).then(
      (found) => set({ kind: 'done', checked: found, at: Date.now() }),
      (error: unknown) => set({ kind: 'failed', error: error as Error }),
    );
  };
  const stop = () => {
    running.current?.abort();
    setLast(undefined);
  };
  return { check, begin, stop };
}
