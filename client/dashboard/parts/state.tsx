import { meaningInWords } from '../words/states.ts';
import type { Shown } from '../words/states.ts';
import { Icon } from './icon.tsx';

/** A state is an icon and a word, always both. `marked`: as a label beside a title. */
export function State({ shown, marked }: { shown: Shown; marked?: boolean }) {
  const { icon, tone, word } = shown;
  return (
    <span className={marked ? 'mark' : 'state'} data-tone={tone} title={meaningInWords(shown)}>
      <Icon name={icon} />
      <span>{word}</span>
    </span>
  );
}
