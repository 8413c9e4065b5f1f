import { useEffect, useState } from 'react';
import { helpKey, readKey, rowKeys } from '../words/keys.ts';

/** Hears of keys, for the whole page: what they do stands at what they press. Answers whether the list of them is wanted. */
export function useKeys(): { isHelp: boolean; openHelp: () => void; closeHelp: () => void } {
  const [isHelp, setHelp] = useState(false);
  useEffect(() => {
    let before: string | undefined;
    const press = (event: KeyboardEvent) => {
      if (!isForThePage(event)) return;
      const { name, waits } = readKey(before, event.key);
      before = waits;
      if (name === undefined) return;
      if (name === helpKey) setHelp(true);
      else if (!act(name)) return;
      // `/` must not get into the field that it goes to.
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return { isHelp, openHelp: () => setHelp(true), closeHelp: () => setHelp(false) };
}

/** Whoever writes, chooses, or is asked something means that; and what the browser has for itself stays its own. */
function isForThePage({ target, altKey, ctrlKey, metaKey, isComposing }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey || isComposing) return false;
  if (document.querySelector('dialog[open]')) return false;
  return !(target instanceof Element && target.closest('input, textarea, select, [contenteditable]'));
}

/** False where nothing carries that name. */
function act(name: string): boolean {
  if (name === rowKeys.down || name === rowKeys.up) return go(name === rowKeys.down ? 1 : -1);
  const found = [...document.querySelectorAll<HTMLElement>('[data-key]')].find(
    (element) => element.dataset['key'] === name && element.checkVisibility(),
  );
  if (found instanceof HTMLInputElement) found.focus();
  else found?.click();
  return found !== undefined;
}

/** To the next row, or the one before: its first link has the focus, so that Enter opens it. */
function go(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.checkVisibility());
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[at < 0 ? (by === 1 ? 0 : rows.length - 1) : at + by];
  const link = to?.matches('a, button') ? to : to?.querySelector<HTMLElement>('a, button');
  link?.focus();
  link?.scrollIntoView({ block: 'nearest' });
  return link !== undefined;
}
