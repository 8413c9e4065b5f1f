import { useNow } from './now.ts';
import { exactly, inLargest } from '../words/times.ts';

/** How long ago, with the exact time on hover, in the reader's zone. */
export function Ago({ at }: { at: number }) {
  const now = useNow();
  return <Time at={at}>{`${inLargest(now - at)} ago`}</Time>;
}

export function Time({ at, children }: { at: number; children: React.ReactNode }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {children}
    </time>
  );
}
