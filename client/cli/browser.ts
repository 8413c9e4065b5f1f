import { execFile } from 'node:child_process';

/** By the program that this system has for it; as an argument, through no shell. False where none could be opened. */
export function shownInBrowser(url: string): Promise<boolean> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  return new Promise((resolve) => execFile(program, [url], { timeout: 10_000 }, (error) => resolve(!error)));
}
