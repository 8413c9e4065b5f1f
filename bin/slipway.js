#!/usr/bin/env node
// Plain JavaScript without new syntax, so that an old Node can still say what is wrong.
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

const compiled = new URL('../dist/client/cli/main.js', import.meta.url);
const source = new URL('../client/cli/main.ts', import.meta.url);

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `error: slipway needs Node 24 or newer; this is ${process.versions.node}\n` +
      '  next: install Node 24; in a checkout, `npm run slipway -- COMMAND` brings its own.\n',
  );
  process.exitCode = 2;
} else {
  const { main } = await import(existsSync(compiled) ? compiled : source);
  await main();
}
