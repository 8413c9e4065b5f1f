import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { runTogether } from '../../../workers/run-together.ts';

/** A process of its own, as a worker that is watched: its SDK is made to shut it down. Its argument is the server's address. */
const address = process.argv[2]!;
const connection = await NativeConnection.connect({ address });
const workflowsPath = fileURLToPath(new URL('../workflows/half.ts', import.meta.url));
const worker = await Worker.create({
  connection,
  taskQueue: 'dying',
  workflowBundle: await bundleWorkflowCode({ workflowsPath }),
});
const { over } = runTogether([worker], {
  graceMs: 500,
  report: (line) => void process.stdout.write(`${line}\n`),
});
const client = new Client({ connection: await Connection.connect({ address }) });
await client.workflow.start('half', { taskQueue: 'dying', workflowId: 'half' });
await over.then(
  () => process.exit(0),
  (error: unknown) => {
    process.stdout.write(`${String(error)}\n`);
    process.exit(1);
  },
);
