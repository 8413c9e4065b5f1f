import { Icon } from './icon.tsx';
import { useCopied } from './use-copied.ts';

/** The same in the command line, to copy. */
export function Command({ line }: { line: string }) {
  const { isCopied, ...copying } = useCopied(line);
  return (
    <div className="cli">
      <span className="vh">The same in the CLI:</span>
      <code title={line}>{line}</code>
      <button
        type="button"
        className="btn btn-quiet btn-icon"
        data-key="."
        aria-label={isCopied ? 'Copied' : 'Copy command'}
        {...copying}
      >
        <Icon name={isCopied ? 'pass' : 'copy'} />
      </button>
    </div>
  );
}
