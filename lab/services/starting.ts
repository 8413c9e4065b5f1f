import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server ended while it was starting. The message is what it said. */
class DiedStarting extends Error {}

/** How often a server is started before it counts as one that cannot start. */
export const mostTries = 4;

/** How long a living server may take to be ready: it is waited for, not measured. A machine with other work needs ten times what it needs idle. */
const patienceMs = 180_000;

/**
 * Starts a server on the port that was asked for, or on a free one. Nobody can keep a port free for somebody else, and some servers look for
 * further ports themselves: one that dies while it starts is started again, on other ports, whatever it said when it died. `start` chooses
 * every port anew, and has ended what it started when it throws. Anything but a DiedStarting is not tried again.
 */
export async function startedAgain<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(wanted ?? (await freePort()));
    } catch (error) {
      if (!(error instanceof DiedStarting)) throw error;
      if (tries === mostTries)
        throw new Error(`started ${mostTries} times, in vain. The last time, ${error.message}`, { cause: error });
      await sleep(200 * tries); // what a killed one left (memory, connections) goes in its own time
    }
  }
}

/** What can be asked about a server that is starting. */
interface Starting {
  logFile: string;
  failure(): Promise<string | undefined>;
}

/** Waits until the server is ready. Throws DiedStarting when it leaves first. `problem` answers undefined once it is. */
export async function untilReady(
  { logFile, failure }: Starting,
  what: string,
  problem: () => Promise<string | undefined>,
): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(25)) {
    const missing = await problem();
    const died = await failure();
    if (died !== undefined) throw new DiedStarting(died);
    if (missing === undefined) return;
    if (Date.now() > deadline)
      throw new Error(`${what} is not ready after ${patienceMs / 1_000} s (${missing}); see ${logFile}`);
  }
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Undefined once this very process listens on the loopback port: somebody else there would be taken for it. */
export async function notListening(pid: number, port: number): Promise<string | undefined> {
  const listens = process.platform === 'linux' ? await holds(pid, port) : await answers(port);
  return listens ? undefined : `nothing of it listens on 127.0.0.1:${port}`;
}

/** From the kernel's tables of sockets, and the process's own list of open ones. Some listen on every address. */
async function holds(pid: number, port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => ''));
  const rows = (await Promise.all(tables)).flatMap((table) =>
    table.split('\n').map((line) => line.trim().split(/\s+/)),
  );
  const there = rows.filter((row) => row[1]?.endsWith(`:${hex}`) && row[3] === listening);
  if (there.length === 0) return false;
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const open = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return there.some((row) => open.includes(`socket:[${row[9]}]`));
}

const listening = '0A';

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
