import type { Records } from '../../../activities/records/port.ts';
import { laneOfRun } from '../../../domain/contract/names.ts';
import { memoryAudit } from './audit.ts';
import { memoryChanges } from './changes.ts';
import { memoryBreaches, memoryDecisions } from './decisions.ts';
import { memoryInventory, memorySchema } from './inventory.ts';
import { memoryClosings, memoryLanes } from './lanes.ts';
import { memoryLanesAtOnce } from './lanes-at-once.ts';
import { memoryOutbox } from './outbox.ts';
import { memoryPlans } from './plans.ts';
import { memoryCredentials } from './credentials.ts';
import { memoryServiceTokens } from './service-tokens.ts';
import { memorySessions } from './sessions.ts';
import { same } from './stored.ts';
import { memoryAttempts, memoryTouched } from './runs.ts';

/**
 * Records for tests that need thousands of them. Kept to what PostgreSQL does by the same contract suite; what only the gateway writes about
 * the ends of the audit, and of Slack, is not in it. `now`: what its clock goes by, ms.
 */
export function createMemoryRecords({ now = Date.now }: { now?: () => number } = {}): Records {
  let last = -Infinity;
  const clock = () => (last = Math.max(now(), last + 0.001));
  const plans = memoryPlans((releaseId) => touched.refusePlanning(releaseId));
  const attempts = memoryAttempts(plans.keepAll);
  const lanes = memoryLanes(clock);
  const hasEnded = (id: string) => attempts.outcomeOf(id) !== undefined || plans.has(id, 'result');
  const decisions = memoryDecisions(clock, { beganAt: (id) => touched.beganAt(id), hasEnded });
  const touched = memoryTouched(clock, {
    hasEnded,
    isStill: (id, { ticket, subject, decisions: count, standing, planHash }) =>
      same(lanes.ticketIn(laneOfRun(id)!), ticket) &&
      same(decisions.countAbout([id, subject]), { decisions: count, standing }) &&
      (plans.hashIn(subject) ?? planHash) === planHash,
    hasChanges: (id) => changes.hasAny(id),
  });
  const changes = memoryChanges(clock, {
    touch: touched.touch,
    takeBack: (releaseId, region) => inventory.putBack(releaseId, region),
  });
  const inventory = memoryInventory({
    outcomeOf: attempts.outcomeOf,
    isOpenFor: (releaseId, row) => changes.isOpenFor(releaseId, { ...row, lane: row }),
    lastIn: (row) => changes.lastIn({ ...row, lane: row }),
    begunBackIn: changes.begunBackIn,
  });
  const closings = memoryClosings(clock);
  return {
    attempts,
    decisions,
    breaches: memoryBreaches(),
    inventory,
    schema: memorySchema(),
    touched,
    changes,
    lanes,
    closings,
    lanesAtOnce: memoryLanesAtOnce({ inventory, touched, closings, attempts }),
    plans,
    audit: memoryAudit(),
    chainEnds: {
      add: () => Promise.reject(new Error('not kept here')),
      shipNext: () => Promise.resolve({ came: 'no more', strange: [] }),
    },
    credentials: memoryCredentials(),
    tokens: memoryServiceTokens(),
    sessions: memorySessions(clock),
    outbox: memoryOutbox(clock, { hasEnded, hasBegun: (id) => touched.beganAt(id) !== undefined }),
    slack: {
      isFirst: () => Promise.reject(new Error('not kept here')),
      find: () => Promise.resolve([]),
      unfinished: () => Promise.resolve([]),
      behind: () => Promise.resolve(0),
      take: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(false),
      drop: () => Promise.resolve(),
      forget: () => Promise.resolve(),
      put: () => Promise.resolve(),
    },
    clock: { now: () => Promise.resolve(Math.floor(clock())) },
    close: () => Promise.resolve(),
  };
}
