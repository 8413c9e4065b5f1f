import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from '../bootstrap/stop.mjs';

/** The licences of the packages that these files are of: what is handed on is handed on with them. */
export function notices(files) {
  const folders = [...new Set(files.flatMap((file) => folderOf(file) ?? []))].sort();
  return folders.map(noticeOf).join('\n');
}

/** The folder of the innermost package that a file is of; undefined for a file of our own. */
function folderOf(file) {
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file)?.[0];
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Stop(`${name} has no licence file: it may not be handed on without one.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
