import {
  buildQueue,
  engineQueue,
  engineWatchQueue,
  environmentQueue,
  environmentUses,
} from '../domain/contract/names.ts';

/** What one worker process does. Roles are apart because their rights are: code from repositories never runs beside an environment's credentials. */
export type Role = { kind: 'engine' } | { kind: 'build' } | { kind: 'environment'; environment: string };

/** Reads `engine,build,environment:production`. Throws one Error that names every word that is no role, and what is accepted. */
export function parseRoles(text: string): Role[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new Error('no role: say engine, build or environment:<name>');
  const roles = words.map((word) => ({ word, role: readRole(word) }));
  const unknown = roles.filter(({ role }) => role === undefined).map(({ word }) => JSON.stringify(word));
  if (unknown.length > 0)
    throw new Error(`no role is ${unknown.join(' or ')}: say engine, build or environment:<name>`);
  return roles.flatMap(({ role }) => role ?? []);
}

function readRole(word: string): Role | undefined {
  if (word === 'engine' || word === 'build') return { kind: word };
  const environment = /^environment:([a-z0-9-]+)$/.exec(word)?.[1];
  return environment === undefined ? undefined : { kind: 'environment', environment };
}

/** One activity worker's queue, and which limit bounds the steps that it has at once. */
export interface StepQueue {
  taskQueue: string;
  limit: 'changes' | 'watches' | 'rollbacks' | 'builds';
}

/** The queues that a role serves, each in slots of its own: what runs for hours in one never keeps waiting what is in another. */
export function queuesOf(role: Role): StepQueue[] {
  switch (role.kind) {
    case 'engine':
      return [
        { taskQueue: engineQueue, limit: 'changes' },
        { taskQueue: engineWatchQueue, limit: 'watches' },
      ];
    case 'build':
      return [{ taskQueue: buildQueue, limit: 'builds' }];
    case 'environment':
      return environmentUses.map((use) => ({
        taskQueue: environmentQueue(role.environment, use),
        limit: limitOf[use],
      }));
  }
}

const limitOf = {
  change: 'changes',
  watch: 'watches',
  'roll-back': 'rollbacks',
  'roll-back-watch': 'watches',
} as const;
