import type { Shown } from '../words/states.ts';
import { Icon } from './icon.tsx';

/** A state is an icon and a word, always both. `marked`: as a label beside a title. */
export function State({ shown: { icon, tone, word }, marked }: { shown: Shown; marked?: boolean }) {
  return (
    <span className={marked ? 'mark' : 'state'} data-tone={tone}>
      <Icon name={icon} />
      <span>{word}</span>
    </span>
  );
}
