import type { RunView } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { temporalAway } from '../temporal-away.ts';

/**
 * How a run or a lane is that is on record. Where Temporal cannot tell, nobody can say that it is over: it is taken for open, so that nobody
 * records its end, what is decided about it is stored, and a lane is told from the records. Undefined where Temporal does not know it.
 */
export async function lookAt({ engine, log }: GatewayParts, workflowId: string): Promise<RunView | undefined> {
  try {
    return await engine.look(workflowId);
  } catch (error) {
    if (temporalAway(error) === undefined) log?.(error);
    return { open: true, pending: [] };
  }
}
