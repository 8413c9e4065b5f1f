import { buildQueue, engineQueue, environmentQueue } from '../domain/contract/names.ts';

/** What one worker process does. Roles are apart because their rights are: code from repositories never runs beside an environment's credentials. */
export type Role = { kind: 'engine' } | { kind: 'build' } | { kind: 'environment'; environment: string };

/** Reads `engine,build,environment:production`. Throws an Error that says what is accepted. */
export function parseRoles(text: string): Role[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new Error('no role: say engine, build or environment:<name>');
  return words.map((word) => {
    if (word === 'engine' || word === 'build') return { kind: word };
    const environment = /^environment:([a-z0-9-]+)$/.exec(word)?.[1];
    if (environment === undefined)
      throw new Error(`${JSON.stringify(word)} is no role: say engine, build or environment:<name>`);
    return { kind: 'environment', environment };
  });
}

export function queueOf(role: Role): string {
  switch (role.kind) {
    case 'engine':
      return engineQueue;
    case 'build':
      return buildQueue;
    case 'environment':
      return environmentQueue(role.environment);
  }
}
