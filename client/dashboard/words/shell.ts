/** A word of a command that somebody pastes: no shell makes anything else of it. */
export function inShell(word: string): string {
  return /^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** As it is filled in; until then its place. */
export function reasonInShell(reason: string): string {
  return reason.trim() === '' ? '"…"' : inShell(reason);
}
