import { Icon } from './icon.tsx';
import type { Tone } from '../words/states.ts';

/** Where nothing is to be shown: why, and what brings something here. */
export function Blank({
  icon,
  title,
  tone,
  children,
}: {
  icon: string;
  title: string;
  tone?: Tone;
  children?: React.ReactNode;
}) {
  return (
    <div className="blank" data-tone={tone}>
      <Icon name={icon} />
      <h3>{title}</h3>
      {children}
    </div>
  );
}
