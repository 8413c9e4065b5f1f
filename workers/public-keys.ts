import { createPublicKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The gateway's public keys, as PEM. Throws one Error that names every file that holds none. */
export async function readPublicKeys(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the directory of public keys ${directory} cannot be read (${error.code ?? 'error'})`);
  });
  const files = names.filter((name) => name.endsWith('.pem')).sort();
  if (files.length === 0)
    throw new Error(`no public key (*.pem) in ${directory}: workers could not tell a decision from a forgery`);
  const read = await Promise.all(files.map((name) => keyIn(join(directory, name))));
  const wrong = read.flatMap(({ file, pem }) => (pem === undefined ? [file] : []));
  if (wrong.length > 0) throw new Error(`no Ed25519 public key is in ${wrong.join(', ')}`);
  return read.flatMap(({ pem }) => pem ?? []);
}

async function keyIn(file: string): Promise<{ file: string; pem?: string }> {
  try {
    const pem = await readFile(file, 'utf8');
    return createPublicKey(pem).asymmetricKeyType === 'ed25519' ? { file, pem } : { file };
  } catch {
    return { file };
  }
}
