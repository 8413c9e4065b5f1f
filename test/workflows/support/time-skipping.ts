import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import type { Client } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { TimeSkippingClient } from '@temporalio/testing/lib/client.js';
import { NativeConnection } from '@temporalio/worker';
import { startOwned } from '../../../lab/services/processes.ts';
import { notListening, startedAgain, untilReady } from '../../../lab/services/starting.ts';
import { ensureTemporalTestServer } from '../../../lab/services/temporal-programs.ts';
import { openWorkingDirectory } from '../../../lab/working-directory.ts';

/** Temporal's test server: while a client waits for a result, time that nothing happens in is skipped. */
export interface TimeSkipping {
  client: Client;
  connection: Connection;
  nativeConnection: NativeConnection;
  currentTimeMs(): Promise<number>;
  sleep(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const namespace = 'default';

/** As `TestWorkflowEnvironment.createTimeSkipping`, which gives up after 5 s: too soon for a machine with other work. */
export async function startTimeSkipping(): Promise<TimeSkipping> {
  const program = await ensureTemporalTestServer(() => {});
  const { path: directory, stop: remove } = await openWorkingDirectory('slipway-time-skipping-', () => {});
  const { owned, address } = await startedAgain(undefined, (port) => launch(program, directory, port));
  const nativeConnection = await NativeConnection.connect({
    address,
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  } as Parameters<typeof NativeConnection.connect>[0]);
  let isStopping = false;
  const connection = await connect(address, () => isStopping);
  const { testService } = connection;
  if (!testService) throw new Error('the connection does not reach the test service');
  return {
    client: new TimeSkippingClient({ connection, namespace }),
    connection,
    nativeConnection,
    currentTimeMs: async () => tsToMs((await testService.getCurrentTime({})).time),
    sleep: async (ms) => void (await testService.unlockTimeSkippingWithSleep({ duration: msToTs(ms) })),
    async stop() {
      isStopping = true;
      await connection.close();
      await nativeConnection.close();
      await owned.stop();
      await remove();
    },
  };
}

async function launch(program: string, directory: string, port: number) {
  // Not --enable-time-skipping: then it would skip at all times, also while a step's reply is on its way.
  const args = [String(port)];
  const owned = await startOwned({ name: 'temporal-test-server', directory, program, args });
  try {
    const address = `127.0.0.1:${port}`;
    await untilReady(
      owned,
      "Temporal's test server",
      async () => (await notListening(owned.pid, port)) ?? ask(address),
    );
    return { owned, address };
  } catch (error) {
    await owned.stop();
    throw error;
  }
}

/** Asks as rarely as this server allows whether it is still there: more often than every five minutes and it ends the connection. */
const patientPings = { 'grpc.keepalive_time_ms': 5 * 60_000, 'grpc.keepalive_permit_without_calls': 0 };

function connect(address: string, isStopping = () => false): Promise<Connection> {
  return Connection.connect({
    address,
    connectTimeout: '20s',
    channelArgs: patientPings,
    interceptors: [callsAgainUntil(isStopping)],
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  } as Parameters<typeof Connection.connect>[0]);
}

/** As the SDK does by itself. What a test that hangs still waits for then ends: called again on a closed connection, it would fail another test. */
function callsAgainUntil(isStopping: () => boolean) {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  return makeGrpcRetryInterceptor({
    delayFunction,
    retryableDecider: (attempt, status) => !isStopping() && retryableDecider(attempt, status),
  });
}

async function ask(address: string): Promise<string | undefined> {
  return connect(address).then(
    (connection) => connection.close().then(() => undefined),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
