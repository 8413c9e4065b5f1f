import { DefaultLogger } from '@temporalio/worker';
import type { LogLevel, Runtime } from '@temporalio/worker';
import type { Log } from '../activities/shared/log.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  string
>;

/** How the SDK writes into the log of its process, what its native part says included. */
export function sdkLogging(log: Log): NonNullable<Parameters<typeof Runtime.install>[0]> {
  return {
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[levels[level]](meta ?? {}, message)),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  };
}
