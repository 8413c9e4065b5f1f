import { describe, expect, it } from '@jest/globals';
import type { Box, BoxProbe } from '../../activities/box/port.ts';
import { chooseBuilder } from '../../activities/images/choose-builder.ts';
import { pushFailure } from '../../activities/images/push-failure.ts';
import { buildFailure } from '../../activities/shared/build-failure.ts';
import type { CommandResult } from '../../activities/shared/run-command.ts';

const said = (tail: string, changes: Partial<CommandResult> = {}): CommandResult => ({
  exitCode: 1,
  timedOut: false,
  stdout: Buffer.alloc(0),
  truncated: false,
  tail,
  ...changes,
});

describe('what a builder said, as a failure', () => {
  it.each([
    ['COPY failed: file not found in build context', 'SLIP-IMG-1'],
    ['The command "/bin/sh -c npm ci" returned a non-zero code: 1', 'SLIP-IMG-1'],
    ['npm ERR! connect ECONNREFUSED in a RUN step', 'SLIP-IMG-1'],
    ['write /var/lib/docker/x: no space left on device', 'SLIP-IMG-7'],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', 'SLIP-IMG-7'],
    [
      'initializing source docker://node:24: pinging container registry registry-1.docker.io: Get "https://registry-1.docker.io/v2/": dial tcp: i/o timeout',
      'SLIP-IMG-7',
    ],
    [
      'failed to resolve source metadata for docker.io/library/node:24: dial tcp 1.2.3.4:443: connection refused',
      'SLIP-IMG-7',
    ],
  ])('building: %s', (tail, code) => expect(buildFailure('docker build', said(tail)).details.code).toBe(code));

  it('a build that takes too long may be tried again', () => {
    expect(buildFailure('docker build', said('', { timedOut: true })).details).toMatchObject({
      code: 'SLIP-IMG-7',
      kind: 'retryable',
    });
  });

  it.each([
    ['denied: requested access to the resource is denied', 'SLIP-IMG-5'],
    ['unauthorized: authentication required', 'SLIP-IMG-5'],
    ['no basic auth credentials', 'SLIP-IMG-5'],
    ["name unknown: The repository with name 'shop' does not exist in the registry", 'SLIP-IMG-8'],
    ['dial tcp 127.0.0.1:1: connect: connection refused', 'SLIP-IMG-2'],
    ['received unexpected HTTP status: 503 Service Unavailable', 'SLIP-IMG-2'],
    ['no space left on device', 'SLIP-IMG-7'],
  ])('pushing: %s', (tail, code) => expect(pushFailure('skopeo copy', said(tail)).details.code).toBe(code));
});

const nowhere = 'unix:///none/docker.sock';
const aBox = (probe: BoxProbe): Box => ({ probe: async () => probe, run: () => Promise.reject(new Error('not run')) });

describe('chooseBuilder', () => {
  it('answers a builder, or says of every kind why it does not work here', async () => {
    const choice = await chooseBuilder({ dockerHost: nowhere, box: aBox({ works: true, name: 'tests', missing: [] }) });
    if (choice.kind === 'found') expect(choice.name).toMatch(/buildah.* in a box of tests$/);
    else expect(choice.reason).toMatch(/Docker: .*\S.*buildah: .*\S/s);
  });

  it('builds nothing by buildah where it cannot be isolated, and says why', async () => {
    const box = aBox({ works: false, why: 'no user namespaces' });
    const choice = await chooseBuilder({ dockerHost: nowhere, box });
    expect(choice).toMatchObject({
      kind: 'none',
      reason: expect.stringMatching(/buildah: .*(isolated: no user namespaces|PATH)/),
    });
  });

  it('says which bounds are missing where it builds', async () => {
    const box = aBox({ works: true, name: 'tests', missing: ['share of the CPU'] });
    const choice = await chooseBuilder({ dockerHost: nowhere, box });
    const said = choice.kind === 'found' ? choice.name : choice.reason;
    expect(said).toMatch(/without a bound on: share of the CPU|PATH/);
  });
});
