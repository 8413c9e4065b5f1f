import { join } from 'node:path';

// TypeScript runs as it is; what Node still calls experimental about that and about ESM in jest is known and tested here.
const quiet = '--disable-warning=ExperimentalWarning';
const jestOptions = ['--experimental-vm-modules', quiet];

/**
 * What each command starts once everything is installed. `inRoot`: works on the checkout, wherever it was called from. `showsPages`: a gateway of
 * it has the dashboard, which is built first.
 */
const commands = {
  demo: { arguments: (root, args) => [join(root, 'lab/demo.ts'), ...args], nodeOptions: [quiet], showsPages: true },
  test: { arguments: (root, args) => jest(root, 'unit', args), nodeOptions: jestOptions, inRoot: true },
  'test:chaos': { arguments: (root, args) => jest(root, 'chaos', args), nodeOptions: jestOptions, inRoot: true },
  // In band: two clusters at once are more than two cores carry.
  'test:cluster': {
    arguments: (root, args) => jest(root, 'cluster', ['--runInBand', '--testTimeout=900000', ...args]),
    nodeOptions: jestOptions,
    inRoot: true,
  },
  'test:compose': {
    arguments: (root, args) => jest(root, 'compose', ['--runInBand', '--testTimeout=900000', ...args]),
    nodeOptions: jestOptions,
    inRoot: true,
  },
  'test:browser': {
    arguments: (root, args) => jest(root, 'browser', ['--runInBand', '--testTimeout=900000', ...args]),
    nodeOptions: jestOptions,
    inRoot: true,
    showsPages: true,
  },
  pictures: {
    arguments: (root, args) => [join(root, 'test/browser/pictures/main.ts'), ...args],
    nodeOptions: [quiet],
    inRoot: true,
    showsPages: true,
  },
  bench: { arguments: (root, args) => [join(root, 'test/bench/main.ts'), ...args], nodeOptions: [quiet], inRoot: true },
  slipway: { arguments: (root, args) => [join(root, 'client/cli/main.ts'), ...args], nodeOptions: [quiet] },
  pack: { arguments: (root, args) => [join(root, 'scripts/pack.mjs'), ...args], nodeOptions: [quiet], inRoot: true },
  verify: { arguments: (root, args) => [join(root, 'scripts/verify.mjs'), ...args], nodeOptions: [], inRoot: true },
};

export const usage = `usage: node scripts/bootstrap.mjs <${Object.keys(commands).join('|')}> [arguments]`;

export function commandNamed(name) {
  return Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
}

/**
 * `--ci`: what is shown and kept nowhere fails; it is written by whoever has read it, with `-u`. `--selectProjects` takes every word that follows
 * it, so it comes last.
 */
function jest(root, project, args) {
  return [join(root, 'node_modules/jest/bin/jest.js'), '--ci', ...args, '--selectProjects', project];
}
