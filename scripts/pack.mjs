// `npm run pack`: the command as a package of its own, in dist/ or in the folder behind `--to`. It runs on older Nodes than the engine, needs no other
// package, and brings neither the engine nor Temporal's SDK.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './bootstrap/npm.mjs';
import { runToItsEnd, Stop } from './bootstrap/stop.mjs';
import { bundle } from './pack/bundle.mjs';
import { oldestNode } from './pack/oldest-node.mjs';
import { notices } from './pack/notices.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

async function main(args) {
  if (args.length > 0 && (args[0] !== '--to' || args.length !== 2))
    throw new Stop('usage: npm run pack [-- --to FOLDER]', 2);
  const target = resolve(root, args[1] ?? 'dist');
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-pack-'));
  try {
    const manifest = await assemble(folder);
    const { code, output } = await npm(folder, ['pack', '--pack-destination', target, '--offline', '--loglevel=error']);
    if (code !== 0) throw new Stop(`npm pack failed:\n${output.trim()}`);
    process.stdout.write(`${join(target, `${manifest.name}-${manifest.version}.tgz`)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lays out all that the package has. */
async function assemble(folder) {
  const manifest = manifestOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const files = await bundle(root, join(folder, 'lib'), {
    entry: { slipway: './client/cli/packed.ts' },
    node: oldestNode,
  });
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), notices(files));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(root, 'scripts', 'pack', 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  return manifest;
}

function manifestOf({ name, version, description, license, type, bin }) {
  const gitHead = commit();
  return {
    name,
    version,
    description,
    license,
    type,
    bin,
    engines: { node: `>=${oldestNode}` },
    ...(gitHead && { gitHead }),
  };
}

/** The commit that is checked out; undefined where what is packed is not exactly that, or there is no repository. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const [head, changes] = [git('rev-parse', '--verify', 'HEAD'), git('status', '--porcelain')];
  return head.status === 0 && changes.status === 0 && changes.stdout === '' ? head.stdout.trim() : undefined;
}

await runToItsEnd(main);
