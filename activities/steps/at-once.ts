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
  return {
    kept: async (releaseId, name) => {
      if (!releaseIds.includes(releaseId) || !names.includes(name))
        throw new TypeError(`${name} of ${releaseId} was not read`);
      return found.find((one) => one.releaseId === releaseId && one.name === name)?.document;
    },
  };
}
