import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { aRelease, ended } from './builders.ts';
import { startFakeGateway, token, type FakeGateway } from './fake-gateway.ts';

const bin = fileURLToPath(new URL('../../../bin/slipway.js', import.meta.url));

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', SLIPWAY_GATEWAY: gateway.url, SLIPWAY_TOKEN: token, ...env },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  const closed = new Promise<{ code: number | null }>((resolve) => child.on('close', (code) => resolve({ code })));
  return { child, end: async () => ({ ...(await closed), ...out }) };
}

const path = (id: string) => `GET /v1/releases/${encodeURIComponent(id)}`;

it('leaves the release running on Ctrl-C, says how to go on and ends with 130', async () => {
  const release = aRelease();
  const asked = new Promise<void>((resolve) => {
    gateway.on(path(release.releaseId), () => {
      resolve();
      return { body: release };
    });
  });
  const { child, end } = start(['watch', release.releaseId]);
  await asked;
  child.kill('SIGINT');
  const { code, stderr } = await end();
  expect(code).toBe(130);
  expect(stderr).toContain(`slipway watch ${release.releaseId}`);
  expect(gateway.seen.every(({ method }) => method === 'GET')).toBe(true);
});

it('ends by itself with the exit code of the release, without colours outside a terminal', async () => {
  const release = ended(aRelease(), 'rolled-back');
  gateway.on(path(release.releaseId), { body: release });
  const { code, stdout, stderr } = await start(['watch', release.releaseId]).end();
  expect(code).toBe(10);
  expect(stdout).toContain('rolled-back: it rolled-back');
  expect(stdout + stderr).not.toContain('\u001b');
});

it('is not disturbed by a reader that leaves', async () => {
  const release = aRelease();
  gateway.on(path(release.releaseId), { body: release });
  const { child, end } = start(['status', release.releaseId]);
  child.stdout.destroy();
  const { code, stderr } = await end();
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
