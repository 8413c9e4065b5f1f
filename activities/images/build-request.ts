import { stat } from 'node:fs/promises';
import { failure } from '../../domain/errors/catalogue.ts';
import { confinedPath } from '../shared/confined-path.ts';
import type { BuildRequest } from './port.ts';
import { parseRepository } from './reference.ts';

/** A build request whose paths are real, inside the checkout and of the right kind, in the form of a builder's arguments. */
export interface CheckedBuild {
  host: string;
  context: string;
  dockerfile: string;
  /** `--build-arg` and `--label` pairs, in the order of their names: the same request gives the same command. */
  arguments: string[];
}

/** Throws SLIP-IMG-6: the request comes from a repository, and must not reach the worker's own files or a builder's options. */
export async function checkBuild(request: BuildRequest): Promise<CheckedBuild> {
  const { host } = parseRepository(request.repository);
  return {
    host,
    context: await inside(request.directory, request.context, 'directory'),
    dockerfile: await inside(request.directory, request.dockerfile, 'file'),
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

function pairs(option: string, values: Record<string, string>, name: RegExp): string[] {
  return Object.keys(values)
    .sort()
    .flatMap((key) => {
      if (!name.test(key)) throw failure('SLIP-IMG-6', `${JSON.stringify(key)} is not a name for ${option}`);
      if (key.startsWith('BUILDKIT_'))
        throw failure('SLIP-IMG-6', `${key} tells the builder what to do, and is not for a repository to say`);
      return [option, `${key}=${values[key]}`];
    });
}
