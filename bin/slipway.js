#!/usr/bin/env node
// Plain JavaScript without new syntax, so that an old Node can still say what is wrong.
import { existsSync, readFileSync } from 'node:fs';
import { URL } from 'node:url';

const packed = new URL('../lib/slipway.js', import.meta.url);
const compiled = new URL('../dist/client/cli/main.js', import.meta.url);
const source = new URL('../client/cli/main.ts', import.meta.url);
const entry = [packed, compiled].find((file) => existsSync(file)) || source;
const oldest = Number(
  /\d+/.exec(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).engines.node)[0],
);

function problem() {
  const node = process.versions.node;
  if (Number(node.split('.')[0]) < oldest) {
    const checkout = entry === packed ? '' : '; in a checkout, `npm run slipway -- COMMAND` brings its own';
    return `slipway needs Node ${oldest} or newer; this is ${node}\n  next: install Node ${oldest} or newer${checkout}.`;
  }
  // Node runs no TypeScript from there.
  if (entry === source && source.pathname.includes('/node_modules/'))
    return 'this package was made of the sources of Slipway, which do not run from node_modules\n  next: install what `npm run pack` makes in a checkout.';
  return undefined;
}

const wrong = problem();
if (wrong) {
  process.stderr.write(`error: ${wrong}\n`);
  process.exitCode = 2;
} else {
  const { main } = await import(entry);
  await main();
}
