import { readFile } from 'node:fs/promises';
import { knownSecrets } from './known-secrets.ts';

/** A secret by reference: `env:NAME` or `file:/absolute/path`. The value itself is never written down. */
export type SecretReference = string;

/** Says which reference could not be resolved, and why; never the value. Adapters turn it into a failure of their own area. */
export class SecretNotResolved extends Error {
  constructor(reference: SecretReference, why: string) {
    super(`the secret ${shown(reference)} cannot be resolved: ${why}`);
    this.name = 'SecretNotResolved';
  }
}

/**
 * The value behind a reference, read anew each time, so that a rotated secret is seen. One line break at the end of a file is dropped.
 * What was resolved is taken out of every text that is redacted from then on. Throws SecretNotResolved.
 */
export async function resolveSecret(reference: SecretReference): Promise<string> {
  const value = await valueOf(reference);
  knownSecrets.know(value);
  return value;
}

async function valueOf(reference: SecretReference): Promise<string> {
  const [scheme, rest] = split(reference);
  if (scheme === 'env') return nonEmpty(reference, process.env[rest], 'the variable is not set');
  if (scheme === 'file') return nonEmpty(reference, await readSecretFile(reference, rest), 'the file is empty');
  if (scheme === 'aws-sm') {
    throw new SecretNotResolved(
      reference,
      'AWS Secrets Manager is not supported yet; mount the secret as a file and use file:',
    );
  }
  throw new SecretNotResolved(reference, 'a reference begins with env: or file:');
}

export function isSecretReference(text: string): boolean {
  return /^(env|file|aws-sm):./.test(text);
}

async function readSecretFile(reference: SecretReference, path: string): Promise<string> {
  if (!path.startsWith('/')) throw new SecretNotResolved(reference, 'the path must be absolute');
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new SecretNotResolved(
      reference,
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
}

function nonEmpty(reference: SecretReference, value: string | undefined, why: string): string {
  if (!value) throw new SecretNotResolved(reference, why);
  return value;
}

function split(reference: SecretReference): [string, string] {
  const colon = reference.indexOf(':');
  return colon < 1 ? ['', reference] : [reference.slice(0, colon), reference.slice(colon + 1)];
}

/** Someone may have put the secret itself where a reference belongs: then not even the "reference" is shown. */
function shown(reference: SecretReference): string {
  return isSecretReference(reference) ? reference : '(not shown: it is no reference)';
}
