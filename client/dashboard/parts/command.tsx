import { useState } from 'react';
import { Icon } from './icon.tsx';

/** The same in the command line, to copy. */
export function Command({ line }: { line: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className="cli">
      <span className="vh">The same in the CLI:</span>
      <code title={line}>{line}</code>
      <button
        type="button"
        className="btn btn-quiet btn-icon"
        aria-label={isCopied ? 'Copied' : 'Copy command'}
        onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(true))}
        onBlur={() => setCopied(false)}
      >
        <Icon name={isCopied ? 'pass' : 'copy'} />
      </button>
    </div>
  );
}
