import type { WorkerInterceptors } from '@temporalio/worker';
import { stepGuard } from '../../workers/step-guard.ts';

/** As the product's own workers have it: also fake steps are called with what the real ones take, by whoever may call them. */
export const guardedSteps: WorkerInterceptors = { activity: [(context) => ({ inbound: stepGuard(context) })] };
