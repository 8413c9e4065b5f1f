import { cancellationSignal } from '@temporalio/activity';
import type { Digest } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import type { GoneBy, OwnChange, Records } from '../records/port.ts';
import { laneOf } from './lane-of.ts';
import { thisRun } from './touching.ts';

interface Wanted {
  region: string;
  component: string;
  purpose: Purpose;
  artifact: Digest;
}

/** Of the region, by the numbers that the records give. */
export interface RegionChange {
  number: number;
  /** The one that had begun last. */
  before: number | undefined;
}

/**
 * Changes a region: on record before it begins, and when it is over. In between nothing counts that anybody sees there, as a look may have
 * been before the effect or after it. Throws SLIP-REL-9 and SLIP-REL-10 (terminal) before anything is changed.
 */
export async function changing<Answer>(
  { records: { changes }, now }: { records: Pick<Records, 'changes'>; now: () => number },
  { goneBy, ...wanted }: Wanted & { goneBy?: GoneBy },
  effect: () => Promise<Answer>,
): Promise<{ answer: Answer; change: RegionChange }> {
  const { workflowId, runId } = thisRun();
  // One whose time is over, or that nobody waits for any more, begins nothing: another try of it may be done already.
  cancellationSignal().throwIfAborted();
  const change = await changes.begin(
    { lane: laneOf(workflowId), ...wanted },
    { workflowId, runId, what: placeInWords(wanted.component, wanted.region), at: now(), goneBy },
  );
  const answer = await effect().catch(async (error: unknown) => {
    // Refused by the place. What failed otherwise may still land: it is under way until the same is put there, or something later.
    if (isRefused(error)) await changes.end(change.number, false).catch(() => undefined);
    throw error;
  });
  await changes.end(change.number, true);
  return { answer, change };
}

const isRefused = (error: unknown) => error instanceof Failure && error.details.kind === 'terminal';

/** The last that its run has done there to each of these components was to deploy it, wholly. `own`: the last changes of that run. */
export function hasDeployedTo(
  region: string,
  components: readonly { name: string }[],
  own: readonly OwnChange[],
): boolean {
  const there = own.filter((one) => one.region === region && one.purpose === 'deploy' && one.isDone);
  return components.every(({ name }) => there.some(({ component }) => component === name));
}
