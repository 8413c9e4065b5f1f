/** As a sentence begins. */
export function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is said in the middle of one, as a sentence of its own; nothing of nothing. */
export function sentence(words: string): string {
  return words === '' || /[.!?]$/.test(words) ? begun(words) : `${begun(words)}.`;
}
