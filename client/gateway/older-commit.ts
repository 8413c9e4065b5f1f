import { ancestorsAmong, commitsOf } from '../../activities/steps/schema-age.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { verifiedNow } from '../../domain/verified-now.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

type Asked = Pick<ReleaseRequest, 'service' | 'environment' | 'repository' | 'commit' | 'downgrade'>;

/**
 * Opens the attempt that there is, or a new one that goes forward. Git is asked for a new one alone, and while nothing in the records waits for its
 * answer.
 */
export async function openForward<Opened>(
  parts: GatewayParts,
  asked: Asked,
  open: (refuseNew: Error | undefined) => Promise<Opened>,
): Promise<Opened> {
  const isNew = new Error('there is no such attempt yet');
  return open(isNew).catch(async (error: unknown) => {
    if (error !== isNew) throw error;
    return open(await whyNotForward(parts, asked));
  });
}

/**
 * Why this commit is not begun where something else is verified that it does not descend from: it would be superseded once it has the lane, after
 * it was built, tested and approved (domain/drift.ts asks the same again there). Undefined where it may begin.
 */
async function whyNotForward({ records, source }: GatewayParts, asked: Asked): Promise<Refused | undefined> {
  if (asked.downgrade) return undefined;
  const inventory = await records.inventory.current(asked);
  const commits = commitsOf(inventory);
  const known = new Set(await ancestorsAmong({ source }, asked, commits));
  const newer = verifiedNow(inventory).find(({ commit }) => !known.has(commit));
  if (!newer) return undefined;
  const { region, commit, releaseId } = newer;
  const message = `${asked.commit.slice(0, 12)} does not descend from ${commit.slice(0, 12)}, which is verified in ${region} (${releaseId}): nothing was started`;
  const next =
    'Release a commit that has it in its past. Where going back is what you want: `slipway rollback`, or --downgrade, of which the plan tells whoever approves it.';
  return new Refused(409, 'older-commit', message, next);
}
