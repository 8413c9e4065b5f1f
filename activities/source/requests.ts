import { isAbsolute } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';

/** What may be handed to git. Everything that could be read as an option, a refspec or a remote helper is refused: SLIP-SRC-4. */
export function requireCommit(commit: string): void {
  if (!/^[0-9a-f]{40}$/.test(commit))
    throw failure(
      'SLIP-SRC-4',
      `${JSON.stringify(commit)} is not a full commit (40 lower-case hexadecimal characters)`,
    );
}

/** A branch name as git allows it: see git-check-ref-format(1). */
export function requireBranch(branch: string): void {
  // eslint-disable-next-line no-control-regex
  const forbidden = /^[-/]|[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$|\.lock(\/|$)|(^|\/)\./;
  if (branch === '' || branch === '@' || branch.length > 250 || forbidden.test(branch)) {
    throw failure('SLIP-SRC-4', `${JSON.stringify(branch)} is not a branch name`);
  }
}

export function requirePath(path: string): void {
  const parts = path.split('/');
  if (path.includes('\0') || isAbsolute(path) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw failure('SLIP-SRC-4', `${JSON.stringify(path)} is not a path inside the repository`);
  }
}

export function requireRepository(repository: string, allowedProtocols: readonly string[]): void {
  const protocol = protocolOf(repository);
  if (protocol === undefined)
    throw failure('SLIP-SRC-4', 'the repository is not a URL, an ssh address or an absolute path');
  if (/^[a-z]+:\/\/[^/@:]*:[^/@]*@/i.test(repository))
    throw failure('SLIP-SRC-4', 'the repository URL must not carry a password');
  if (!allowedProtocols.includes(protocol)) {
    throw failure(
      'SLIP-SRC-4',
      `${repository} is by ${protocol}; the process that was to read it allows ${allowedProtocols.join(', ')}`,
    );
  }
}

function protocolOf(repository: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f]/.test(repository) || repository.includes('::')) return undefined; // `ext::sh -c …` names a remote helper
  if (isAbsolute(repository)) return 'file';
  const url = /^([a-z][a-z0-9+.-]*):\/\/[^-]/i.exec(repository);
  if (url) return url[1]!.toLowerCase();
  return /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:[^-:]/.test(repository) ? 'ssh' : undefined;
}
