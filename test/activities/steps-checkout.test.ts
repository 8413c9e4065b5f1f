import { existsSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ScanReport } from '../../activities/scan/port.ts';
import type { BuildDependencies } from '../../activities/steps/build-steps.ts';
import { aReleaseId, aRequest, aSpec } from '../domain/builders.ts';

// Root may remove everything, and tests often run as root: only a stand-in refuses reliably.
let mayRemove = true;
const rm: typeof files.rm = async (path, options) => {
  if (!mayRemove)
    throw Object.assign(new Error(`EACCES: permission denied, rmdir '${String(path)}'`), { code: 'EACCES' });
  await files.rm(path, options);
};
jest.unstable_mockModule('node:fs/promises', () => ({ ...files, rm }));
const { createBuildSteps } = await import('../../activities/steps/build-steps.ts');

describe('the checkout of a gate', () => {
  let checkout: string;
  let warnings: { message: string; meta: unknown }[];
  beforeEach(() => {
    mayRemove = true;
    warnings = [];
  });
  afterEach(() => files.rm(checkout, { recursive: true, force: true }));

  /** Looks for secrets in a checkout; `look` is what the scanner does there. */
  const scanSource = (look: () => Promise<ScanReport>) => {
    const releaseId = aReleaseId();
    const kept: Record<string, unknown> = { read: { spec: aSpec() } };
    const steps = createBuildSteps({
      source: { checkOut: async ({ directory }: { directory: string }) => void (checkout = directory) },
      secretScanner: { scanTree: look },
      records: {
        attempts: { find: async () => ({ request: aRequest() }) },
        plans: {
          kept: async (_id: string, name: string) => kept[name],
          keep: async (_id: string, name: string, value: unknown) => (kept[name] = value),
        },
      },
      verifier: { unsignedRequests: 'accept' },
      now: () => 0,
    } as unknown as BuildDependencies);
    const logger = new DefaultLogger('WARN', ({ message, meta }) => warnings.push({ message, meta }));
    const info = { workflowExecution: { workflowId: releaseId, runId: 'run' } };
    return new MockActivityEnvironment(info, { logger }).run(steps.scanSource, { releaseId });
  };
  const clean: ScanReport = { kind: 'scanned', scanner: 'fake', findings: [] };

  it('is gone afterwards', async () => {
    const gate = await scanSource(async () => (expect(existsSync(checkout)).toBe(true), clean));
    expect(gate).toMatchObject({ verdict: 'pass' });
    expect(existsSync(checkout)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it('does not take the result with it when it cannot be removed, and is named in the log', async () => {
    mayRemove = false;
    expect(await scanSource(async () => clean)).toMatchObject({ verdict: 'pass' });
    expect(warnings).toEqual([
      {
        message: expect.stringContaining('could not be removed'),
        meta: expect.objectContaining({ directory: checkout, error: expect.stringContaining('EACCES') }),
      },
    ]);
  });

  it('does not hide why the gate failed when it cannot be removed', async () => {
    mayRemove = false;
    const attempt = scanSource(() => Promise.reject(new Error('said by the scanner')));
    await expect(attempt).rejects.toThrow('said by the scanner');
  });
});
