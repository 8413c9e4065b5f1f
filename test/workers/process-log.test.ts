import { expect, it } from '@jest/globals';
import { createLog } from '../../activities/shared/log.ts';
import { knownSecrets } from '../../activities/shared/known-secrets.ts';
import { sdkLogging } from '../../workers/process-log.ts';

it('has what the SDK says, its native part included, in the same lines and without secrets', () => {
  knownSecrets.know('a-secret-of-a-step');
  const lines: unknown[] = [];
  const { logger, telemetryOptions } = sdkLogging(
    createLog({ form: 'json', to: { write: (line) => void lines.push(JSON.parse(line)) } }),
  );
  logger!.info('Worker state changed', { state: 'RUNNING', taskQueue: 'build' });
  logger!.warn('Activity failed', { error: new Error('with a-secret-of-a-step'), taskToken: 'of-a-step' });
  logger!.debug('nobody has asked for this');
  expect(lines).toEqual([
    expect.objectContaining({ level: 'info', msg: 'Worker state changed', state: 'RUNNING', taskQueue: 'build' }),
    expect.objectContaining({
      level: 'warn',
      msg: 'Activity failed',
      error: expect.objectContaining({ message: 'with [redacted]' }),
      taskToken: '[redacted]',
    }),
  ]);
  expect(telemetryOptions?.logging).toHaveProperty('forward');
});
