import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { birthOf } from '../../../lab/kubernetes/processes.ts';
import { ensureTemporalTestServer, startTemporal } from '../../../lab/services/temporal.ts';
import { isNewEnough } from '../../../lab/services/temporal-programs.ts';

// The first start on a machine installs the program.
const patience = 300_000;

describe("the lab's Temporal server", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-lab-temporal-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const start = () => startTemporal({ directory, searchAttributes: ['SlipwayLabService'], progress: () => {} });

  async function asking<T>(address: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address });
    try {
      return await ask(connection);
    } finally {
      await connection.close();
    }
  }

  it(
    'is ready, with its search attributes and its UI, when it says so',
    async () => {
      const server = await start();
      const { customAttributes } = await asking(server.address, (connection) =>
        connection.operatorService.listSearchAttributes({ namespace: 'default' }),
      );
      const ui = await fetch(server.uiUrl ?? '');
      await server.stop();
      expect(Object.keys(customAttributes)).toContain('SlipwayLabService');
      expect(ui.status).toBe(200);
      expect(await birthOf(server.pid)).toBeUndefined();
    },
    patience,
  );

  it('finds its runs again after it was started again', async () => {
    const first = await start();
    const started = await asking(first.address, ({ workflowService }) =>
      workflowService.startWorkflowExecution({
        namespace: 'default',
        requestId: 'one',
        workflowId: 'kept',
        workflowType: { name: 'none' },
        taskQueue: { name: 'none' },
      }),
    );
    await first.stop();
    const second = await start();
    const found = await asking(second.address, ({ workflowService }) =>
      workflowService.describeWorkflowExecution({ namespace: 'default', execution: { workflowId: 'kept' } }),
    );
    await second.stop();
    expect(found.workflowExecutionInfo?.execution?.runId).toBe(started.runId);
  });

  it('refuses a directory that another one is working in', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(/uses .*slipway-lab-temporal/);
    await server.stop();
  });

  it('has a test server that skips time', async () => {
    const program = await ensureTemporalTestServer(() => {});
    expect((await stat(program)).mode & 0o100).toBe(0o100);
  }, 300_000);

  it.each([
    ['1.5.0', true],
    ['1.10.2', true],
    ['2.0.0', true],
    ['1.4.9', false],
    ['0.13.2', false],
  ])('takes a temporal %s from PATH: %s', (version, taken) => {
    expect(isNewEnough(version)).toBe(taken);
  });
});
