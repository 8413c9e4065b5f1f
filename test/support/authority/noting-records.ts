import type { Records } from '../../../activities/records/port.ts';
import type { Deed } from './events.ts';

/** Records that say what is written to them that people build on. */
export function notingRecords(
  records: Records,
  { happened, hasEnded }: { happened(deed: Deed): void; hasEnded(run: string): boolean },
): Records {
  const ends = (run: string, outcome: string) => {
    if (!hasEnded(run)) happened({ what: 'ended', run, outcome });
  };
  const { inventory, attempts, plans, lanes, decisions, changes } = records;
  const regionsOf = async (release: string) => [...new Set((await inventory.of(release)).map(({ region }) => region))];
  /** What it takes from the inventory. */
  async function taken<Answer>(release: string, by: () => Promise<Answer>): Promise<Answer> {
    const before = await regionsOf(release);
    const answer = await by();
    const after = await regionsOf(release);
    const gone = before.filter((region) => !after.includes(region));
    if (gone.length > 0) happened({ what: 'revoked', release, regions: gone });
    return answer;
  }
  return {
    ...records,
    inventory: {
      ...inventory,
      async record(rows, seenAfter) {
        const before = await Promise.all(rows.map((row) => inventory.history({ ...row, limit: 50 })));
        await inventory.record(rows, seenAfter);
        for (const [i, row] of rows.entries()) {
          const { service, environment, region, component, image, releaseId: release } = row;
          if (before[i]!.some(({ releaseId }) => releaseId === release)) continue;
          happened({ what: 'verified', release, image, lane: { service, environment }, region, component });
        }
      },
      takeBack: (undoing, reason) => taken(undoing.releaseId, () => inventory.takeBack(undoing, reason)),
      revoke: (release, reason, regions) => taken(release, () => inventory.revoke(release, reason, regions)),
    },
    changes: {
      ...changes,
      begin: (change, touched) => taken(touched.workflowId, () => changes.begin(change, touched)),
    },
    attempts: {
      ...attempts,
      async conclude(release, end) {
        await attempts.conclude(release, end);
        ends(release, end.outcome);
      },
    },
    plans: {
      ...plans,
      async keep(run, name, document) {
        await plans.keep(run, name, document);
        if (name === 'result') ends(run, (document as { outcome: string }).outcome);
      },
    },
    decisions: {
      ...decisions,
      async consume(use) {
        await decisions.consume(use);
        happened({ what: 'used', release: use.releaseId, decisions: use.decisionIds });
      },
    },
    lanes: {
      ...lanes,
      async remember(lane, memory, by) {
        const before = await lanes.holder(lane);
        const written = await lanes.remember(lane, memory, by);
        const after = await lanes.holder(lane);
        if (JSON.stringify(after) === JSON.stringify(before)) return written;
        const ticket = after?.ticket ?? { incarnation: 0, n: 0 };
        const write = { incarnation: by.incarnation, n: by.sequence };
        happened({ what: 'let-in', lane, run: after?.member.releaseId, ticket, write });
        return written;
      },
    },
  };
}
