import { useState } from 'react';

/** `system`: as the reader's machine has it. */
const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Where this browser keeps it. */
const kept = 'slipway-theme';

function isTheme(text: string | null): text is Theme {
  return themes.some((theme) => theme === text);
}

/** A browser may keep nothing: then it is as the system has it. */
function read(): Theme {
  try {
    const text = localStorage.getItem(kept);
    return isTheme(text) ? text : 'system';
  } catch {
    return 'system';
  }
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Before anything is drawn. */
export function showKeptTheme(): void {
  show(read());
}

/** Which one is shown, and what goes on to the next. */
export function useTheme(): [Theme, () => void] {
  const [theme, set] = useState(read);
  const next = () => {
    const following = themes[(themes.indexOf(theme) + 1) % themes.length]!;
    show(following);
    set(following);
    try {
      localStorage.setItem(kept, following);
    } catch {
      // It is shown until this page is closed.
    }
  };
  return [theme, next];
}
