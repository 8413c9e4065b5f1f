import { spawn } from 'node:child_process';
import { Stop } from './stop.mjs';

/**
 * npm as the one that called us, if one did: `npm_execpath` is set inside `npm run`. Answers with its exit code and all that it printed. Code
 * null: ended after `timeout` ms, or by a signal.
 */
export function npm(cwd, args, timeout = 0) {
  const called = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined;
  const [program, first] = called ? [process.execPath, [called]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) =>
      reject(new Stop(`npm cannot be started (${error.message}): install Node with npm and run the command again.`)),
    );
    child.on('close', (code) => resolve({ code, output }));
  });
}
