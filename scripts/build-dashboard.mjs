// Builds the pages of the dashboard into client/dashboard/dist, where the gateway sends them from. Does nothing where they are made of what is there now.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { withInstallLock } from './bootstrap/lock.mjs';
import { say } from './bootstrap/say.mjs';
import { runToItsEnd } from './bootstrap/stop.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const pages = join(root, 'client/dashboard');
const dist = join(pages, 'dist');
const marker = join(dist, '.made-of');

async function main() {
  const wanted = hashOf(sources());
  if (isMadeOf(wanted)) return;
  // Of two at once the second one waits.
  await withInstallLock(root, () => (isMadeOf(wanted) ? undefined : make(wanted)));
}

const isMadeOf = (wanted) => existsSync(marker) && readFileSync(marker, 'utf8') === wanted;

async function make(wanted) {
  say('Building the pages of the dashboard');
  // Slow to load, and not needed mostly.
  const { build } = await import('vite');
  // First: what is half gone is not taken for whole.
  rmSync(marker, { force: true });
  rmSync(dist, { recursive: true, force: true });
  await build({ configFile: join(pages, 'vite.config.ts'), root: pages, logLevel: 'error' });
  for (const path of filesIn(dist).filter((file) => /\.(html|js|css|svg)$/.test(file))) compress(path);
  // Last: pages that were half made are made again.
  writeFileSync(marker, wanted);
}

/** Once, here: the gateway sends each as it lies. */
function compress(path) {
  const bytes = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** Without what is made of them. */
function sources() {
  const inFolders = ['client/dashboard', 'domain'].flatMap((folder) => filesIn(join(root, folder)));
  const alone = ['client/cli/words.ts', 'package-lock.json'].map((file) => join(root, file));
  return [...inFolders.filter((file) => !file.startsWith(`${dist}/`)), ...alone];
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.slice(root.length)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

await runToItsEnd(main);
