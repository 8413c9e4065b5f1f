// Writes client/github-action/dist: what GitHub's runners run, who install nothing. With `--check` it only says whether that is what the sources make.
import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToItsEnd, Stop } from './bootstrap/stop.mjs';
import { bundle } from './pack/bundle.mjs';
import { notices } from './pack/notices.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const kept = join(root, 'client/github-action/dist');
/** Of action.yml: `using`. */
const node = 24;
/** A job fetches it each time. */
const mostBytes = 1_200_000;

async function main(args) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-github-action-'));
  try {
    const files = await bundle(root, folder, { entry: { index: './client/github-action/main.ts' }, node });
    const made = {
      'index.js': readFileSync(join(folder, 'index.js'), 'utf8'),
      'THIRD-PARTY-LICENSES.txt': notices(files),
    };
    const bytes = Buffer.byteLength(made['index.js']);
    if (bytes > mostBytes)
      throw new Stop(`the action has ${bytes} bytes, and may have ${mostBytes}: look at what it imports`);
    mkdirSync(kept, { recursive: true });
    for (const [name, text] of Object.entries(made)) {
      const path = join(kept, name);
      if (!args.includes('--check')) writeFileSync(path, text);
      else if (textOf(path) !== text)
        throw new Stop(`${path} is not what the sources make: run node scripts/generate-github-action.mjs`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

await runToItsEnd(main);
