import { shortDigest } from '../../../domain/images.ts';
import { useCopied } from './use-copied.ts';

/** A digest or a hash, short; it copies the whole. */
export function Hash({ whole }: { whole: string }) {
  const { isCopied, ...copying } = useCopied(whole);
  return (
    <button type="button" className="hash" title={`${whole} · copy`} {...copying}>
      {shortOf(whole)}
      {isCopied && <span role="status"> copied</span>}
    </button>
  );
}

function shortOf(whole: string): string {
  return whole.includes('sha256:') ? shortDigest(whole) : whole.slice(0, 12);
}
