// Everything that must hold before a change is merged, in the order in which it is quickest to learn about it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runForeground } from './bootstrap/run.mjs';

const tool = (path, ...args) => [join('node_modules', path), ...args];
const checks = [
  ['format', tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')],
  ['lint', tool('eslint/bin/eslint.js', '.')],
  ['types', tool('typescript/bin/tsc', '--noEmit')],
  ['types of pages', tool('typescript/bin/tsc', '--noEmit', '-p', 'client/dashboard')],
  [
    'layers',
    tool('dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', '--no-progress', '.'),
  ],
  ['unused', tool('knip/bin/knip.js', '--no-progress')],
  ['action', [join('scripts', 'generate-github-action.mjs'), '--check']],
];

const help = `Usage: npm run verify -- [options]

Format, lint, types, layers, unused code and the committed action, then the tests.

Options:
  --without-tests  leaves the tests out
  --json <file>    also writes [{ name, passed, seconds }]
  --help           shows this

Exit codes:
  0  everything holds
  1  something does not
  2  the command line is not right
`;

function read(argv) {
  const options = { 'without-tests': { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ args: argv, options }).values;
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n  next: npm run verify -- --help\n`);
    process.exit(2);
  }
}

async function verify({ 'without-tests': withoutTests, json, help: isHelp }) {
  if (isHelp) {
    process.stdout.write(help);
    return 0;
  }
  const results = [];
  for (const [name, check] of checks) results.push(await timed(name, () => quietly(check)));
  if (!withoutTests) {
    for (const suite of ['test', 'test:chaos'])
      results.push(
        await timed(suite, () => runForeground(process.execPath, [join('scripts', 'bootstrap.mjs'), suite])),
      );
  }
  if (json) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  summarise(results);
  return results.every(({ passed }) => passed) ? 0 : 1;
}

async function timed(name, work) {
  const began = Date.now();
  process.stdout.write(`${name} …\n`);
  const code = await work();
  if (code === 130 || code === 143) process.exit(code); // Ctrl-C and a request to end are meant for all of it
  return { name, passed: code === 0, seconds: Math.round((Date.now() - began) / 100) / 10 };
}

/** A check that passes has nothing to say. */
function quietly(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      process.stdout.write(`${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code, signal) => {
      if (code !== 0) process.stdout.write(output);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function summarise(results) {
  process.stdout.write('\n');
  for (const { name, passed, seconds } of results) {
    process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s\n`);
  }
}

process.exitCode = await verify(read(process.argv.slice(2)));
