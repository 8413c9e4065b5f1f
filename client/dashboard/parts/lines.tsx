import { linesOf } from '../words/lines.ts';

/** A text with its own lines. */
export function Lines({ text }: { text: string }) {
  return <span className="lines">{linesOf(text).join('\n')}</span>;
}
