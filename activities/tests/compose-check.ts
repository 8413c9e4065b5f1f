import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';
import { pipelineBound } from '../../pipeline/work-bound.ts';
import { readStrangersFile } from '../shared/strangers-file.ts';
import { refuseWritten, type RunnableImages } from './compose-images.ts';
import { judgeCompose } from './compose-rules.ts';
import { readComposeYaml } from './compose-yaml.ts';

type WrittenImages = Omit<RunnableImages, 'own'>;

const maxFiles = 20;
const shownProblems = 10;
const unreadWords = {
  absent: 'cannot be read',
  'not a file': 'is not a file',
  'too large': `is larger than ${pipelineBound.maxBytes} bytes`,
};

/**
 * Looks at a compose file of a repository, and at those that it takes in, before Compose does. `file` is the real path of it. Throws
 * SLIP-TEST-3 when something would be read from outside the checkout, asks for more than a container of its own, or runs an image that it may not.
 */
export async function checkComposeFile(directory: string, file: string, images: WrittenImages): Promise<void> {
  const root = await realpath(directory);
  const problems: string[] = [];
  const files = new Set([file]);
  for (const next of files) {
    const found = await judgeFile(root, next, images);
    problems.push(...found.problems.map((problem) => `${relative(root, next)}: ${problem}`));
    found.files.forEach((more) => files.add(more)); // the loop goes on with what is added
    if (files.size > maxFiles) problems.push(`more than ${maxFiles} compose files`);
    if (problems.length > 0) break;
  }
  if (problems.length > 0) throw failure('SLIP-TEST-3', problems.slice(0, shownProblems).join('\n'));
}

/** Paths are relative to the file as it is named: Compose does not follow links to find its directory. */
async function judgeFile(
  root: string,
  file: string,
  images: WrittenImages,
): Promise<{ problems: string[]; files: string[] }> {
  const text = await readStrangersFile(root, relative(root, file), pipelineBound.maxBytes);
  if ('unread' in text) return { problems: [unreadWords[text.unread]], files: [] };
  const read = readComposeYaml(text.bytes);
  if ('problem' in read) return { problems: [read.problem], files: [] };
  const found = judgeCompose(read.value);
  const base = dirname(file);
  const variables = [...new Set([base, root])].map((folder) => ({ where: 'variables', path: join(folder, '.env') })); // read without being asked
  const problems = [...found.refused];
  for (const { where, path } of [...found.paths, ...found.files, ...variables]) {
    if (!(await staysInside(root, resolve(base, path)))) problems.push(`${where}: ${path} leaves the checkout`);
  }
  for (const { where, image } of found.images) {
    const refused = refuseWritten(image, images);
    if (refused !== undefined) problems.push(`${where}: ${refused}`);
  }
  return { problems, files: found.files.map(({ path }) => resolve(base, path)) };
}

/** Also of something that is not there yet, as it may be made: then the nearest directory that is there counts. */
async function staysInside(root: string, path: string): Promise<boolean> {
  if (!within(root, path)) return false;
  const problem = await lstat(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (problem === 'ENOENT' || problem === 'ENOTDIR') return staysInside(root, dirname(path));
  const real = await realpath(path).catch(() => undefined); // a link to nothing leads anywhere
  return real !== undefined && within(root, real);
}

function within(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
