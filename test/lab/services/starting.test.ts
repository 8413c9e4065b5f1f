import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOwned } from '../../../lab/services/processes.ts';
import { mostTries, notListening, startedAgain, untilReady } from '../../../lab/services/starting.ts';

/** Listens on its port, as a server does. */
const listens = "require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1')";
/** Ends at its start with words that nobody has foreseen. */
const panics = "console.error('panic: ' + process.argv[1]); process.exit(2)";

describe('a server that is started', () => {
  let directory: string;
  let ports: number[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-starting-'));
    ports = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Each life runs the script for its number; the last one goes for all that follow. */
  const start = (scripts: string[], wanted?: number) =>
    startedAgain(wanted, async (port) => {
      const script = scripts[Math.min(ports.length, scripts.length - 1)] ?? '';
      ports.push(port);
      const args = ['--eval', script, String(port)];
      const owned = await startOwned({ name: 'server', directory, program: process.execPath, args });
      try {
        await untilReady(owned, 'the server', () => notListening(owned.pid, port));
        return owned;
      } catch (error) {
        await owned.stop();
        throw error;
      }
    });

  it('is started again on another port when it died while starting, whatever it said', async () => {
    const owned = await start([panics, panics, listens]);
    expect(await notListening(owned.pid, ports[2] ?? 0)).toBeUndefined();
    await owned.stop();
    expect(new Set(ports).size).toBe(3);
  });

  it('is given up after some lives, with the first words of the last one', async () => {
    const failing = start([panics]);
    await expect(failing).rejects.toThrow(
      /started 4 times, in vain\. The last time, server left with code 2[^]*panic: /,
    );
    expect(ports).toHaveLength(mostTries);
    await expect(failing).rejects.toThrow(`panic: ${ports[3]}`);
  });

  it('stays on the port that was asked for, and is given up when somebody else has it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    // Late, so that whoever looks at the port alone has taken the other one for it by then.
    await expect(start([`setTimeout(() => ${listens}, 300)`], port)).rejects.toThrow(/EADDRINUSE/);
    expect(new Set(ports)).toEqual(new Set([port]));
    taken.close();
  });

  it('is not started again when it is the starter that fails', async () => {
    let tries = 0;
    const starter = async (): Promise<never> => {
      tries += 1;
      throw new Error('no such program');
    };
    await expect(startedAgain(undefined, starter)).rejects.toThrow('no such program');
    expect(tries).toBe(1);
  });
});
