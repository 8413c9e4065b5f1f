import { Failure } from '../../domain/errors/failure.ts';
import type { Notifier } from './port.ts';

/**
 * Tells everybody; one that fails keeps nobody else from hearing. Then throws the failure worth repeating, if there is one, else the
 * first. A repetition with the same key reaches only those that have not accepted it: each remembers what it has sent.
 */
export function createAllNotifiers({ notifiers }: { notifiers: readonly Notifier[] }): Notifier {
  return {
    async notify(notification) {
      const results = await Promise.allSettled(notifiers.map((notifier) => notifier.notify(notification)));
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      const [first] = [...errors.filter(isWorthRepeating), ...errors];
      if (errors.length > 0) throw first;
    },
  };
}

function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof Failure) || error.details.kind !== 'terminal';
}
