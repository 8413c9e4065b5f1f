import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Runs a program in the terminal's foreground and answers its exit code (128 + n when signal n ended it). */
export function runForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * Passes signals on, each once. A Ctrl-C at the terminal reaches the child by itself, since the kernel sends it to the whole
 * foreground group, and npm then sends it to us a second time: neither may become a second one for the child, which
 * would take it as "stop at once, without cleaning up".
 */
function forwardSignals(child) {
  const handlers = forwarded.map((signal) => {
    let last = 0;
    const handler = () => {
      const again = Date.now() - last < 250;
      last = Date.now();
      if (again || (fromKeyboard.has(signal) && inTerminalForeground())) return;
      child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
}

const fromKeyboard = new Set(['SIGINT', 'SIGQUIT']);

/** Whether our process group is the one that the terminal sends keyboard signals to. */
function inTerminalForeground() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY); // no /proc: macOS
  }
}
