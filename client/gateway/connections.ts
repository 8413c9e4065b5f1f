import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds and counts. A caller sends a few kilobytes at once: what takes longer, or comes in hundreds, is no caller. */
export const connectionLimits = {
  inAll: 1_000,
  perAddress: 200,
  headerMs: 10_000,
  requestMs: 20_000,
  idleMs: 60_000,
  headerBytes: 16_384,
  bodyBytes: 256 * 1024,
};

/** Closes what comes from one address beyond its share at once. Behind a proxy all come from one address: the operator says how many then. */
export function limitConnections(server: Server, perAddress = connectionLimits.perAddress): void {
  server.maxConnections = connectionLimits.inAll;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > perAddress) socket.destroy();
  });
}
