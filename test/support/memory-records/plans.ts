import type { Records } from '../../../activities/records/port.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { answering, frozen, same } from './stored.ts';

const documentLimit = 4 * 1024 * 1024;

/** `refusePlanning` throws for a run of which nothing is planned anew. */
export function memoryPlans(refusePlanning: (releaseId: string) => void): Records['plans'] & {
  has(releaseId: string, name: string): boolean;
  /** Of its plan; undefined before there is one. */
  hashIn(releaseId: string): string | undefined;
  /** All of them, or none. */
  keepAll(releaseId: string, told: Readonly<Record<string, unknown>>): void;
} {
  const plans = new Map<string, ReleasePlan>();
  const documents = new Map<string, unknown>();
  const asStored = <T>(document: T): T => {
    const text = JSON.stringify(document) as string | undefined;
    if (text === undefined || Buffer.byteLength(text) > documentLimit)
      throw failure('SLIP-REC-4', 'it has no JSON form, or is too large');
    return frozen(JSON.parse(text) as T);
  };
  const storing = (releaseId: string, name: string, document: unknown) => {
    const key = `${releaseId}\0${name}`;
    const stored = asStored(document);
    if (name === 'result' && documents.has(key) && !same(documents.get(key), stored))
      throw failure('SLIP-REC-2', `${name} of ${releaseId} cannot be replaced any more`);
    if (name === 'planned' && !same(documents.get(key), stored)) refusePlanning(releaseId);
    return () => documents.set(key, stored);
  };
  return {
    has: (releaseId, name) => documents.has(`${releaseId}\0${name}`),
    hashIn: (releaseId) => (documents.get(`${releaseId}\0planned`) as { hash: string } | undefined)?.hash,
    store: answering((hash, plan) => {
      const known = plans.get(hash);
      if (known === undefined) plans.set(hash, asStored(plan));
      else if (!same(known, plan)) throw failure('SLIP-REC-2', `plan ${hash} is stored with other content`);
    }),
    find: answering((hash) => plans.get(hash)),
    // What the database's own triggers guard of a build's documents is no matter of steps that change an environment.
    keep: answering((releaseId, name, document) => void storing(releaseId, name, document)()),
    keepAll: (releaseId, told) => {
      const all = Object.entries(told).map(([name, document]) => storing(releaseId, name, document));
      for (const store of all) store();
    },
    keptAmong: answering((releaseIds, names) =>
      releaseIds.flatMap((releaseId) =>
        names.flatMap((name) => {
          const document = documents.get(`${releaseId}\0${name}`);
          return document === undefined ? [] : [{ releaseId, name, json: JSON.stringify(document) }];
        }),
      ),
    ),
    kept: answering((releaseId, name) => documents.get(`${releaseId}\0${name}`)),
  };
}
