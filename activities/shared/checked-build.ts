import { realpath, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { refuseBuildArgument } from '../../domain/build-arguments.ts';
import { mostDockerfileBytes } from '../../domain/dockerfile.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { confinedPath } from './confined-path.ts';
import { readStrangersFile } from './strangers-file.ts';

/** What a repository says of a build of its own. */
export interface BuildWords {
  /** Directory that holds the checked-out commit. */
  directory: string;
  /** Both relative to `directory`; neither may lead out of it. */
  context: string;
  dockerfile: string;
  args: Record<string, string>;
  labels: Record<string, string>;
}

/** The same with paths that are real, inside the checkout and of the right kind, in the form of a builder's arguments. */
export interface CheckedBuild {
  context: string;
  /** What was in it. */
  text: Buffer;
  /** What is in the ignore files beside it, by the end of their names. */
  ignores: ReadonlyMap<string, Buffer>;
  /** `--build-arg` and `--label` pairs, in the order of their names: the same request gives the same command. */
  arguments: string[];
}

/** Throws SLIP-IMG-6: the request comes from a repository, and must not reach the worker's own files or a builder's options. */
export async function checkBuild(request: BuildWords): Promise<CheckedBuild> {
  const context = await inside(request.directory, request.context, 'directory');
  const dockerfile = await inside(request.directory, request.dockerfile, 'file');
  const text = await readBounded(request.directory, request.dockerfile);
  if (text === undefined) throw failure('SLIP-IMG-6', `${JSON.stringify(request.dockerfile)} cannot be read`);
  const root = await realpath(request.directory);
  const ignores = await ignoresOf(root, relative(root, dockerfile));
  // Whoever builds reads this one; nobody here does.
  await ignoresOf(context, '');
  return {
    context,
    text,
    ignores,
    arguments: [
      ...pairs('--build-arg', request.args, /^[A-Za-z_]\w*$/),
      ...pairs('--label', request.labels, /^[A-Za-z0-9][\w./-]*$/),
    ],
  };
}

async function inside(directory: string, path: string, kind: 'file' | 'directory'): Promise<string> {
  const real = await confinedPath(directory, path);
  const found = real === undefined ? undefined : await stat(real);
  if (real === undefined || !(kind === 'file' ? found?.isFile() : found?.isDirectory())) {
    throw failure('SLIP-IMG-6', `${JSON.stringify(path)} is not a ${kind} inside the checkout`);
  }
  return real;
}

const ignoreNames = ['.dockerignore', '.containerignore'];

async function ignoresOf(directory: string, before: string): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const name of ignoreNames) {
    const bytes = await readBounded(directory, `${before}${name}`);
    if (bytes !== undefined) found.set(name, bytes);
  }
  return found;
}

/** Undefined where there is no such file, or its name leads elsewhere: that is none of ours to follow. */
async function readBounded(directory: string, path: string): Promise<Buffer | undefined> {
  const read = await readStrangersFile(directory, path, mostDockerfileBytes);
  if ('bytes' in read) return read.bytes;
  if (read.unread !== 'too large') return undefined;
  throw failure('SLIP-IMG-6', `${JSON.stringify(path)} has more than ${mostDockerfileBytes} bytes`);
}

function pairs(option: string, values: Record<string, string>, name: RegExp): string[] {
  return Object.keys(values)
    .sort()
    .flatMap((key) => {
      if (!name.test(key)) throw failure('SLIP-IMG-6', `${JSON.stringify(key)} is not a name for ${option}`);
      const refused = refuseBuildArgument(key);
      if (refused !== undefined) throw failure('SLIP-IMG-6', `${key} ${refused}`);
      return [option, `${key}=${values[key]}`];
    });
}

/** A Dockerfile under a name that means nothing to the builder: of one that ends in `.in` the preprocessor of C would be asked. */
export async function writeDockerfile(
  { text, ignores }: Pick<CheckedBuild, 'text' | 'ignores'>,
  directory: string,
): Promise<void> {
  await writeFile(join(directory, 'Dockerfile'), text);
  for (const [name, bytes] of ignores) await writeFile(join(directory, `Dockerfile${name}`), bytes);
}
