import { parseStored } from '../shared/stored-json.ts';
import type { Plans } from '../records/port.ts';

type Kept = Pick<Plans, 'kept'>;

/**
 * These documents of these releases, read in one question, for whoever asks for one of them. Asked for any other it throws: what was not
 * read is not missing.
 */
export async function atOnce(
  plans: Pick<Plans, 'keptAmong'>,
  releaseIds: readonly string[],
  names: readonly string[],
): Promise<Kept> {
  const found = releaseIds.length > 0 ? await plans.keptAmong(releaseIds, names) : [];
  const [ids, known] = [new Set(releaseIds), new Set(names)];
  const documents = new Map(found.map((one) => [inWords(one.releaseId, one.name), one.json]));
  return {
    kept: async (releaseId, name) => {
      if (!ids.has(releaseId) || !known.has(name)) throw new TypeError(`${name} of ${releaseId} was not read`);
      const json = documents.get(inWords(releaseId, name));
      return json === undefined ? undefined : parseStored(json);
    },
  };
}

const inWords = (releaseId: string, name: string) => JSON.stringify([releaseId, name]);
