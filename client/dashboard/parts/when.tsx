import { useNow } from './now.ts';
import { ago, exactly } from '../words/times.ts';

/** How long ago, with the exact time on hover, in the reader's zone. */
export function Ago({ at }: { at: number }) {
  const now = useNow();
  return <Time at={at}>{ago(at, now)}</Time>;
}

export function Time({ at, children }: { at: number; children: React.ReactNode }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {children}
    </time>
  );
}
