import type { Shown } from '../words/states.ts';
import { Icon } from './icon.tsx';
import { State } from './state.tsx';

/** Something that is opened to be read: its state and what it is are told before. */
export function Fold({
  shown,
  title,
  note,
  children,
}: {
  shown: Shown;
  title: string;
  note?: string | undefined;
  children: React.ReactNode;
}) {
  return (
    <details className="fold">
      <summary data-tone={shown.tone}>
        <Icon name="next" />
        <span className="fold-title">
          <b>{title}</b> {note !== undefined && <small>{note}</small>}
        </span>
        <State shown={shown} />
      </summary>
      <div className="body stack">{children}</div>
    </details>
  );
}
