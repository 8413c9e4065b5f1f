import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connectClient, connectionOptions } from '../../client/connection.ts';
import { readConfig } from '../../temporal.config.ts';
import { compose } from '../../workers/compose.ts';
import { minimalQueue } from './same-steps.ts';

/** A worker for the minimal workflow, with the engine's own steps as its activities and no interceptor. Ends when its parent does. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const config = readConfig();
  const parts = await compose(config);
  const client = await connectClient(config.temporal);
  const environment = await parts.environmentSteps('production');
  const worker = await Worker.create({
    connection: await NativeConnection.connect(await connectionOptions(config.temporal)),
    namespace: config.temporal.namespace,
    taskQueue: minimalQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./minimal-workflow.ts', import.meta.url)),
      logger: new DefaultLogger('WARN'),
    }),
    activities: { ...parts.engineSteps(client), ...environment.steps },
    maxCachedWorkflows: config.limits.maxCachedWorkflows,
    maxConcurrentActivityTaskExecutions: config.limits.changes,
    maxHeartbeatThrottleInterval: '5s',
    stickyQueueScheduleToStartTimeout: '1s',
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
  await worker.run();
}

await main();
