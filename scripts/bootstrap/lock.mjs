import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';

/** Runs `work` while no other process does so in this checkout. A lock whose owner is gone is taken over. */
export async function withInstallLock(root, work) {
  const path = join(root, '.slipway', 'install.lock'); // not in node_modules, which `npm ci` removes
  mkdirSync(join(root, '.slipway'), { recursive: true });
  let told = false;
  while (!take(path)) {
    if (isAbandoned(path)) {
      setAside(path);
      continue;
    }
    if (!told) say(`Waiting for another command that is installing the packages (${path})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    writeFileSync(path, owner(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(path) {
  try {
    const text = readFileSync(path, 'utf8');
    if (text === '') return Date.now() - statSync(path).mtimeMs > 5_000; // its owner was ended between creating and writing it
    return text !== owner(Number(text.split(' ')[0]));
  } catch {
    return false; // released in this moment: take() will tell
  }
}

/** By renaming: of two that see the same abandoned lock only one may remove it. */
function setAside(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Process id and, where /proc tells it, its start time: a re-used id is then not the same owner. Empty-handed when it is gone. */
function owner(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return `${pid} gone`;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid} running`;
  }
}
