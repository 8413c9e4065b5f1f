import type { Server, Socket } from 'node:net';
import { holderOf } from '../../domain/addresses.ts';

/** What comes in hundreds is no caller. */
export const connectionLimits = { inAll: 1_000, perAddress: 200 };

/** Closes what comes from one address (of IPv6: one network of 64 bits) beyond its share at once. Behind a proxy all come from one address: the operator says how many then. */
export function limitConnections(server: Server, perAddress = connectionLimits.perAddress): void {
  server.maxConnections = connectionLimits.inAll;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const holder = holderOf(socket.remoteAddress ?? '');
    const count = (open.get(holder) ?? 0) + 1;
    open.set(holder, count);
    socket.once('close', () => {
      const left = (open.get(holder) ?? 1) - 1;
      if (left > 0) open.set(holder, left);
      else open.delete(holder);
    });
    if (count > perAddress) socket.destroy();
  });
}
