import { engineQueue } from '../../domain/contract/names.ts';
import { parseRoles, queuesOf } from '../../workers/roles.ts';

/** Every queue of steps alone, for one environment: all but the engine's own, whose worker has the workflows too. */
export const stepQueues = parseRoles('engine,build,environment:production')
  .flatMap(queuesOf)
  .map(({ taskQueue }) => taskQueue)
  .filter((taskQueue) => taskQueue !== engineQueue);
