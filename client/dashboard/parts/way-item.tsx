import { Icon } from './icon.tsx';
import type { Tone } from '../words/states.ts';

/** Something that may be done: what it does, what is to be known of it, and the button that asks for it (`children`). */
export function WayItem({
  way: { tone, icon, title, mark, lines, refused },
  children,
}: {
  way: { tone: Tone; icon: string; title: string; mark: string; lines: readonly string[]; refused?: string };
  children: React.ReactNode;
}) {
  return (
    <li data-tone={tone}>
      <Icon name={icon} />
      <div>
        <h4>
          {title} <em>{mark}</em>
        </h4>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {refused !== undefined && <p className="cannot">Not possible: {refused}</p>}
      </div>
      {children}
    </li>
  );
}
