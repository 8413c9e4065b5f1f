import type { ReleasedCommit } from '../activities/notify/github-notifier.ts';
import { githubRepositoryOf } from '../activities/notify/github-repository.ts';
import type { Records } from '../activities/records/port.ts';
import type { Verifier } from '../activities/shared/signatures.ts';
import { orderOfRun } from '../activities/steps/order-of-run.ts';
import { lastPlanOf } from '../activities/steps/recorded-result.ts';
import { laneOfRun, orderOfRollback } from '../domain/contract/names.ts';
import { failure } from '../domain/errors/catalogue.ts';

interface Known {
  records: Pick<Records, 'attempts' | 'plans' | 'decisions' | 'breaches'>;
  verifier: Pick<Verifier, 'verify'>;
  /** Of the policy on this machine's disk. */
  services: () => Promise<Record<string, { repository: string }>>;
}

/**
 * The commit that a run is about is on record; where its repository is, the operator's policy says, and nobody else. Throws SLIP-NTF-2 (terminal)
 * where there is nothing that GitHub could show.
 */
export function createReleasedCommit({ records, verifier, services }: Known) {
  return async (run: string): Promise<ReleasedCommit> => {
    const isOrdered = orderOfRollback(run) !== undefined;
    const order = isOrdered ? await orderOfRun({ records, verifier }, run) : undefined;
    const release = isOrdered ? order?.releaseId : run;
    const [attempt, plan] =
      release === undefined
        ? []
        : await Promise.all([records.attempts.find(release), lastPlanOf(records.plans, release)]);
    if (release === undefined || !attempt) throw failure('SLIP-NTF-2', `nothing is on record of the commit of ${run}`);
    const lane = laneOfRun(release);
    const known = await services();
    const service = lane && Object.hasOwn(known, lane.service) ? known[lane.service] : undefined;
    const at = service && githubRepositoryOf(service.repository);
    if (!at)
      // Another worker may have a newer policy.
      throw failure(
        'SLIP-NTF-4',
        `the policy has no repository of GitHub for ${lane?.service ?? run}: name it in \`repository\``,
      );
    return {
      release,
      ...at,
      commit: attempt.request.commit,
      ...(plan?.regions.some(({ name }) => order?.regions && !order.regions.includes(name)) && {
        isPartly: true as const,
      }),
      ...(plan && {
        placed: {
          regions: plan.regions.map(({ name }) => name),
          components: plan.components.map(({ name, image, regions, promoted }) => ({
            ...{ name, image, regions },
            ...(promoted && { promoted }),
          })),
        },
      }),
    };
  };
}
