import { useState } from 'react';
import { shortDigest } from '../../../domain/images.ts';

/** A digest or a hash, short; it copies the whole. */
export function Hash({ whole }: { whole: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(whole).then(() => setCopied(true));
  return (
    <button type="button" className="hash" title={`${whole} · copy`} onClick={copy} onBlur={() => setCopied(false)}>
      {shortOf(whole)}
      {isCopied && <span role="status"> copied</span>}
    </button>
  );
}

function shortOf(whole: string): string {
  return whole.includes('sha256:') ? shortDigest(whole) : whole.slice(0, 12);
}
