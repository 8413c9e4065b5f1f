import { hintFor } from '../domain/nearest.ts';
import type { Finding, Path } from './problem.ts';

/** Finding for a name that stands for nothing; none for a name that is itself malformed. */
export function unknownName(path: Path, what: string, name: string, known: readonly string[] | undefined): Finding[] {
  if (known === undefined || name === '' || known.includes(name)) return [];
  return [{ path, message: `there is no ${what} \`${name}\``, hint: () => hintFor(name, known) }];
}
