import { visible } from '../../../domain/visible.ts';

/** What the gateway says, as it can be seen, with something behind it. Its first letter stays: it may be the name of somebody. */
export function withStop(text: string): string {
  const shown = visible(text);
  return /[.!?…]$/.test(shown) ? shown : `${shown}.`;
}
