import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { birthOf } from '../../../lab/kubernetes/processes.ts';
import { endLeftover, freePort, onPort, startOwned, untilListening } from '../../../lab/services/processes.ts';

const processes = resolve(import.meta.dirname, '../../../lab/services/processes.ts');

describe('processes that belong to us', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-processes-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const aWaiting = (script = 'setInterval(() => {}, 1000)') =>
    startOwned({ name: 'waiting', directory, program: process.execPath, args: ['--eval', script] });

  it('end when they are stopped, and stopping twice is fine', async () => {
    const owned = await aWaiting();
    await owned.stop();
    await owned.stop();
    expect(await birthOf(owned.pid)).toBeUndefined();
    expect(await readdir(directory)).toEqual(['waiting.log']);
  });

  it('say their last words when they leave early', async () => {
    const owned = await aWaiting("console.error('no such thing'); process.exit(3)");
    await expect(untilListening(owned, await freePort())).rejects.toThrow(/waiting left with code 3[^]*no such thing/);
    await owned.stop();
  });

  it('are ended by the next start when their owner was killed', async () => {
    const program = `
      const { startOwned } = await import(${JSON.stringify(processes)});
      const owned = await startOwned({ name: 'waiting', directory: ${JSON.stringify(directory)}, program: process.execPath, args: ['--eval', 'setInterval(() => {}, 1000)'] });
      console.log(owned.pid);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const left = Number(line.toString());
    owner.kill('SIGKILL');
    await once(owner, 'close');
    expect(await birthOf(left)).toBeDefined();
    const next = await aWaiting();
    expect(await birthOf(left)).toBeUndefined();
    await next.stop();
  });

  it.each([
    ['another process has the id now', JSON.stringify({ name: 'waiting', pid: process.pid, birth: 'boot/1' })],
    ['it is not readable', '{'],
  ])('are left alone by a pid file when %s', async (_name, text) => {
    const file = join(directory, 'waiting.pid');
    await writeFile(file, text);
    await endLeftover(file);
    expect(await readdir(directory)).toEqual([]);
  });

  it('start on another port when somebody else was quicker', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const tried: number[] = [];
    const port = await onPort(undefined, async (candidate) => {
      tried.push(candidate);
      if (tried.length === 1) throw new Error('listen tcp 127.0.0.1:1: bind: address already in use');
      return candidate;
    });
    expect({ port, tries: tried.length }).toEqual({ port: tried[1], tries: 2 });
    const wanted = (taken.address() as AddressInfo).port;
    await expect(onPort(wanted, async () => Promise.reject(new Error('address already in use')))).rejects.toThrow(
      'in use',
    );
    taken.close();
  });
});
