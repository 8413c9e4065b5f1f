// The first thing that runs after `git clone`: `npm run demo`, `npm test` and the others all come here.
// It may use nothing that is not in Node 18, because nothing is installed yet and the system's Node may be old.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandNamed, usage } from './bootstrap/commands.mjs';
import { installLocked } from './bootstrap/install.mjs';
import { platformProblem } from './bootstrap/platform.mjs';
import { suitableNode } from './bootstrap/node.mjs';
import { runForeground } from './bootstrap/run.mjs';
import { runToItsEnd, Stop } from './bootstrap/stop.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

async function main([name, ...args]) {
  const command = commandNamed(name);
  if (!command) throw new Stop(usage, 2);
  const problem = platformProblem();
  if (problem) throw new Stop(problem);
  await installLocked(root);
  const node = suitableNode(root);
  if (command.showsPages) {
    const code = await runForeground(node, [resolve(root, 'scripts/build-dashboard.mjs')], { cwd: root });
    if (code !== 0) return code;
  }
  return runForeground(node, command.arguments(root, args), {
    cwd: command.inRoot ? root : process.cwd(),
    env: { ...process.env, NODE_OPTIONS: withOptions(process.env.NODE_OPTIONS, command.nodeOptions) },
  });
}

/** What the user has set in NODE_OPTIONS stays; what is there already is not added twice. */
function withOptions(present = '', wanted = []) {
  const words = present.split(' ').filter(Boolean);
  return [...words, ...wanted.filter((option) => !words.includes(option))].join(' ');
}

await runToItsEnd(main);
